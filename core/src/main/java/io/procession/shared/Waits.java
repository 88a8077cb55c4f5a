package io.procession.shared;

import io.procession.internal.family.WaitingRoom.Outcome;
import java.time.Duration;

/** The JDK's manners of waiting: what an interrupt does, and how much time is left. */
final class Waits {

  private Waits() {}

  /** Throws if the calling thread is interrupted, and clears its flag. */
  static void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /**
   * Whether a wait ended well; false if its time was over.
   *
   * @throws InterruptedException if it was interrupted
   */
  static boolean isOver(Outcome outcome) throws InterruptedException {
    if (outcome == Outcome.INTERRUPTED) {
      Thread.interrupted();
      throw new InterruptedException();
    }
    return outcome == Outcome.OVER;
  }

  /** A time-out in nanoseconds; what is too long for them is for ever. */
  static long nanos(Duration timeout) {
    try {
      return timeout.toNanos();
    } catch (ArithmeticException _) {
      return timeout.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }

  /** How much is left of a time-out that began at {@code start}. */
  static long left(long timeoutNanos, long start) {
    return timeoutNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : timeoutNanos - (System.nanoTime() - start);
  }
}
