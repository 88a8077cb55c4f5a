package io.procession.testkit.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.PoolBrokenException;
import io.procession.function.RemoteCallable;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.Flag;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pool that gives up tells everybody. */
@NoLeaks
class BrokenPoolTest {

  @TempDir Path directory = Path.of("");

  private final List<FutureTask<?>> waiters = new ArrayList<>();

  /** Has somebody wait, in a thread of its own. */
  private <T extends @Nullable Object> FutureTask<T> waiting(Callable<T> call) throws Exception {
    var task = new FutureTask<T>(call);
    var thread = Thread.ofPlatform().daemon().start(task);
    Await.until(
        () ->
            task.isDone()
                || thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING,
        "the caller waits");
    waiters.add(task);
    return task;
  }

  private static void assertBroken(FutureTask<?> waiter) throws Exception {
    assertThatThrownBy(() -> waiter.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .satisfies(failure -> assertBroken(failure.getCause()));
  }

  /** Broken itself, or because of it. */
  private static void assertBroken(@Nullable Throwable failure) {
    var cause = failure instanceof ExecutionException ? failure.getCause() : failure;
    assertThat(cause)
        .satisfiesAnyOf(
            broken -> assertThat(broken).isInstanceOf(PoolBrokenException.class),
            wrapped -> assertThat(wrapped).hasCauseInstanceOf(PoolBrokenException.class))
        .hasStackTraceContaining("no database here");
  }

  @Test
  void everyKindOfCallerHearsOfIt() throws Exception {
    var go = Flag.in(directory, "go");
    RemoteCallable<Integer> seven = () -> 7;
    var pool =
        Pool.builder()
            .workers(2)
            .initializer(() -> {
              go.await();
              throw new IllegalStateException("no database here");
            })
            .build();
    var task = pool.submit(seven);
    var broken = new ArrayList<FutureTask<?>>();
    broken.add(waiting(() -> pool.map(n -> n, List.of(1, 2, 3))));
    broken.add(
        waiting(() -> {
          pool.forEach(n -> {}, IntStream.range(0, 1000));
          return 0;
        }));
    broken.add(waiting(task::get));
    broken.add(waiting(() -> task.get(10, TimeUnit.MINUTES)));
    broken.add(waiting(() -> pool.submit(seven).join()));
    broken.add(waiting(() -> pool.<Integer>invokeAny(List.of(seven, seven), 10, TimeUnit.MINUTES)));
    var all = waiting(() -> pool.<Integer>invokeAll(List.of(seven, seven)));
    var items = pool.mapAsync(n -> n, IntStream.range(0, 1000));
    var limited = pool.withTimeout(Duration.ofHours(1)).withDeadline(Duration.ofHours(1));
    var late = limited.withRetries(3).submit(seven);
    var completed =
        waiting(() -> {
          var ended = 0;
          for (var item : pool.asCompleted(items)) {
            assertThat(item.exceptionNow()).isInstanceOf(PoolBrokenException.class);
            ended++;
          }
          return ended;
        });
    var termination = waiting(() -> pool.awaitTermination(10, TimeUnit.MINUTES));
    var closing =
        waiting(() -> {
          // As the end of a try would.
          return pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        });
    assertThat(waiters).noneMatch(FutureTask::isDone);

    go.raise();

    for (var waiter : broken) {
      assertBroken(waiter);
    }
    assertThat(all.get(60, TimeUnit.SECONDS))
        .hasSize(2)
        .allSatisfy(each -> assertBroken(each.exceptionNow()));
    assertThat(completed.get(60, TimeUnit.SECONDS)).isEqualTo(1000);
    assertThat(termination.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(closing.get(60, TimeUnit.SECONDS)).isTrue();
    assertBroken(late.exceptionNow());
    assertThat(pool.isTerminated()).isTrue();
    assertThatThrownBy(() -> pool.submit(seven))
        .isExactlyInstanceOf(PoolBrokenException.class)
        .hasStackTraceContaining("no database here");
    assertThatThrownBy(() -> pool.map(n -> n, List.of(1)))
        .isExactlyInstanceOf(PoolBrokenException.class);
    assertThatThrownBy(() -> limited.mapAsync(n -> n, List.of(1)))
        .isExactlyInstanceOf(PoolBrokenException.class);
    assertThatThrownBy(() -> pool.invokeAll(List.of(seven)))
        .isExactlyInstanceOf(PoolBrokenException.class);
    assertThatThrownBy(() -> pool.execute(() -> {})).isExactlyInstanceOf(PoolBrokenException.class);
    pool.close();
  }

  @Test
  void thePoolGivesUpAtTheDeathThatIsOneTooMany() throws Exception {
    var boots = Flag.in(directory, "boots");
    try (var pool =
        Pool.builder()
            .workers(1)
            .restartIntensity(1, Duration.ofMinutes(10))
            .initializer(() -> {
              boots.raise();
              Runtime.getRuntime().halt(5);
            })
            .build()) {
      var task = pool.submit(() -> 1);
      assertThatThrownBy(() -> task.get(60, TimeUnit.SECONDS))
          .hasCauseExactlyInstanceOf(PoolBrokenException.class)
          .hasMessageContaining("exitCode=5");
      Await.until(pool::isTerminated, "the pool has ended");
      assertThat(boots.isRaised()).isTrue();
    }
  }

  @Test
  void deathsInTasksDoNotCount() throws Exception {
    try (var pool = Pool.builder().workers(1).restartIntensity(0, Duration.ofMinutes(10)).build()) {
      for (var n = 0; n < 3; n++) {
        assertThatThrownBy(() ->
                pool.submit(
                        () -> {
                          Runtime.getRuntime().halt(5);
                        })
                    .get())
            .hasMessageContaining("exitCode=5");
      }
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void anInitializerThatCanTravelNoMoreBreaksItsPoolAndNoOther() throws Exception {
    var captured = new ArrayList<Object>(List.of("travels"));
    try (var other = Pool.ofProcesses(1);
        var pool =
            Pool.builder()
                .workers(1)
                .initializer(() -> IO.print(captured.isEmpty() ? "nothing" : ""))
                .build()) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      captured.add(Thread.currentThread());
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      Await.until(() -> isBroken(pool), "the pool is broken");
      assertThatThrownBy(() -> pool.submit(() -> 1))
          .isInstanceOf(PoolBrokenException.class)
          .hasMessageContaining("initializer");
      assertThat(other.submit(() -> 2).get(1, TimeUnit.MINUTES)).isEqualTo(2);
    }
  }

  private static boolean isBroken(Pool pool) {
    try {
      pool.submit(() -> 1).cancel(true);
      return false;
    } catch (PoolBrokenException broken) {
      return true;
    }
  }
}
