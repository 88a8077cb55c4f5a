package io.procession.async;

import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;

/**
 * A lock for the tasks of one loop. Needed only for what must stay whole across a wait: between two
 * waits nobody else runs. It is fair: first come, first served. It is not reentrant, and has no
 * owner: another task may unlock it.
 *
 * {@snippet :
 * lock.lock();
 * try {
 *   …
 * } finally {
 *   lock.unlock();
 * }
 * }
 */
public final class LoopLock {

  private final Scheduler scheduler;
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private boolean isLocked;

  private LoopLock(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * A lock for the loop that runs the caller.
   *
   * @throws IllegalStateException outside a loop
   */
  public static LoopLock create() {
    return new LoopLock(EventLoop.current().scheduler);
  }

  /**
   * Waits until the lock is free, and takes it.
   *
   * @throws CancellationException if the task is cancelled; it does not have the lock then
   */
  public void lock() {
    var task = scheduler.requireTask("LoopLock.lock");
    if (tryLock()) {
      return;
    }
    var waiter = new Waiter(task);
    waiters.add(waiter);
    try {
      waiter.await(); // whoever wakes it leaves the lock to it
    } catch (CancellationException cancellation) {
      waiters.remove(waiter);
      if (waiter.isWoken()) {
        unlock();
      }
      throw cancellation;
    }
  }

  /**
   * Takes the lock if it is free; does not wait.
   *
   * @return whether it was free
   */
  public boolean tryLock() {
    scheduler.requireLoop("LoopLock.tryLock");
    var wasFree = !isLocked;
    isLocked = true;
    return wasFree;
  }

  /**
   * Frees the lock, or leaves it to the task that has waited longest.
   *
   * @throws IllegalMonitorStateException if it is not locked
   */
  public void unlock() {
    scheduler.requireLoop("LoopLock.unlock");
    if (!isLocked) {
      throw new IllegalMonitorStateException("the lock is not locked. lock=" + this);
    }
    for (var next = waiters.poll(); next != null; next = waiters.poll()) {
      if (next.wake()) {
        return;
      }
    }
    isLocked = false;
  }

  public boolean isLocked() {
    return isLocked;
  }

  /** A condition of what the lock guards. */
  public LoopCondition newCondition() {
    return new LoopCondition(scheduler, this);
  }

  /** Its state, for messages. */
  @Override
  public String toString() {
    return "LoopLock[" + (isLocked ? "locked" : "free") + ", waiting=" + waiters.size() + "]";
  }
}
