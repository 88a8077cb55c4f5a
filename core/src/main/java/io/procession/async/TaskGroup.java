package io.procession.async;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that end together: {@link #run} and {@link #execute} return when all of them have ended.
 *
 * {@snippet :
 * int sum = TaskGroup.run(group -> {
 *   var one = group.createTask(() -> fetch("one"));
 *   var two = group.createTask(() -> fetch("two"));
 *   return one.await() + two.await();
 * });
 * }
 *
 * <p>If a task of the group fails, or the body does, the other tasks and the body are cancelled.
 * Once all have ended, the first failure is thrown, the others are its {@linkplain
 * Throwable#getSuppressed suppressed} ones; a checked exception of a task is the cause of a {@link
 * CompletionException}. A task of the group that is cancelled cancels no other. If the task that
 * runs the body is cancelled, so are the tasks of the group.
 */
public final class TaskGroup {

  private final EventLoop loop;
  private final BodyTask<?> parent;
  private final Set<LoopTask<?>> tasks = new LinkedHashSet<>();
  private final List<Throwable> failures = new ArrayList<>();
  private @Nullable Waiter allEnded;
  private boolean isAborting;
  private boolean isClosed;
  private boolean hasCancelledParent;

  private TaskGroup(EventLoop loop, BodyTask<?> parent) {
    this.loop = loop;
    this.parent = parent;
  }

  /**
   * Runs {@code body} in the calling task, with a new group, and waits for the tasks of the group.
   *
   * @return what {@code body} returned
   * @throws X what {@code body} threw, if nothing else failed before; no task of the group is left
   * @throws CompletionException if a task ended with a checked exception, which is the cause; an
   *     unchecked one is thrown as itself
   * @throws CancellationException if the calling task is cancelled
   * @throws IllegalStateException outside a task of a loop
   */
  public static <T extends @Nullable Object, X extends Exception> T run(
      LoopFunction<? super TaskGroup, ? extends T, X> body) throws X {
    var loop = EventLoop.current();
    var group = new TaskGroup(loop, loop.scheduler.requireTask("TaskGroup.run"));
    T result;
    try {
      result = body.apply(group);
    } catch (Throwable failure) {
      var cancellation = failure instanceof CancellationException c ? c : null;
      if (cancellation == null) {
        group.failures.add(failure);
      }
      group.abort();
      var remaining = group.join(cancellation);
      if (cancellation == null && same(failure, group.failures.getFirst())) {
        group.suppressOthers(failure);
        throw failure;
      }
      group.throwFirst(remaining);
      throw failure;
    }
    group.throwFirst(group.join(null));
    return result;
  }

  /** {@link #run} for a body without a result. */
  public static <X extends Exception> void execute(LoopConsumer<? super TaskGroup, X> body)
      throws X {
    TaskGroup.<@Nullable Void, X>run(group -> {
      body.accept(group);
      return null;
    });
  }

  /**
   * Makes a task of the group, as {@link EventLoop#createTask(Callable)} does.
   *
   * @throws IllegalStateException if the group has ended, or is ending because of a failure
   */
  public <T extends @Nullable Object> LoopTask<T> createTask(Callable<? extends T> body) {
    requireOpen();
    return add(loop.createTask(body));
  }

  /** {@link #createTask(Callable)} for a body without a result. */
  public LoopTask<@Nullable Void> createTask(LoopRunnable body) {
    requireOpen();
    return add(loop.createTask(body));
  }

  /** {@link #createTask(Callable)}, with a name for messages. */
  public <T extends @Nullable Object> LoopTask<T> createTask(
      String name, Callable<? extends T> body) {
    requireOpen();
    return add(loop.createTask(name, body));
  }

  /** {@link #createTask(LoopRunnable)}, with a name for messages. */
  public LoopTask<@Nullable Void> createTask(String name, LoopRunnable body) {
    requireOpen();
    return add(loop.createTask(name, body));
  }

  private void requireOpen() {
    loop.scheduler.requireLoop("TaskGroup.createTask");
    if (isClosed || isAborting) {
      throw new IllegalStateException(
          "the group takes no more tasks: it "
              + (isClosed ? "has ended" : "is ending, because one of its tasks failed")
              + ". tasks="
              + tasks);
    }
  }

  private <T extends @Nullable Object> LoopTask<T> add(LoopTask<T> task) {
    tasks.add(task);
    task.addDoneCallback(this::ended);
    return task;
  }

  private void ended(LoopTask<?> task) {
    tasks.remove(task);
    var failure = task.isCancelled() ? null : task.exception();
    if (failure != null) {
      failures.add(failure);
      if (!isAborting) {
        abort();
        hasCancelledParent = true;
        var _ = parent.cancel("a task of the group failed. task=" + task.name());
      }
    }
    if (tasks.isEmpty() && allEnded != null) {
      var _ = allEnded.wake();
    }
  }

  private void abort() {
    isAborting = true;
    List.copyOf(tasks).forEach(LoopTask::cancel);
  }

  /**
   * Waits for the tasks.
   *
   * @param cancellation what ended the body, if it was cancelled
   * @return the cancellation that the caller must see, if no task failed
   */
  private @Nullable CancellationException join(@Nullable CancellationException cancellation) {
    var seen = takeBack(cancellation);
    while (!tasks.isEmpty()) {
      var waiter = new Waiter(parent);
      allEnded = waiter;
      try {
        waiter.await();
      } catch (CancellationException whileWaiting) {
        seen = takeBack(whileWaiting);
        if (!isAborting) {
          abort();
        }
      }
    }
    isClosed = true;
    return seen;
  }

  /** A cancellation that was our own means to end the body is not the caller's business. */
  private @Nullable CancellationException takeBack(@Nullable CancellationException cancellation) {
    if (hasCancelledParent) {
      hasCancelledParent = false;
      return parent.uncancel() == 0 ? null : cancellation;
    }
    return cancellation;
  }

  private void throwFirst(@Nullable CancellationException cancellation) {
    if (failures.isEmpty()) {
      if (cancellation != null) {
        throw cancellation;
      }
      return;
    }
    if (cancellation != null) {
      // The failure goes first; the cancellation is seen at the next wait.
      var _ = parent.uncancel();
      var _ = parent.cancel(cancellation.getMessage());
    }
    var first = failures.getFirst();
    suppressOthers(first);
    switch (first) {
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> throw new CompletionException(first);
    }
  }

  private void suppressOthers(Throwable first) {
    failures.stream().filter(other -> !same(other, first)).forEach(first::addSuppressed);
  }

  @SuppressWarnings("ReferenceEquality") // the body may have thrown what it got from a task
  private static boolean same(Throwable one, Throwable other) {
    return one == other;
  }
}
