package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls each of which has a {@link Task}: one that was submitted, or the items of {@code mapAsync}.
 */
final class TaskJob<T extends @Nullable Object> implements Job {

  private final ResultDecoder decoder;
  private final ClassLoader loader;
  private final Executor callbacks;
  private final CallTimes times;
  private final int priority;
  private final @Nullable Runnable original;
  private final AtomicInteger open = new AtomicInteger();
  private volatile Runnable whenEnded = () -> {};

  /** Guarded by itself: later calls are added while the first ones end. */
  private final List<Task<T>> tasks = new ArrayList<>();

  /**
   * Results that came and that nobody is waiting for; only whoever reads for the engine uses it.
   */
  private List<Task<T>> arrived = new ArrayList<>();

  TaskJob(
      ResultDecoder decoder,
      ClassLoader loader,
      Executor callbacks,
      CallTimes times,
      int priority,
      @Nullable Runnable original) {
    this.decoder = decoder;
    this.loader = loader;
    this.callbacks = callbacks;
    this.times = times;
    this.priority = priority;
    this.original = original;
  }

  /** What {@code shutdownNow} gives back if the one task of this job did not start. */
  @Nullable Runnable original() {
    return original;
  }

  /** Adds a task for the next call, before the call is submitted. */
  Task<T> add(Desk desk) {
    synchronized (tasks) {
      var index = tasks.size();
      var task = new Task<T>(new Place(desk, index), callbacks);
      task.captureIn(desk.outputs());
      tasks.add(task);
      return task;
    }
  }

  @Override
  public void numbered(int first, int calls, long task) {
    for (var n = 0; n < calls; n++) {
      task(first + n).numbered(task + n);
    }
  }

  private Task<T> task(int index) {
    synchronized (tasks) {
      return tasks.get(index);
    }
  }

  /** Where one task is in this job. */
  private final class Place implements Task.Home {

    private final Desk desk;
    private final int index;

    Place(Desk desk, int index) {
      this.desk = desk;
      this.index = index;
    }

    @Override
    public void ended(boolean interrupt) {
      desk.drop(TaskJob.this, index, index, interrupt);
    }

    @Override
    public void assist(BooleanSupplier enough) {
      desk.assist(times.callNanos(), enough);
    }
  }

  /** Runs {@code ended} when all calls have ended that were expected; more may come. */
  void begin(Runnable ended) {
    whenEnded = ended;
    open.set(1);
  }

  /** This many calls more are about to be submitted. */
  void expect(int calls) {
    open.addAndGet(calls);
  }

  /** No more calls come. */
  void complete() {
    endedOne();
  }

  private void endedOne() {
    if (open.decrementAndGet() == 0) {
      whenEnded.run();
    }
  }

  @Override
  public long priority() {
    return priority;
  }

  @Override
  public @Nullable Capture capture(int index) {
    return task(index).capture();
  }

  @Override
  public long callNanos() {
    return times.callNanos();
  }

  @Override
  public void took(int calls, long durationNanos) {
    times.took(calls, durationNanos);
  }

  @Override
  public void settled(
      int index,
      boolean failed,
      MemorySegment result,
      Engine.@Nullable Message large,
      Engine.Worker worker) {
    var bytes =
        large != null ? result : MemorySegment.ofArray(result.toArray(ValueLayout.JAVA_BYTE));
    var task = task(index);
    if (task.arrive(new Result(failed, bytes, large, worker))) {
      arrived.add(task);
    }
    endedOne();
  }

  @Override
  public void failed(int index, Throwable failure) {
    var task = task(index);
    if (task.getNumberOfDependents() == 0) {
      // At once: the pool may be about to tell that it has terminated, and so that all has ended.
      task.fail(failure);
    } else {
      callbacks.execute(() -> task.fail(failure));
    }
    endedOne();
  }

  @Override
  public void retried(int index) {
    task(index).retried();
  }

  @Override
  public Throwable failure(
      MemorySegment result, Engine.@Nullable Message large, Engine.Worker worker) {
    return decoder.failure(result, large, loader, worker);
  }

  @Override
  public void paused() {
    if (arrived.isEmpty()) {
      return;
    }
    var batch = arrived;
    arrived = new ArrayList<>();
    if (batch.size() == 1) {
      callbacks.execute(batch.getFirst()::deliver);
      return;
    }
    callbacks.execute(() -> {
      for (var task : batch) {
        if (task.getNumberOfDependents() == 0) {
          task.deliver();
        } else {
          // A callback that blocks must not hold up the other tasks.
          callbacks.execute(task::deliver);
        }
      }
    });
  }

  /** One call's encoded result. */
  private final class Result implements Task.Arrival {

    private final boolean failed;
    private final MemorySegment bytes;
    private final Engine.@Nullable Message large;
    private final Engine.Worker worker;

    Result(
        boolean failed, MemorySegment bytes, Engine.@Nullable Message large, Engine.Worker worker) {
      this.failed = failed;
      this.bytes = bytes;
      this.large = large;
      this.worker = worker;
    }

    @Override
    public <V extends @Nullable Object> void deliver(Task<V> task) {
      V value;
      task.awaitOutput(worker.name());
      try {
        if (failed) {
          task.fail(decoder.failure(bytes, large, loader, worker));
          return;
        }
        value = decoder.value(bytes, large, loader);
      } catch (Throwable failure) {
        // The result cannot be read here: that is how the task ends.
        task.fail(failure);
        return;
      } finally {
        Results.discard(large);
      }
      task.succeed(value);
    }
  }
}
