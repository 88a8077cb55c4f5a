package io.procession.async;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Cancels the running task when its time is up, and tells this from any other cancellation. */
final class Deadline {

  private final BodyTask<?> task;
  private final Duration timeout;
  private final int requestsBefore;
  private boolean isPast;

  private Deadline(BodyTask<?> task, Duration timeout) {
    this.task = task;
    this.timeout = timeout;
    this.requestsBefore = task.cancelRequests();
  }

  static <T extends @Nullable Object, X extends Throwable> T call(
      Scheduler scheduler, Duration timeout, ScopedValue.CallableOp<? extends T, X> body)
      throws X, TimeoutException {
    var deadline = new Deadline(scheduler.requireTask("EventLoop.timeout"), timeout);
    var timer = scheduler.timers().add(timeout, deadline::pass);
    try {
      T result = body.call();
      deadline.leave();
      return result;
    } catch (CancellationException cancellation) {
      if (deadline.leave()) {
        throw deadline.exceeded(cancellation);
      }
      throw cancellation;
    } catch (Throwable failure) {
      deadline.leave();
      throw failure;
    } finally {
      timer.cancel();
    }
  }

  static <T extends @Nullable Object> T await(
      Scheduler scheduler, Duration timeout, LoopTask<T> awaited) throws TimeoutException {
    var waiting = scheduler.requireTask("EventLoop.waitFor");
    if (timeout.isPositive() || awaited.isDone()) {
      return Deadline.<T, RuntimeException>call(scheduler, timeout, awaited::await);
    }
    // As with a longer time, the task has ended when the caller goes on.
    awaited.cancel();
    var _ = Gathering.await(scheduler, List.of(awaited), LoopUntil.ALL_ENDED, null);
    try {
      return awaited.result();
    } catch (CancellationException cancellation) {
      throw new Deadline(waiting, timeout).exceeded(cancellation);
    }
  }

  private void pass() {
    isPast = true;
    var _ = task.cancel("the time-out has passed. timeout=" + timeout);
  }

  /**
   * The body has ended.
   *
   * @return whether it was for this deadline, and nobody else had cancelled the task meanwhile
   */
  private boolean leave() {
    return isPast && task.uncancel() <= requestsBefore;
  }

  private TimeoutException exceeded(CancellationException cancellation) {
    var exceeded = new TimeoutException("the task took too long. timeout=" + timeout);
    exceeded.initCause(cancellation);
    return exceeded;
  }
}
