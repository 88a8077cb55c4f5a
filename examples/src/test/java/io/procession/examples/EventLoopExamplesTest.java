package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
class EventLoopExamplesTest {

  @ParameterizedTest
  @EnumSource
  void threeWays(Way way) throws Exception {
    var lines = way.run("ThreeWays", "20").lines();

    assertThat(lines).hasSize(30);
    for (var each : new String[] {"thread", "process"}) {
      assertThat(lines)
          .containsSubsequence(each + " 1", each + " 2", each + " 3", each + " 4", each + " 5")
          .containsSubsequence(each + " a", each + " b", each + " c", each + " d", each + " e");
    }
    assertThat(lines.subList(20, 30))
        .as("the tasks of the loop alternate")
        .containsExactly(
            "loop 1", "loop a", "loop 2", "loop b", "loop 3", "loop c", "loop 4", "loop d",
            "loop 5", "loop e");
  }
}
