package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import java.util.Arrays;
import java.util.List;
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
}
