package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@NoLeaks
class ComputationExamplesTest {

  private static final int WORKERS = Runtime.getRuntime().availableProcessors();

  @ParameterizedTest
  @EnumSource
  void fibonacci(Way way) throws Exception {
    var lines = way.run("Fibonacci", "27").lines();

    assertThat(lines).hasSize(10).startsWith("F(7) = 13", "F(27) = 196418");
    assertThat(lines).noneMatch(line -> line.contains("WRONG"));
    assertThat(lines.get(2)).matches("plain recursion +\\d+\\.\\d+ s");
    assertThat(lines.get(3)).matches("memoised +\\d+\\.\\d+ s");
    assertThat(lines.get(4)).matches("bottom-up table +\\d+\\.\\d+ s");
    assertThat(lines.get(5)).matches("plain, F\\(27\\) to F\\(0\\), serial +\\d+\\.\\d+ s");
    assertThat(lines.get(6)).matches("plain, F\\(27\\) to F\\(0\\), \\d+ workers +\\d+\\.\\d+ s");
    assertThat(lines.get(7)).matches("the pool is \\d+\\.\\d+ times as fast as serial");
  }

  @Test
  void memoisedFibonacciBeatsPlainRecursionAndThePool() throws Exception {
    var lines = Way.SCRIPT.run("Fibonacci").lines();

    assertThat(lines).contains("F(42) = 267914296");
    assertThat(seconds(lines.get(3))).isLessThan(seconds(lines.get(2)) / 10);
    assertThat(seconds(lines.get(3))).isLessThan(seconds(lines.get(6)) / 10);
    assertThat(seconds(lines.get(4))).isLessThan(seconds(lines.get(6)) / 10);
  }

  private static double seconds(String line) {
    return Double.parseDouble(line.replaceAll(".* ([\\d.]+) s$", "$1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theFirstFibonacciNumbers(int n) throws Exception {
    assertThat(Way.COMPILED.run("Fibonacci", "" + n).lines())
        .contains("F(%d) = %d".formatted(n, n == 0 ? 0 : 1))
        .noneMatch(line -> line.contains("WRONG"));
  }

  @ParameterizedTest
  @EnumSource
  void monteCarlo(Way way) throws Exception {
    var lines = way.run("MonteCarlo", "4", "7").lines();

    assertThat(lines).hasSize(6);
    var estimate = Double.parseDouble(lines.get(0).replaceAll("π is about ([\\d.]+),.*", "$1"));
    assertThat(Math.abs(estimate - Math.PI)).isBetween(1e-9, 5 * 0.00082);
    assertThat(lines.get(1)).isEqualTo("the standard error of 4 million points is 0.000821");
    for (int i = 0; i < 3; i++) {
      assertThat(lines.get(3 + i)).startsWith((1 << i) + " workers ");
      assertThat(lines.get(3 + i)).endsWith(" times as fast, the same points inside");
    }
  }

  @Test
  void monteCarloFollowsItsSeed() throws Exception {
    var once = Way.COMPILED.run("MonteCarlo", "2", "1").lines().getFirst();

    assertThat(Way.COMPILED.run("MonteCarlo", "2", "1").lines()).first().isEqualTo(once);
    assertThat(Way.COMPILED.run("MonteCarlo", "2", "2").lines()).first().isNotEqualTo(once);
  }

  @ParameterizedTest
  @EnumSource
  void sortThreeTimes(Way way) throws Exception {
    var lines = way.run("SortThreeTimes", "1000", "3").lines();

    assertThat(lines).hasSize(5).first().isEqualTo("3 lists of 1000 numbers, all sorted right:");
    assertThat(lines.get(1)).contains(WORKERS + " workers", "speed-up");
    assertThat(lines.get(2)).startsWith("bubble sort, O(n²) ").endsWith("expected 4.0");
    assertThat(lines.get(3)).startsWith("merge sort, O(n log n) ").endsWith("expected 2.2");
    assertThat(lines.get(4)).startsWith("the library's, O(n log n) ").endsWith("expected 2.2");
  }

  @Test
  void bubbleSortTakesItsTime() throws Exception {
    var lines = Way.SCRIPT.run("SortThreeTimes").lines();

    assertThat(growth(lines.get(2))).as("O(n²): %s", lines).isBetween(2.3, 12.0);
    assertThat(serial(lines.get(2))).isGreaterThan(3 * serial(lines.get(3)));
    assertThat(serial(lines.get(2))).isGreaterThan(3 * serial(lines.get(4)));
  }

  private static double growth(String line) {
    return Double.parseDouble(line.replaceAll(".* ([\\d.]+), expected.*", "$1"));
  }

  private static double serial(String line) {
    return Double.parseDouble(line.replaceAll("^.*?([\\d.]+) s .*", "$1"));
  }

  @Test
  void wrongArgumentsAreAnsweredWithASentence() throws Exception {
    for (var wrong :
        List.of(
            List.of("Fibonacci", "51"),
            List.of("Fibonacci", "-1"),
            List.of("Fibonacci", "1", "2"),
            List.of("MonteCarlo", "0"),
            List.of("MonteCarlo", "many"),
            List.of("SortThreeTimes", "9"),
            List.of("SortThreeTimes", "10", "1", "1"),
            List.of("SumOfSquares", "ten"),
            List.of("SumOfSquares", "9..1"),
            List.of("SumOfSquares", "-9223372036854775808"),
            List.of("SumOfSquares", "1", "0..4000000001"),
            List.of("SerialVersusParallel", "3"),
            List.of("SerialVersusParallel", "3", "-1"),
            List.of("ThreeWays", "soon"),
            List.of("WhichWay", "0"))) {
      var arguments = wrong.subList(1, wrong.size()).toArray(String[]::new);
      var outcome = Way.COMPILED.program(wrong.getFirst()).arguments(arguments).run();

      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
      assertThat(outcome.errorLines()).singleElement().asString().startsWith(wrong.getFirst());
      assertThat(outcome.output()).isEmpty();
    }
  }
}
