package io.procession.bench.peer;

/**
 * Moves batches of messages from one child to another; a batch grows until its orders count for
 * nothing.
 */
final class Batch {

  private static final double SECONDS = 0.05;

  /** A child that does something as often as it is told to. */
  interface Worker {

    /** Tells it to, and does not wait. */
    void begin(int count) throws Exception;

    /** Waits until it has. */
    void await() throws Exception;
  }

  private final double share;
  private int size = 16;

  /**
   * @param share what counts of what each worker does: a half where what one puts another takes
   */
  Batch(double share) {
    this.share = share;
  }

  /** How much all of them do in a second. */
  Sample measure(double seconds, Worker... workers) throws Exception {
    var start = System.nanoTime();
    var done = 0.0;
    do {
      var started = System.nanoTime();
      for (var worker : workers) {
        worker.begin(size);
      }
      for (var worker : workers) {
        worker.await();
      }
      done += share * size * workers.length;
      if (System.nanoTime() - started < SECONDS * 1e9) {
        size *= 2;
      }
    } while (System.nanoTime() - start < seconds * 1e9);
    return new Sample(done / ((System.nanoTime() - start) / 1e9), 0, (long) done);
  }
}
