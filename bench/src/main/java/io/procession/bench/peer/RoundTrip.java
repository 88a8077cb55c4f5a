package io.procession.bench.peer;

import java.util.concurrent.locks.LockSupport;

/** There and back again, each trip after a pause. It warms up with short pauses, and with none. */
record RoundTrip(int pauseMillis, Timing.Action trip) implements Measurement {

  /** Long enough for both sides to fall asleep, so that the way to wake them is warm, too. */
  private static final long WARM_PAUSE_NANOS = 150_000;

  @Override
  public Sample measure(double seconds) throws Exception {
    return Timing.timed(seconds, () -> timed(pauseMillis * 1_000_000L));
  }

  @Override
  public void warm(double seconds) throws Exception {
    Timing.timed(seconds / 2, () -> timed(0));
    Timing.timed(seconds / 2, () -> timed(pauseMillis == 0 ? 0 : WARM_PAUSE_NANOS));
  }

  private double timed(long pauseNanos) throws Exception {
    if (pauseNanos > 0) {
      LockSupport.parkNanos(pauseNanos);
    }
    var started = System.nanoTime();
    trip.run();
    return (System.nanoTime() - started) / 1e9;
  }
}
