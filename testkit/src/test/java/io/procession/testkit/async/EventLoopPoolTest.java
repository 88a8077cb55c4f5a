package io.procession.testkit.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.Pool;
import io.procession.WorkerCrashedException;
import io.procession.async.EventLoop;
import io.procession.async.LoopTask;
import io.procession.testkit.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@NoLeaks
class EventLoopPoolTest {

  @Test
  void tasksOfTheLoopRunWhileWorkersCompute() {
    try (var pool = Pool.ofProcesses(1)) {
      EventLoop.execute(loop -> {
        LoopTask<Long> pid =
            loop.inPool(
                pool,
                () -> {
                  Thread.sleep(50);
                  return ProcessHandle.current().pid();
                });
        var turns = 0;
        while (!pid.isDone()) {
          turns++;
          loop.sleep(Duration.ofMillis(1));
        }
        assertThat(turns).isPositive();
        assertThat(pid.result()).isNotEqualTo(ProcessHandle.current().pid());
        assertThat(loop.<Integer, Integer>inPool(pool, n -> n * n, 7).await()).isEqualTo(49);
      });
    }
  }

  @Test
  void aCrashIsTheTasksOwn() {
    try (var pool = Pool.ofProcesses(1)) {
      EventLoop.execute(loop -> {
        LoopTask<Integer> crash =
            loop.inPool(
                pool,
                () -> {
                  Runtime.getRuntime().halt(3);
                  return 1;
                });
        var thrown =
            catchThrowable(() -> {
              var _ = crash.await();
            });
        var cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        assertThat(cause).isInstanceOf(WorkerCrashedException.class);
        assertThat(loop.<Integer>inPool(pool, () -> 2).await()).isEqualTo(2);
      });
    }
  }

  @Test
  void aCancelledTaskFreesItsWorker() {
    try (var pool = Pool.ofProcesses(1)) {
      EventLoop.execute(loop -> {
        LoopTask<Integer> endless =
            loop.inPool(
                pool,
                () -> {
                  while (true) {
                    Thread.onSpinWait();
                  }
                });
        assertThatThrownBy(() -> loop.waitFor(endless, Duration.ofMillis(50)))
            .isInstanceOf(TimeoutException.class);
        assertThat(loop.<Integer>inPool(pool, () -> 2).await()).isEqualTo(2);
      });
    }
  }

  @Test
  void aPoolsResultsComeOneByOne() {
    try (var pool = Pool.ofProcesses(2)) {
      EventLoop.execute(loop -> {
        var squares = new ArrayList<Integer>();
        for (int square : loop.<Integer>results(pool.mapAsync(n -> n * n, List.of(1, 2, 3)))) {
          squares.add(square);
        }
        assertThat(squares).containsExactly(1, 4, 9);

        var tasks = pool.mapAsync(n -> n + 1, List.of(1, 2, 3)).stream().map(loop::wrap);
        var values = new ArrayList<Integer>();
        for (var task : loop.asCompleted(tasks.toList())) {
          values.add(task.result());
        }
        assertThat(values).containsExactlyInAnyOrder(2, 3, 4);
      });
    }
  }

  @Test
  void anEndlessStreamOfResultsIsReadWhileOtherTasksRun() {
    try (var pool = Pool.ofProcesses(2)) {
      EventLoop.execute(loop -> {
        var closed = new AtomicInteger();
        var numbers = Stream.iterate(1L, n -> n + 1).onClose(closed::incrementAndGet);
        var squares = new ArrayList<Long>();
        var reader =
            loop.createTask(() -> {
              for (long square : loop.results(pool.stream(n -> n * n, numbers))) {
                squares.add(square);
              }
            });
        while (squares.size() < 100) {
          loop.sleep(Duration.ofMillis(1));
        }
        reader.cancel();
        loop.gatherAll(reader);
        assertThat(reader.isCancelled()).isTrue();
        assertThat(squares)
            .startsWith(
                LongStream.rangeClosed(1, 100).map(n -> n * n).boxed().toArray(Long[]::new));
        assertThat(closed).hasValue(1);
        assertThat(loop.<Integer>inPool(pool, () -> 2).await()).isEqualTo(2);
      });
    }
  }

  @Test
  void aCancelledReaderOfAStreamFreesItsWorkers() {
    try (var pool = Pool.ofProcesses(1)) {
      EventLoop.execute(loop -> {
        var results = new ArrayList<Integer>();
        var reader =
            loop.createTask(() -> {
              var numbers = Stream.iterate(1, n -> n + 1);
              var stream =
                  pool.withChunkSize(1).stream(
                      n -> {
                        if (n > 2) {
                          new CountDownLatch(1).await();
                        }
                        return n;
                      },
                      numbers);
              for (int result : loop.results(stream)) {
                results.add(result);
              }
            });
        while (results.size() < 2) {
          loop.sleep(Duration.ofMillis(1));
        }
        assertThatThrownBy(() -> loop.waitFor(reader, Duration.ofMillis(50)))
            .isInstanceOf(TimeoutException.class);
        assertThat(results).containsExactly(1, 2);
        assertThat(loop.<Integer>inPool(pool, () -> 2).await()).isEqualTo(2);
      });
    }
  }
}
