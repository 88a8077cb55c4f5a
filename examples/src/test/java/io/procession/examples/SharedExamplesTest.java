package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples whose processes share something. */
@NoLeaks
class SharedExamplesTest {

  @ParameterizedTest
  @EnumSource
  void queueHello(Way way) throws Exception {
    assertThat(way.run("QueueHello").lines())
        .containsExactly("Message from process: Hello from process!");
  }

  @ParameterizedTest
  @EnumSource
  void queueSquares(Way way) throws Exception {
    var lines = way.run("QueueSquares").lines();

    assertThat(lines).hasSize(3);
    var titles = List.of("Taken, then joined: ", "Joined, then taken: ", "With 64 MB each: ");
    for (int i = 0; i < 3; i++) {
      assertThat(lines.get(i)).startsWith(titles.get(i));
      assertThat(numbers(lines.get(i))).containsExactlyInAnyOrder(1, 4, 9, 16, 25);
    }
  }

  private static Stream<Integer> numbers(String line) {
    return Arrays.stream(line.replaceAll(".*\\[|]", "").split(", ")).map(Integer::valueOf);
  }

  @ParameterizedTest
  @EnumSource
  void lockedPrinting(Way way) throws Exception {
    var lines = way.run("LockedPrinting").lines();

    assertThat(lines).hasSize(22).startsWith("Without a lock:");
    assertThat(lines.get(11)).isEqualTo("With a lock:");
    var low = List.of("1", "2", "3", "4", "5");
    var high = List.of("6", "7", "8", "9", "10");
    assertThat(lines.subList(1, 11)).containsSubsequence(low).containsSubsequence(high);
    var locked = List.of(lines.subList(12, 17), lines.subList(17, 22));
    assertThat(locked).containsExactlyInAnyOrder(low, high);
  }

  @ParameterizedTest
  @EnumSource
  void sharedCounter(Way way) throws Exception {
    var lines = way.run("SharedCounter").lines();

    assertThat(lines)
        .hasSize(3)
        .endsWith("under a lock  200000", "atomically    200000")
        .first()
        .asString()
        .matches("plainly +\\d+, \\d+ updates were lost");
    var numbers = Pattern.compile("\\d+").matcher(lines.getFirst()).results().toList();
    int total = Integer.parseInt(numbers.get(0).group());
    assertThat(total).isBetween(2, 200_000);
    assertThat(numbers.get(1).group()).isEqualTo(String.valueOf(200_000 - total));
  }
}
