package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedLongArray;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.util.List;

/**
 * What a lock guards: two numbers that are equal unless an owner died, and a third one. They are
 * read and written plainly.
 */
record Guarded(SharedLongArray words) implements AutoCloseable {

  private static final int FIRST = 0;
  private static final int SECOND = 1;
  private static final int TOLD = 2;
  private static final int TICKETS = 3;

  static Guarded create() {
    return new Guarded(SharedLongArray.create(4));
  }

  /** Within the lock: all is as it should be, as nobody was told otherwise. */
  void check() {
    Ground.check(
        words.getPlain(FIRST) == words.getPlain(SECOND),
        "an owner died, and the next was not told");
  }

  /** Within the lock: somebody was told that an owner died. */
  void repair() {
    words.setPlain(SECOND, words.getPlain(FIRST));
    words.setPlain(TOLD, words.getPlain(TOLD) + 1);
  }

  /** Within the lock. */
  void change() {
    words.setPlain(FIRST, words.getPlain(FIRST) + 1);
    Thread.onSpinWait();
    words.setPlain(SECOND, words.getPlain(SECOND) + 1);
  }

  /** Within the lock. */
  long tickets() {
    return words.getPlain(TICKETS);
  }

  /** Within the lock. */
  void addTickets(int more) {
    words.setPlain(TICKETS, tickets() + more);
  }

  /** Fails if anybody was told that an owner died. */
  void checkNotTold() {
    assertThat(words.get(TOLD)).as("how often a death was told").isZero();
  }

  /** Somebody was told of a death if an owner died, and nobody if not. */
  void checkTold(List<Trace> dead) {
    var owners = dead.stream().filter(trace -> trace.phase() == Phase.HOLDING).count();
    var atMost = dead.stream().filter(trace -> trace.phase() != Phase.OUTSIDE).count();
    // Two deaths may be one to be told of.
    assertThat(words.getPlain(TOLD))
        .as("how often a death was told; dead owners=%d", owners)
        .isBetween(Math.min(1, owners), atMost);
  }

  @Override
  public void close() {
    words.close();
  }
}
