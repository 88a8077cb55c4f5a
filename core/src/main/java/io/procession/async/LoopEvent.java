package io.procession.async;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** A flag for which the tasks of one loop can wait. */
public final class LoopEvent {

  private final Scheduler scheduler;
  private final Set<Waiter> waiters = new LinkedHashSet<>();
  private boolean isSet;

  private LoopEvent(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * An event for the loop that runs the caller, not set.
   *
   * @throws IllegalStateException outside a loop
   */
  public static LoopEvent create() {
    return new LoopEvent(EventLoop.current().scheduler);
  }

  /** Sets the flag, and wakes all tasks that wait for it; they go on even if it is cleared soon. */
  public void set() {
    scheduler.requireLoop("LoopEvent.set");
    isSet = true;
    waiters.forEach(Waiter::wake);
    waiters.clear();
  }

  public void clear() {
    scheduler.requireLoop("LoopEvent.clear");
    isSet = false;
  }

  public boolean isSet() {
    return isSet;
  }

  /**
   * Waits until the flag is set.
   *
   * @throws CancellationException if the task is cancelled
   */
  public void await() {
    var task = scheduler.requireTask("LoopEvent.await");
    if (isSet) {
      return;
    }
    var waiter = new Waiter(task);
    waiters.add(waiter);
    try {
      waiter.await();
    } finally {
      waiters.remove(waiter);
    }
  }
}
