package io.procession.bench.peer;

/** There and back again, each trip after a pause. It warms up without the pauses. */
record RoundTrip(int pauseMillis, Timing.Action trip) implements Measurement {

  @Override
  public Sample measure(double seconds) throws Exception {
    return Timing.timed(seconds, () -> timed(pauseMillis));
  }

  @Override
  public void warm(double seconds) throws Exception {
    Timing.timed(seconds, () -> timed(0));
  }

  private double timed(int pause) throws Exception {
    if (pause > 0) {
      Thread.sleep(pause);
    }
    var started = System.nanoTime();
    trip.run();
    return (System.nanoTime() - started) / 1e9;
  }
}
