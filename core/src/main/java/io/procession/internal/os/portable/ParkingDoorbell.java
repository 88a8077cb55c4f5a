package io.procession.internal.os.portable;

import io.procession.internal.os.Doorbell;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/** Looks at the word again and again, at growing intervals. */
final class ParkingDoorbell extends Doorbell {
  private static final long SHORTEST_NANOS = 20_000;
  private static final long LONGEST_NANOS = 1_000_000;

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
    while (word() == ASLEEP && !Thread.currentThread().isInterrupted()) {
      var left = nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return;
      }
      LockSupport.parkNanos(this, Math.min(left, pauseNanos));
      pauseNanos = Math.min(pauseNanos * 2, LONGEST_NANOS);
    }
  }

  @Override
  protected void wake() {
    // The waiter looks by itself.
  }
}
