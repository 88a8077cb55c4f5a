package io.procession;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call that runs and is to end, because nobody wants it any more or because it takes too long.
 * Guarded by the ledger's lock, except for what is final.
 *
 * <pre>
 *   interrupted ──► asked for its stacks, if it takes too long ──► killed with its worker
 * </pre>
 */
final class Ending {

  /** How long a worker has to tell its stacks. */
  static final long STACKS_NANOS = TimeUnit.SECONDS.toNanos(1);

  final Slot.Sent sent;
  final int index;

  /** The limit that it has exceeded; null if nobody wants it. */
  final @Nullable Duration limit;

  private final long killNanos;
  private @Nullable CompletableFuture<String> answer;
  private long answerNanos;
  private @Nullable String stacks;
  private boolean killed;

  Ending(Slot.Sent sent, int index, @Nullable Duration limit, long killNanos) {
    this.sent = sent;
    this.index = index;
    this.limit = limit;
    this.killNanos = killNanos;
  }

  boolean isOf(Slot.Sent other, int otherIndex) {
    return sent.equals(other) && index == otherIndex;
  }

  /** How long it is until its worker may be killed. */
  long graceLeft(long nowNanos) {
    return killNanos - nowNanos;
  }

  /**
   * Asks the worker for its stacks, once.
   *
   * @param answered runs when it has answered
   * @return how long the answer is to be waited for; 0 or less if it is there, or is not wanted
   */
  long awaitStacks(Slot slot, long nowNanos, Runnable answered) {
    if (limit == null) {
      return 0;
    }
    var asked = answer;
    if (asked == null) {
      asked = slot.worker().stacks();
      answer = asked;
      answerNanos = nowNanos + STACKS_NANOS;
      var _ = asked.whenComplete((text, failure) -> answered.run());
    }
    return asked.isDone() ? 0 : answerNanos - nowNanos;
  }

  /** Notes that the worker is killed now. */
  void kill(Slot slot) {
    killed = true;
    var asked = answer;
    if (asked != null) {
      stacks = WorkerStacks.text(asked, slot.worker());
    }
  }

  boolean isKilled() {
    return killed;
  }

  /** What the worker did when it was killed; null if it was not. */
  @Nullable String stacks() {
    return stacks;
  }
}
