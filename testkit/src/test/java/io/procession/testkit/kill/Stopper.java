package io.procession.testkit.kill;

import io.procession.Pool;
import java.io.IOException;
import java.util.Random;

/** Stops workers of a pool for a while, one at a time, until it is interrupted. */
final class Stopper implements Runnable {

  private static final int LONGEST_STOP_MILLIS = 300;
  private static final int LONGEST_PAUSE_MILLIS = 200;

  private final Pool pool;
  private final Random random;
  private int landed;

  Stopper(Pool pool, long seed) {
    this.pool = pool;
    this.random = new Random(seed);
  }

  /** How many workers stood still for a while; exact after the end of its thread. */
  int landed() {
    return landed;
  }

  @Override
  public void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        var workers = pool.workers();
        if (!workers.isEmpty()) {
          stop(workers.get(random.nextInt(workers.size())).pid());
        }
      } catch (InterruptedException end) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        throw new AssertionError("no signal was sent", e);
      }
    }
  }

  private void stop(long pid) throws IOException, InterruptedException {
    if (pid <= 0 || !isSent("STOP", pid)) {
      return;
    }
    try {
      Thread.sleep(random.nextInt(LONGEST_STOP_MILLIS));
    } finally {
      if (isSent("CONT", pid)) {
        landed++;
      }
    }
  }

  /** Sends it, unless the process is gone; though the thread was interrupted. */
  private static boolean isSent(String signal, long pid) throws IOException {
    var kill =
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return kill.onExit().join().exitValue() == 0;
  }
}
