package io.procession.async;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future.State;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One task's wait for several others. */
final class Gathering implements Wait {

  private final BodyTask<?> waiting;
  private final List<? extends LoopTask<?>> tasks;
  private final LoopUntil until;

  /** Whether a cancellation goes on to the tasks, and the wait to their ends. */
  private final boolean isPassedOn;

  private long left;
  private @Nullable LoopTask<?> firstFailed;
  private boolean isOver;
  private boolean isCancelled;
  private @Nullable String message;

  private Gathering(
      BodyTask<?> waiting, List<? extends LoopTask<?>> tasks, LoopUntil until, boolean isPassedOn) {
    if (tasks.contains(waiting)) {
      throw new IllegalStateException("a task cannot await itself. task=" + waiting.name());
    }
    requireOwn(waiting.scheduler, tasks);
    this.waiting = waiting;
    this.tasks = tasks;
    this.until = until;
    this.isPassedOn = isPassedOn;
    left = tasks.stream().filter(task -> !task.isDone()).count();
    firstFailed = tasks.stream().filter(Gathering::hasFailed).findFirst().orElse(null);
    isOver = isEnough();
  }

  /** A task of another loop would make the one that waits ready in the wrong thread. */
  static void requireOwn(Scheduler scheduler, Collection<? extends LoopTask<?>> tasks) {
    for (var task : tasks) {
      if (!task.scheduler.equals(scheduler)) {
        throw new IllegalStateException(
            "a task of another event loop cannot be awaited. task=" + task.name());
      }
    }
  }

  static <T extends @Nullable Object> List<T> values(
      Scheduler scheduler, List<? extends LoopTask<? extends T>> tasks) {
    var waiting = scheduler.requireTask("EventLoop.gather");
    var gathering = new Gathering(waiting, tasks, LoopUntil.FIRST_FAILED, true);
    gathering.suspend(task -> {
      if (task.state() == State.FAILED && task != gathering.firstFailed) {
        var _ = task.exception(); // the caller has seen another failure, which is enough
      }
    });
    var failed = gathering.firstFailed;
    if (failed != null) {
      var _ = failed.result();
    }
    gathering.throwIfCancelled();
    return tasks.stream().<T>map(LoopTask::result).toList();
  }

  static void ends(Scheduler scheduler, List<? extends LoopTask<?>> tasks) {
    var waiting = scheduler.requireTask("EventLoop.gatherAll");
    var gathering = new Gathering(waiting, tasks, LoopUntil.ALL_ENDED, true);
    gathering.suspend(_ -> {});
    gathering.throwIfCancelled();
  }

  static <T extends LoopTask<?>> List<T> await(
      Scheduler scheduler, List<T> tasks, LoopUntil until, @Nullable Duration timeout) {
    var waiting = scheduler.requireTask("EventLoop.await");
    var gathering = new Gathering(waiting, tasks, until, false);
    var timer = timeout == null ? null : scheduler.timers().add(timeout, gathering::end);
    try {
      gathering.suspend(_ -> {});
    } finally {
      if (timer != null) {
        timer.cancel();
      }
    }
    gathering.throwIfCancelled();
    return tasks.stream().filter(LoopTask::isDone).toList();
  }

  /**
   * Waits.
   *
   * @param seen hears of every task that ends, as long as the tasks are those of the wait
   */
  private void suspend(Consumer<LoopTask<?>> seen) {
    if (isOver) {
      return;
    }
    var callbacks = tasks.stream().map(task -> new Callback(() -> ended(task, seen))).toList();
    for (var i = 0; i < tasks.size(); i++) {
      if (!tasks.get(i).isDone()) {
        tasks.get(i).whenDone(callbacks.get(i));
      }
    }
    try {
      waiting.suspend(this);
    } finally {
      if (!isPassedOn) {
        for (var i = 0; i < tasks.size(); i++) {
          tasks.get(i).forget(callbacks.get(i));
        }
      }
    }
  }

  private void ended(LoopTask<?> task, Consumer<LoopTask<?>> seen) {
    left--;
    if (firstFailed == null && hasFailed(task)) {
      firstFailed = task;
    }
    seen.accept(task);
    if (isEnough()) {
      end();
    }
  }

  private boolean isEnough() {
    return left == 0
        || switch (until) {
          case FIRST_ENDED -> left < tasks.size();
          case FIRST_FAILED -> firstFailed != null;
          case ALL_ENDED -> false;
        };
  }

  private void end() {
    if (!isOver) {
      isOver = true;
      waiting.scheduler.ready(waiting);
    }
  }

  @Override
  public boolean cancel(@Nullable String cancelMessage) {
    if (isOver) {
      return false;
    }
    message = cancelMessage;
    if (isPassedOn) {
      for (var task : tasks) {
        isCancelled |= task.cancel(cancelMessage);
      }
      return isCancelled;
    }
    isCancelled = true;
    end();
    return true;
  }

  private void throwIfCancelled() {
    if (isCancelled) {
      throw new CancellationException(message);
    }
  }

  private static boolean hasFailed(LoopTask<?> task) {
    return task.state() == State.FAILED || task.state() == State.CANCELLED;
  }
}
