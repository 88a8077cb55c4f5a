package io.procession;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * On which terms calls are run.
 *
 * @param retries when a call is run again
 * @param timeoutNanos how long a call may run; {@link #UNLIMITED} if there is no limit
 * @param deadlineNanos how long after its submission a call must have ended; {@link #UNLIMITED} if
 *     there is no limit
 * @param expiresNanos when that is, by {@link System#nanoTime}; meaningless without a deadline
 */
record Terms(RetryPolicy retries, long timeoutNanos, long deadlineNanos, long expiresNanos) {

  static final long UNLIMITED = Long.MAX_VALUE;

  /** So that sums of two never overflow. */
  static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  /** Neither limits nor retries. */
  static final Terms NONE = new Terms(RetryPolicy.NEVER, UNLIMITED, UNLIMITED, 0);

  /**
   * A limit of time.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  static long checkLimit(String name, Duration limit) {
    if (!limit.isPositive()) {
      throw new IllegalArgumentException(
          "a task needs some time; give a positive duration. " + name + "=" + limit);
    }
    return Math.min(TimeUnit.NANOSECONDS.convert(limit), LONGEST_NANOS);
  }

  Terms withRetries(RetryPolicy newRetries) {
    return new Terms(newRetries, timeoutNanos, deadlineNanos, expiresNanos);
  }

  Terms withTimeout(Duration timeout) {
    return new Terms(retries, checkLimit("timeout", timeout), deadlineNanos, expiresNanos);
  }

  Terms withDeadline(Duration deadline) {
    return new Terms(retries, timeoutNanos, checkLimit("deadline", deadline), expiresNanos);
  }

  /** The terms of calls that are submitted now. */
  Terms fromNow() {
    return hasDeadline()
        ? new Terms(retries, timeoutNanos, deadlineNanos, System.nanoTime() + deadlineNanos)
        : this;
  }

  boolean hasDeadline() {
    return deadlineNanos != UNLIMITED;
  }

  /** Whether the deadline is over. */
  boolean isExpired(long nowNanos) {
    return hasDeadline() && nowNanos - expiresNanos >= 0;
  }

  /** How long it is until the deadline. */
  long untilExpired(long nowNanos) {
    return hasDeadline() ? expiresNanos - nowNanos : UNLIMITED;
  }

  /** How long it is until a call that started then must end, for whichever reason comes first. */
  long untilEnd(long startedNanos, long nowNanos) {
    var timeout = timeoutNanos == UNLIMITED ? UNLIMITED : startedNanos + timeoutNanos - nowNanos;
    return Math.min(timeout, untilExpired(nowNanos));
  }

  /** The limit that a call exceeded that ends because of one, now. */
  Duration exceeded(long nowNanos) {
    return Duration.ofNanos(isExpired(nowNanos) ? deadlineNanos : timeoutNanos);
  }
}
