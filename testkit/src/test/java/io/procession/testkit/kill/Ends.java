package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.Task;
import io.procession.WorkerCrashedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Awaits tasks, and holds against each how it ended. */
final class Ends {

  /** Longer than anything takes on a busy machine: what is not over then never will be. */
  private static final long PATIENCE_SECONDS = 120;

  private final Pool pool;
  private final Set<Long> killed;
  private final Map<Task<?>, AtomicInteger> callbacks = new ConcurrentHashMap<>();
  private final List<Task<?>> tasks = new ArrayList<>();
  private int values;
  private int crashes;

  /**
   * @param killed the pids that may be named by a crash; may grow meanwhile
   */
  Ends(Pool pool, Set<Long> killed) {
    this.pool = pool;
    this.killed = killed;
  }

  /** Counts how often the task ends. */
  <T> Task<T> watch(Task<T> task) {
    tasks.add(task);
    var count = new AtomicInteger();
    callbacks.put(task, count);
    var _ = task.whenComplete((value, failure) -> count.incrementAndGet());
    return task;
  }

  /** The task must give this value; or crash, unless {@code retried}. */
  <T> void await(Task<T> task, T expected, boolean retried) throws InterruptedException {
    try {
      assertThat(task.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(expected);
      values++;
    } catch (ExecutionException failure) {
      assertThat(retried).as("a retried task failed: %s", failure.getCause()).isFalse();
      crash(failure.getCause());
    } catch (TimeoutException never) {
      throw new AssertionError("a task did not end. task=" + task + " pool=" + pool, never);
    }
  }

  /** The failure must be a crash that names a process that was killed. */
  void crash(Throwable failure) {
    if (!(failure instanceof WorkerCrashedException crash)) {
      throw new AssertionError("not a crash", failure);
    }
    assertThat(killed).as("%s", crash).contains(crash.pid());
    assertThat(crash.signal()).as("%s", crash).contains("SIGKILL");
    crashes++;
  }

  /** Each task that was watched ended once; then they are forgotten. */
  void checkEachEndedOnce() throws InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (var task : tasks) {
      // The callback may be on its way.
      while (callbacks.get(task).get() == 0 && System.nanoTime() - deadline < 0) {
        Thread.sleep(1);
      }
      assertThat(callbacks.get(task)).hasValue(1);
    }
    tasks.clear();
    callbacks.clear();
  }

  /** How many tasks gave their value. */
  int values() {
    return values;
  }

  /** How many crashed. */
  int crashes() {
    return crashes;
  }
}
