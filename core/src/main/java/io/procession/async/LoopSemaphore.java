package io.procession.async;

import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;

/** Permits for the tasks of one loop; first come, first served. */
public final class LoopSemaphore {

  private final Scheduler scheduler;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private final int most;
  private int permits;

  private LoopSemaphore(Scheduler scheduler, int permits, int most) {
    if (permits < 0) {
      throw new IllegalArgumentException("permits cannot be negative. permits=" + permits);
    }
    this.scheduler = scheduler;
    this.permits = permits;
    this.most = most;
  }

  /**
   * A semaphore for the loop that runs the caller.
   *
   * @throws IllegalArgumentException if {@code permits} is negative
   * @throws IllegalStateException outside a loop
   */
  public static LoopSemaphore create(int permits) {
    return new LoopSemaphore(EventLoop.current().scheduler, permits, Integer.MAX_VALUE);
  }

  /** {@link #create}, but to give back more than {@code permits} is an error. */
  public static LoopSemaphore bounded(int permits) {
    return new LoopSemaphore(EventLoop.current().scheduler, permits, permits);
  }

  /**
   * Waits for a permit, and takes it.
   *
   * @throws CancellationException if the task is cancelled; it has no permit then
   */
  public void acquire() {
    var task = scheduler.requireTask("LoopSemaphore.acquire");
    if (tryAcquire()) {
      return;
    }
    var waiter = new Waiter(task);
    waiters.add(waiter);
    try {
      waiter.await(); // whoever wakes it leaves a permit to it
    } catch (CancellationException cancellation) {
      waiters.remove(waiter);
      if (waiter.isWoken()) {
        release();
      }
      throw cancellation;
    }
  }

  /**
   * Takes a permit if there is one; does not wait.
   *
   * @return whether there was one
   */
  public boolean tryAcquire() {
    scheduler.requireLoop("LoopSemaphore.tryAcquire");
    if (permits == 0) {
      return false;
    }
    permits--;
    return true;
  }

  /**
   * Gives a permit back, or to the task that has waited longest.
   *
   * @throws IllegalStateException if a bounded semaphore has all its permits
   */
  public void release() {
    scheduler.requireLoop("LoopSemaphore.release");
    for (var next = waiters.poll(); next != null; next = waiters.poll()) {
      if (next.wake()) {
        return;
      }
    }
    if (permits == most) {
      throw new IllegalStateException("more was released than acquired. permits=" + permits);
    }
    permits++;
  }

  public int availablePermits() {
    return permits;
  }
}
