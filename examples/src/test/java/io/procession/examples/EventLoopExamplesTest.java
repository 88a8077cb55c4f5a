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

  @ParameterizedTest
  @EnumSource
  void whichWay(Way way) throws Exception {
    var lines = way.run("WhichWay", "4", "20").lines();

    assertThat(lines.getFirst()).matches("4 jobs of 20 ms, \\d+ processors");
    assertThat(lines.subList(2, lines.size()))
        .extracting(line -> line.replaceFirst("\\s+\\d+\\.\\d\\d s\\s+\\d+\\.\\d\\d s$", ""))
        .extracting(line -> line.replaceFirst("^\\d+", "n"))
        .containsExactly("serial", "n threads", "virtual threads", "n processes", "event loop");
    var serial = lines.get(2).split(" +", -1);
    assertThat(Double.parseDouble(serial[3]))
        .as("waiting one after the other")
        .isGreaterThanOrEqualTo(0.08);
  }
}
