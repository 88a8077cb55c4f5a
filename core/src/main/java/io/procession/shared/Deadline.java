package io.procession.shared;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When waiting ends.
 *
 * @param nanos in {@link System#nanoTime()}; of no meaning if {@code never}
 */
record Deadline(boolean never, long nanos) {

  static final Deadline NEVER = new Deadline(true, 0);

  /** So far from now; at once if that is not positive. */
  static Deadline in(Duration time) {
    // Half of the range is as good as never, and no sum overflows.
    var nanos = Math.clamp(TimeUnit.NANOSECONDS.convert(time), 0, Long.MAX_VALUE / 2);
    return new Deadline(false, System.nanoTime() + nanos);
  }

  /** How long there is to wait; 0 or less if that is over. */
  long nanosLeft() {
    return never ? Long.MAX_VALUE : nanos - System.nanoTime();
  }
}
