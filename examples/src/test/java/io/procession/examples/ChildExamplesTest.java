package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
class ChildExamplesTest {

  @ParameterizedTest
  @EnumSource
  void helloProcess(Way way) throws Exception {
    assertThat(way.run("HelloProcess").lines())
        .containsExactly(
            "Child process started", "Child process finished", "Main process finished");
  }

  @ParameterizedTest
  @EnumSource
  void manyProcesses(Way way) throws Exception {
    var lines = way.run("ManyProcesses").lines();

    assertThat(lines)
        .containsExactlyInAnyOrder(
            "Process 1 started",
            "Process 2 started",
            "Process 3 started",
            "Process 1 finished",
            "Process 2 finished",
            "Process 3 finished",
            "Main process finished")
        .last()
        .isEqualTo("Main process finished");
    for (int number = 1; number <= 3; number++) {
      assertThat(lines)
          .containsSubsequence("Process " + number + " started", "Process " + number + " finished");
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersPlus(Way way) throws Exception {
    var lines = way.run("NumbersPlus").lines();

    assertThat(lines)
        .hasSize(11)
        .containsSubsequence(
            "10 + 1 = 11", "10 + 2 = 12", "10 + 3 = 13", "10 + 4 = 14", "10 + 5 = 15")
        .containsSubsequence(
            "100 + 1 = 101", "100 + 2 = 102", "100 + 3 = 103", "100 + 4 = 104", "100 + 5 = 105")
        .last()
        .isEqualTo("Main process finished");
  }

  @ParameterizedTest
  @EnumSource
  void separateMemory(Way way) throws Exception {
    var lines = way.run("SeparateMemory").lines();

    var values = lines.stream().map(line -> line.replaceAll(" in pid \\d+$", "")).toList();
    assertThat(values)
        .containsExactly(
            "At first it is 1",
            "A child set it to 42",
            "After the child it is 1",
            "A thread set it to 42",
            "After the thread it is 42");
    var pids = lines.stream().map(line -> line.replaceAll(".* in pid ", "")).toList();
    var main = pids.getFirst();
    assertThat(pids.get(1)).isNotEqualTo(main);
    assertThat(List.of(pids.get(2), pids.get(3), pids.get(4))).containsOnly(main);
  }

  @ParameterizedTest
  @EnumSource
  void withoutJoin(Way way) throws Exception {
    var lines = way.run("WithoutJoin").lines();

    assertThat(lines)
        .contains("Main is done")
        .containsSubsequence("The ordinary child started", "The ordinary child finished")
        .doesNotContain("The daemon finished")
        .last()
        .isEqualTo("The ordinary child finished");
  }
}
