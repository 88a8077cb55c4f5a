package io.procession.async;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One wait of one task; ends once, by {@link #wake} or by cancellation. */
final class Waiter implements Wait {

  private final BodyTask<?> task;
  private boolean isWoken;
  private boolean isCancelled;
  private @Nullable String message;

  Waiter(BodyTask<?> task) {
    this.task = task;
  }

  /**
   * Suspends the task until it is woken.
   *
   * @throws CancellationException if the task is cancelled; it may have been woken before that, see
   *     {@link #isWoken}
   */
  void await() {
    task.suspend(this);
    if (isCancelled) {
      throw new CancellationException(message);
    }
  }

  /**
   * Makes the task ready.
   *
   * @return false if the wait is over already
   */
  boolean wake() {
    if (isOver()) {
      return false;
    }
    isWoken = true;
    task.scheduler.ready(task);
    return true;
  }

  @Override
  public boolean cancel(@Nullable String message) {
    if (isOver()) {
      return false;
    }
    isCancelled = true;
    this.message = message;
    task.scheduler.ready(task);
    return true;
  }

  boolean isWoken() {
    return isWoken;
  }

  boolean isOver() {
    return isWoken || isCancelled;
  }
}
