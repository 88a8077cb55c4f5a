package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
class PoolExamplesTest {

  @ParameterizedTest
  @EnumSource
  void poolMap(Way way) throws Exception {
    var lines = way.run("PoolMap").lines();

    assertThat(lines).hasSize(6).first().isEqualTo("[1, 4, 9, 16, 25]");
    for (int number = 1; number <= 5; number++) {
      assertThat(lines.get(number)).matches(number + " was squared by \\S+-worker-[1-4], pid \\d+");
    }
  }

  @ParameterizedTest
  @EnumSource
  void poolSubmit(Way way) throws Exception {
    assertThat(way.run("PoolSubmit").lines()).containsExactly("[1, 4, 9, 16, 25]");
  }

  @ParameterizedTest
  @EnumSource
  void sumOfSquares(Way way) throws Exception {
    var lines = way.run("SumOfSquares").lines();

    assertThat(lines).first().isEqualTo("sum 2666466670000, as the closed form says");
    assertThat(lines).noneMatch(line -> line.contains("WRONG"));
    assertThat(lines.get(1)).matches("serial +\\d+\\.\\d+ s");
    for (int workers : List.of(1, 2, 4, 2 * Runtime.getRuntime().availableProcessors())) {
      assertThat(lines)
          .anyMatch(line -> line.matches(" ?" + workers + " workers +\\d.* times as fast"));
    }
  }

  @Test
  void sumOfSquaresOfAList() throws Exception {
    assertThat(Way.SCRIPT.run("SumOfSquares", "3", "-4", "10..12").lines())
        .first()
        .isEqualTo("sum 390, as the closed form says");
  }

  @Test
  void sumOfSquaresBeyondALong() throws Exception {
    assertThat(Way.COMPILED.run("SumOfSquares", "3000000000..3000000009").lines())
        .first()
        .isEqualTo("sum 90000000270000000285, as the closed form says");
  }

  @Test
  void serialVersusParallel() throws Exception {
    var lines = Way.SCRIPT.run("SerialVersusParallel").lines();

    assertThat(lines).hasSize(6);
    assertThat(seconds(lines.get(1))).isBetween(2.0, 3.0);
    assertThat(seconds(lines.get(2))).isBetween(1.0, 1.9);
    assertThat(seconds(lines.get(4))).isBetween(6.0, 7.0);
    assertThat(seconds(lines.get(5))).isBetween(4.0, 5.9);
  }

  @ParameterizedTest
  @EnumSource
  void serialVersusParallelWithItsOwnNumbers(Way way) throws Exception {
    var lines = way.run("SerialVersusParallel", "4", "0.5", "2").lines();

    assertThat(lines.getFirst()).isEqualTo("4 tasks of [0.5, 0.5, 0.5, 0.5] seconds, 2 workers");
    assertThat(seconds(lines.get(1))).isGreaterThanOrEqualTo(2.0);
    assertThat(seconds(lines.get(2))).isGreaterThanOrEqualTo(1.0);
  }

  private static double seconds(String line) {
    return Double.parseDouble(line.replaceAll("^ +\\w+ +([\\d.]+) s.*", "$1"));
  }

  @ParameterizedTest
  @EnumSource
  void squareRoots(Way way) throws Exception {
    assertThat(way.run("SquareRoots").lines())
        .hasSize(11)
        .contains(
            "The square root of 25 is 5.0",
            "The square root of 36 is 6.0",
            "The square root of 49 is 7.0",
            "The square root of 64 is 8.0",
            "The square root of 81 is 9.0")
        .contains(
            "Completed: 5.0",
            "Completed: 6.0",
            "Completed: 7.0",
            "Completed: 8.0",
            "Completed: 9.0")
        .containsOnlyOnce("In order: [5.0, 6.0, 7.0, 8.0, 9.0]");
  }

  @ParameterizedTest
  @EnumSource
  void timeoutAndCrash(Way way, @TempDir Path directory) throws Exception {
    var outcome = way.program("TimeoutAndCrash").directory(directory).run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    // The JVM that crashes writes a summary to stdout, and its report into its directory.
    var lines = outcome.lines().stream().filter(line -> !line.startsWith("#")).toList();

    assertThat(lines).hasSize(9);
    assertThat(lines.get(0)).isEqualTo("good task 1: the sum of 1 to 10 is 55");
    assertThat(lines.get(1))
        .isEqualTo("endless loop: ended after 1000 ms, with its worker, which was killed");
    assertThat(lines.get(2)).matches("sleep: ended after 1000 ms(, with its worker, .*)?");
    assertThat(lines.get(3)).isEqualTo("good task 2: the sum of 1 to 100 is 5050");
    assertThat(lines.get(4)).matches("exit: its worker \\S+, pid \\d+, ended with exit code 3");
    assertThat(lines.get(5)).matches("out of memory: its worker \\S+, pid \\d+, had only \\d+ MiB");
    assertThat(lines.get(6)).matches("native crash: its worker \\S+, pid \\d+, .*SIG.*");
    assertThat(lines.get(7)).isEqualTo("good task 3: the sum of 1 to 1000 is 500500");
    assertThat(lines.get(8)).isEqualTo("third time lucky: good after 3 attempts");
  }
}
