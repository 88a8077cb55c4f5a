package io.procession.async;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A task with a virtual thread of its own, which runs while it holds the loop's baton. */
final class BodyTask<T extends @Nullable Object> extends LoopTask<T> implements Turn {

  private @Nullable Callable<? extends T> body;
  private @Nullable Thread thread;
  private @Nullable Wait wait;

  /** It was cancelled while it did not wait: the next wait throws. */
  private boolean mustCancel;

  private @Nullable String cancelMessage;
  private int cancelRequests;

  BodyTask(Scheduler scheduler, @Nullable String name, Callable<? extends T> body) {
    super(scheduler, name);
    this.body = body;
  }

  boolean isStarted() {
    return thread != null;
  }

  /** Its thread; made at the first call. */
  Thread thread() {
    var made = thread;
    if (made == null) {
      made = Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(this::run);
      thread = made;
    }
    return made;
  }

  private void run() {
    try {
      if (mustCancel) {
        fail(new CancellationException(cancelMessage));
      } else {
        var result = takeBody().call();
        if (mustCancel) {
          fail(new CancellationException(cancelMessage));
        } else {
          succeed(result);
        }
      }
    } catch (Throwable failure) {
      fail(failure);
    } finally {
      scheduler.leave(this);
    }
  }

  private Callable<? extends T> takeBody() {
    var taken = body;
    body = null; // the task may be kept for its result
    if (taken == null) {
      throw new IllegalStateException("the task runs already. task=" + name());
    }
    return taken;
  }

  /**
   * Lets other tasks run until something makes this one ready.
   *
   * @throws CancellationException if the task was cancelled and {@code newWait} could not be told
   */
  void suspend(Wait newWait) {
    if (mustCancel && newWait.cancel(cancelMessage)) {
      mustCancel = false;
    }
    wait = newWait;
    scheduler.pause(this);
    wait = null;
    if (mustCancel) {
      mustCancel = false;
      throw new CancellationException(cancelMessage);
    }
  }

  @Override
  public boolean cancel(@Nullable String message) {
    scheduler.requireLoop("LoopTask.cancel");
    if (isDone()) {
      return false;
    }
    cancelRequests++;
    var current = wait;
    if (current == null || !current.cancel(message)) {
      mustCancel = true;
      cancelMessage = message;
    }
    return true;
  }

  /** How often it was cancelled, less the times that somebody took back. */
  int cancelRequests() {
    return cancelRequests;
  }

  /**
   * Takes one request back: it was the caller's own means to end a wait.
   *
   * @return the requests of others that remain
   */
  int uncancel() {
    if (cancelRequests > 0) {
      cancelRequests--;
    }
    if (cancelRequests == 0) {
      mustCancel = false;
    }
    return cancelRequests;
  }
}
