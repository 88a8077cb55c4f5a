package io.procession.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against programs that are a line of shell each. */
final class ContestantTest {

  private static final Effort EFFORT =
      new Effort(2, 0.1, 0.1, 8, true, Duration.ofMinutes(1), Duration.ofSeconds(30));
  private static final Workload WORKLOAD =
      Workload.of(Family.POOLS, "something", "Something", Unit.SECONDS);

  @TempDir Path directory;

  private Series run(String program, Workload workload, Effort effort) {
    var peer = new Peer("test", List.of("sh", "-c", program), false);
    try (var contestant = new Contestant(peer, workload, directory.resolve("log"), effort)) {
      contestant.begin(0);
      contestant.measure();
      contestant.measure();
      return contestant.end();
    }
  }

  private static String answering(String answer) {
    return "echo {}; while read line; do case $line in measure*) echo '"
        + answer
        + "';; *) echo '{}';; esac; done";
  }

  @Test
  void givesAFigureOfEachRound() {
    var series = run(answering("{\"value\": 2.5, \"p99\": 4}"), WORKLOAD, EFFORT);
    assertThat(series.samples()).isEqualTo(Samples.of(2.5, 2.5));
    assertThat(series.p99s()).isEqualTo(Samples.of(4, 4));
    assertThat(series.remark()).isNull();
  }

  @Test
  void aPeerThatCountsHasNoP99() {
    assertThat(run(answering("{\"value\": 2.5}"), WORKLOAD, EFFORT).p99s().isEmpty()).isTrue();
  }

  @Test
  void aPeerThatCannotDoItIsNotMeasuredAndSaysWhy() {
    var series =
        run(
            "echo {}; while read line; do echo '{\"skip\": \"too large\"}'; done",
            WORKLOAD,
            EFFORT);
    assertThat(series.measured()).isFalse();
    assertThat(series.remark()).isEqualTo("too large");
  }

  @Test
  void aPeerThatFailsIsNamedWithItsError() {
    var series = run(answering("{\"error\": \"broken\"}"), WORKLOAD, EFFORT);
    assertThat(series.measured()).isFalse();
    assertThat(series.remark()).startsWith("broken");
  }

  @Test
  void aPeerThatDiesIsNamed() {
    assertThat(run("echo {}; exit 3", WORKLOAD, EFFORT).remark()).contains("has died");
  }

  @Test
  void aPeerThatIsNotThereIsNamed() {
    var peer = new Peer("test", List.of(directory.resolve("nothing").toString()), false);
    try (var contestant = new Contestant(peer, WORKLOAD, directory.resolve("log"), EFFORT)) {
      contestant.begin(0);
      assertThat(contestant.end().remark()).contains("does not start");
    }
  }

  @Test
  void aPeerThatGivesNoAnswerIsKilled() {
    var impatient = new Effort(2, 0.1, 0.1, 8, true, Duration.ofMinutes(1), Duration.ofMillis(300));
    assertThat(run("echo {}; sleep 1000 & wait", WORKLOAD, impatient).remark())
        .contains("was killed");
  }

  @Test
  void aColdWorkloadHasAFreshProcessEachTime() {
    var series =
        run(
            "echo {}; n=0; while read line; do n=$((n + 1)); echo \"{\\\"value\\\": $n}\"; done",
            WORKLOAD.after(Workload.Preparation.FRESH_PROCESS),
            EFFORT);
    assertThat(series.samples()).isEqualTo(Samples.of(2, 2));
  }
}
