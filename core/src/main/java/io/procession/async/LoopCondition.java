package io.procession.async;

import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A condition of a {@link LoopLock}: tasks wait for others to change what the lock guards. */
public final class LoopCondition {

  private final Scheduler scheduler;
  private final LoopLock lock;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  LoopCondition(Scheduler scheduler, LoopLock lock) {
    this.scheduler = scheduler;
    this.lock = lock;
  }

  /**
   * Frees the lock, waits for a signal, and takes the lock again.
   *
   * @throws CancellationException if the task is cancelled; it has the lock then, too
   * @throws IllegalMonitorStateException if the lock is not locked
   */
  public void await() {
    var waiter = new Waiter(scheduler.requireTask("LoopCondition.await"));
    lock.unlock();
    waiters.add(waiter);
    CancellationException cancellation = null;
    try {
      waiter.await();
    } catch (CancellationException e) {
      cancellation = e;
    }
    waiters.remove(waiter);
    cancellation = lockAgain(cancellation);
    if (cancellation != null) {
      if (waiter.isWoken()) {
        signal(); // it was meant for somebody who goes on
      }
      throw cancellation;
    }
  }

  /** A cancellation can wait until the task has the lock. */
  private @Nullable CancellationException lockAgain(@Nullable CancellationException earlier) {
    var cancellation = earlier;
    while (true) {
      try {
        lock.lock();
        return cancellation;
      } catch (CancellationException e) {
        cancellation = e;
      }
    }
  }

  /** Waits as {@link #await()} does until {@code isTrue}; not at all if it is already. */
  public void await(BooleanSupplier isTrue) {
    while (!isTrue.getAsBoolean()) {
      await();
    }
  }

  /** {@link #signal(int)} to one task. */
  public void signal() {
    signal(1);
  }

  /**
   * Wakes those {@code tasks} tasks that have waited longest. They go on when they get the lock.
   *
   * @throws IllegalMonitorStateException if the lock is not locked
   */
  public void signal(int tasks) {
    scheduler.requireLoop("LoopCondition.signal");
    if (!lock.isLocked()) {
      throw new IllegalMonitorStateException("the lock is not locked. lock=" + lock);
    }
    var left = tasks;
    while (left > 0 && !waiters.isEmpty()) {
      if (waiters.remove().wake()) {
        left--;
      }
    }
  }

  /** Wakes all tasks that wait; see {@link #signal(int)}. */
  public void signalAll() {
    signal(Integer.MAX_VALUE);
  }
}
