package io.procession.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition, never for a time. */
public final class Await {

  private static final Duration PAUSE = Duration.ofMillis(5);

  /** Only to end a test that has failed. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Await() {}

  /**
   * Waits until {@code condition} holds.
   *
   * @param what it is, for the message
   * @throws AssertionError if it does not within a minute
   */
  public static void until(Callable<Boolean> condition, String what) throws InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition, what)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("this did not come true in time: " + what);
      }
      Thread.sleep(PAUSE);
    }
  }

  private static boolean holds(Callable<Boolean> condition, String what)
      throws InterruptedException {
    try {
      return condition.call();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("this could not be looked at: " + what, e);
    }
  }
}
