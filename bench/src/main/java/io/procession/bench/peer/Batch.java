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

  private int size = 16;

  /** How many messages a second get from producers to consumers; there are as many of both. */
  Sample measure(double seconds, Worker... workers) throws Exception {
    var start = System.nanoTime();
    var moved = 0L;
    do {
      var started = System.nanoTime();
      for (var worker : workers) {
        worker.begin(size);
      }
      for (var worker : workers) {
        worker.await();
      }
      moved += (long) size * workers.length / 2;
      if (System.nanoTime() - started < SECONDS * 1e9) {
        size *= 2;
      }
    } while (System.nanoTime() - start < seconds * 1e9);
    return new Sample(moved / ((System.nanoTime() - start) / 1e9), 0, moved);
  }
}
