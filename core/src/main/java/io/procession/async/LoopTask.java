package io.procession.async;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future.State;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task of an {@link EventLoop}, and its result: a function that runs in turn with the others
 * ({@link EventLoop#createTask}), or something that happens outside the loop ({@link
 * EventLoop#toThread}, {@link EventLoop#inPool}, {@link EventLoop#wrap}).
 *
 * <p>It ends once: with a value, with an exception, or cancelled. An exception that nobody asked
 * for, by {@link #await}, {@link #result} or {@link #exception}, is logged once: when the task is
 * garbage, or when the loop ends.
 *
 * <p>What changes or awaits a task may be called only in its loop; elsewhere it throws {@link
 * IllegalStateException}. What only looks may be called anywhere.
 *
 * @param <T> the type of its result
 */
public abstract sealed class LoopTask<T extends @Nullable Object> implements Wait
    permits BodyTask, OutsideTask {

  final Scheduler scheduler;
  private final long number;
  private final @Nullable String name;
  private volatile State state = State.RUNNING;
  private @Nullable T value;
  private @Nullable Throwable failure;
  private @Nullable List<Turn> dependents;
  private Unseen.@Nullable Report report;

  LoopTask(Scheduler scheduler, @Nullable String name) {
    this.scheduler = scheduler;
    this.name = name;
    this.number = scheduler.nextNumber();
  }

  /** The loop's tasks are numbered in the order in which they were made. */
  final long number() {
    return number;
  }

  /** The name that it was given, or {@code task-1}, {@code task-2} and so on. */
  public final String name() {
    return name != null ? name : "task-" + number;
  }

  /**
   * Waits until the task has ended, while other tasks run. If the waiting task is cancelled
   * meanwhile, so is this task; the wait then lasts until it has ended. {@link EventLoop#shield}
   * waits otherwise.
   *
   * @return the value that the task ended with
   * @throws CancellationException if the task was cancelled
   * @throws CompletionException if it ended with a checked exception, which is the cause; an
   *     unchecked one is thrown as itself
   * @throws IllegalStateException outside a task of its loop, and if a task awaits itself
   */
  public final T await() {
    awaitEnd("LoopTask.await");
    return result();
  }

  /** Waits for the end, whatever it is. */
  final void awaitEnd(String what) {
    var waiting = scheduler.requireTask(what);
    if (waiting == this) {
      throw new IllegalStateException("a task cannot await itself. task=" + name());
    }
    if (!isDone()) {
      whenDone(waiting);
      waiting.suspend(this);
    }
  }

  /**
   * Asks the task to end. A task that waits gets a {@link CancellationException} where it waits,
   * one that is running gets it where it waits next, one that has not started never starts. It may
   * catch the exception to clean up, and should throw it again; if it does not, it goes on.
   *
   * <p>What it awaits is cancelled with it. What runs {@linkplain EventLoop#toThread in a thread}
   * is interrupted.
   *
   * @return false if the task has ended
   * @throws IllegalStateException outside the loop; {@link EventLoop#callSoon} leads into it
   */
  public final boolean cancel() {
    return cancel(null);
  }

  /** {@link #cancel()}, with a message for the exception. */
  @Override
  public abstract boolean cancel(@Nullable String message);

  /** Whether it has ended. */
  public final boolean isDone() {
    return state != State.RUNNING;
  }

  /** Whether it ended by cancellation; being asked to is not yet that. */
  public final boolean isCancelled() {
    return state == State.CANCELLED;
  }

  /** Whether it runs still, or how it ended. */
  public final State state() {
    return state;
  }

  /**
   * The result of a task that has ended. Does not wait.
   *
   * @throws CancellationException if the task was cancelled
   * @throws CompletionException if it ended with a checked exception, which is the cause; an
   *     unchecked one is thrown as itself
   * @throws IllegalStateException if the task has not ended
   */
  @SuppressWarnings("NullAway") // a value may be null only where T allows it
  public final T result() {
    return switch (exception()) {
      case null -> value;
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      case Throwable checked -> throw new CompletionException(checked);
    };
  }

  /**
   * The exception of a task that has ended; null if it ended with a value. Does not wait.
   *
   * @throws CancellationException if the task was cancelled
   * @throws IllegalStateException if the task has not ended
   */
  public final @Nullable Throwable exception() {
    switch (state) {
      case RUNNING -> throw new IllegalStateException("the task has not ended. task=" + name());
      case CANCELLED -> {
        var message = failure == null ? null : failure.getMessage();
        var cancellation = new CancellationException(message);
        cancellation.initCause(failure);
        throw cancellation;
      }
      default -> {}
    }
    seen();
    return failure;
  }

  /** Somebody deals with the exception, if there is one. */
  final void seen() {
    if (report != null) {
      report.seen();
    }
  }

  /**
   * Has {@code action} called in the loop, as {@link EventLoop#callSoon} does it, once the task has
   * ended; soon, if it has already.
   *
   * @throws IllegalStateException outside the loop
   */
  public final void addDoneCallback(Consumer<? super LoopTask<T>> action) {
    scheduler.requireLoop("LoopTask.addDoneCallback");
    whenDone(new Callback(new DoneCallback<>(this, action)));
  }

  /**
   * Has {@code action} not called, however often it was {@linkplain #addDoneCallback added}. It is
   * too late once the task has ended.
   *
   * @return how often it was added
   * @throws IllegalStateException outside the loop
   */
  public final int removeDoneCallback(Consumer<? super LoopTask<T>> action) {
    scheduler.requireLoop("LoopTask.removeDoneCallback");
    var removed = new Callback(new DoneCallback<>(this, action));
    var count = 0;
    while (dependents != null && dependents.remove(removed)) {
      count++;
    }
    return count;
  }

  /** Equal to one of the same task and action, so that it can be found again. */
  private record DoneCallback<T extends @Nullable Object>(
      LoopTask<T> task, Consumer<? super LoopTask<T>> action) implements Runnable {

    @Override
    public void run() {
      action.accept(task);
    }
  }

  /** Makes {@code turn} ready when the task has ended. */
  final void whenDone(Turn turn) {
    if (isDone()) {
      scheduler.ready(turn);
      return;
    }
    var list = dependents;
    if (list == null) {
      list = new ArrayList<>(1);
      dependents = list;
    }
    list.add(turn);
  }

  /** {@code turn} is not to be made ready any more. */
  final void forget(Turn turn) {
    if (dependents != null) {
      dependents.remove(turn);
    }
  }

  final void succeed(T result) {
    value = result;
    end(State.SUCCESS);
  }

  final void fail(Throwable throwable) {
    failure = throwable;
    if (throwable instanceof CancellationException) {
      end(State.CANCELLED);
    } else {
      report = scheduler.unseen().add(this, throwable);
      end(State.FAILED);
    }
  }

  private void end(State end) {
    state = end;
    var list = dependents;
    dependents = null;
    if (list != null) {
      list.forEach(scheduler::ready);
    }
  }

  /** Its name and state, for messages. */
  @Override
  public final String toString() {
    return name() + " (" + state + ")";
  }
}
