package io.procession.internal.os.portable;

import io.procession.internal.os.Doorbell;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/** Looks at the word again and again, at growing intervals. */
final class ParkingDoorbell extends Doorbell {
  private static final long SHORTEST_NANOS = 20_000;
  private static final long LONGEST_NANOS = 1_000_000;

  /** For a waiter that has waited for seconds. */
  private static final long LONGEST_IDLE_NANOS = 10_000_000;

  private static final long IDLE_NANOS = 1_000_000_000;

  private long pauseNanos = SHORTEST_NANOS;

  ParkingDoorbell(MemorySegment word) {
    super(word);
  }

  @Override
  protected void reset() {
    pauseNanos = SHORTEST_NANOS;
  }

  @Override
  protected void sleep(long nanos) {
    var start = System.nanoTime();
    var longest = nanos > IDLE_NANOS ? LONGEST_IDLE_NANOS : LONGEST_NANOS;
    while (word() == ASLEEP && !Thread.currentThread().isInterrupted()) {
      var left = nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return;
      }
      LockSupport.parkNanos(this, Math.min(left, pauseNanos));
      pauseNanos = Math.min(pauseNanos * 2, longest);
    }
  }

  @Override
  protected void wake() {
    // The waiter looks by itself.
  }
}
