package io.procession.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One peer in one workload: its process, and what it reached at the current point. */
final class Contestant implements AutoCloseable {

  /** By how much better a measurement is than the one before if it is worth going on. */
  private static final double STILL_WARMING_UP = 1.15;

  private final Peer peer;
  private final Workload workload;
  private final Path log;
  private final Effort effort;
  private final List<Answer> answers = new ArrayList<>();
  private long point;
  private @Nullable String remark;
  private @Nullable PeerProcess process;

  Contestant(Peer peer, Workload workload, Path log, Effort effort) {
    this.peer = peer;
    this.workload = workload;
    this.log = log;
    this.effort = effort;
  }

  /** Whether it is measured at this point. */
  boolean takesPartAt(long anyPoint) {
    return !peer.isSecondary() || (effort.secondary() && workload.quickPoints().contains(anyPoint));
  }

  /** Makes it ready for this point, and warm; a peer that failed before gets a new process. */
  void begin(long newPoint) {
    point = newPoint;
    answers.clear();
    remark = null;
    if (!isFresh()) {
      attempt(() -> {
        open();
        if (remark == null && workload.preparation() == Workload.Preparation.WARM_UP) {
          warmUp();
        }
      });
    }
  }

  private boolean isFresh() {
    return workload.preparation() == Workload.Preparation.FRESH_PROCESS;
  }

  /** What is compiled while it runs goes on as long as each measurement is much better. */
  private void warmUp() throws PeerException {
    var warm = "warm " + effort.warmUpSeconds(peer);
    running().ask(warm);
    if (peer.warmsUpSlowly()) {
      var measure = "measure " + effort.seconds();
      var last = running().ask(measure).value();
      for (var more = 0; more < effort.mostWarmUps(); more++) {
        running().ask(warm);
        var now = running().ask(measure).value();
        var gain = workload.unit().lessIsBetter() ? last / now : now / last;
        if (gain < STILL_WARMING_UP) {
          break;
        }
        last = now;
      }
    }
  }

  private void open() throws PeerException {
    remark = running().ask(workload.open(point)).skip();
  }

  /** One measurement more, unless it cannot take part or has failed. */
  void measure() {
    if (remark != null) {
      return;
    }
    attempt(() -> {
      if (isFresh()) {
        open();
      }
      if (remark == null) {
        answers.add(running().ask("measure " + (isFresh() ? 0 : effort.seconds())));
      }
    });
    if (isFresh()) {
      close();
    }
  }

  /** Ends what {@link #begin} prepared. */
  Series end() {
    if (process != null && !isFresh()) {
      attempt(() -> running().ask("close"));
    }
    return new Series(
        peer.name(),
        Samples.of(answers.stream().mapToDouble(Answer::value).toArray()),
        Samples.of(answers.stream().mapToDouble(Answer::p99).filter(p99 -> p99 > 0).toArray()),
        remark);
  }

  /** What is known of it where it was not asked. */
  Series absent(String why) {
    return new Series(peer.name(), Samples.of(), Samples.of(), why);
  }

  private interface Step {
    void run() throws PeerException;
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (PeerException failure) {
      remark = failure.getMessage();
      close();
    }
  }

  private PeerProcess running() throws PeerException {
    var open = process;
    if (open == null) {
      open = new PeerProcess(peer, log, effort.answerLimit());
      process = open;
      open.hello();
    }
    return open;
  }

  @Override
  public void close() {
    var open = process;
    if (open != null) {
      process = null;
      open.close();
    }
  }
}
