package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.Task;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.TaskLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool itself kills a worker, because a cancelled task does not mind. */
@NoLeaks
class CancelKillTest {

  /** What a cancelled task is given before its worker is killed. */
  private static final int GRACE_MILLIS = 1000;

  private static final int AROUND_MILLIS = 5;
  private static final int REPEATS = Math.max(5, Settings.KILLS / 4);

  @TempDir Path directory;

  @Test
  void aTaskThatWasCancelledIsNotRetriedWhenItsWorkerIsKilled() throws Exception {
    var file = directory.resolve("log").toString();
    try (var log = TaskLog.create(Path.of(file), 100);
        var pool = Pool.ofProcesses(1)) {
      try {
        var task = pool.withRetries(5).submit(() -> Deed.run(Deed.RESIST, file, 1));
        while (log.entries().isEmpty()) {
          Thread.sleep(1);
        }
        task.cancel(true);

        assertThat(pool.submit(() -> 7).get(60, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(log.entries()).hasSize(1);
      } finally {
        pool.terminate();
      }
    }
  }

  @Test
  void theItemsOfAnInterruptedMapAreNotRetriedWhenTheirWorkersAreKilled() throws Exception {
    var file = directory.resolve("log").toString();
    try (var log = TaskLog.create(Path.of(file), 100);
        var pool = Pool.ofProcesses(2)) {
      try {
        var caller = Thread.currentThread();
        var interrupter =
            Thread.ofPlatform()
                .start(() -> {
                  while (log.entries().size() < 2) {
                    Thread.onSpinWait();
                  }
                  caller.interrupt();
                });
        var retrying = pool.withRetries(5);
        assertThatThrownBy(
                () -> retrying.map(item -> Deed.run(Deed.RESIST, file, item), List.of(1, 2, 3)))
            .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        interrupter.join();

        assertThat(pool.submit(() -> 7).get(60, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(log.entries()).hasSize(2);
      } finally {
        pool.terminate();
      }
    }
  }

  @Test
  void whatRunsBehindACancelledTaskThatEndsJustInTimeIsNotKilledInItsPlace() throws Exception {
    var file = directory.resolve("log").toString();
    var random = new Random(Settings.SEED);
    try (var log = TaskLog.create(Path.of(file), 100_000);
        var pool = Pool.ofProcesses(1)) {
      for (var repeat = 0; repeat < REPEATS; repeat++) {
        // Tasks are known to be short, so that some are sent behind one that is not.
        submit(pool, 500, 0).forEach(Task::join);
        var before = log.size();
        var millis = GRACE_MILLIS - AROUND_MILLIS + random.nextInt(2 * AROUND_MILLIS);
        var task = pool.submit(() -> spin(file, millis));
        var others = submit(pool, 10, 20);
        while (log.entries(before).isEmpty()) {
          Thread.onSpinWait();
        }
        task.cancel(true);
        for (var other : others) {
          assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo(7);
        }
      }
    }
  }

  private static List<Task<Integer>> submit(Pool pool, int count, int millis) {
    return IntStream.range(0, count).mapToObj(i -> pool.submit(() -> nap(millis))).toList();
  }

  private static int nap(int millis) throws InterruptedException {
    if (millis > 0) {
      Thread.sleep(millis);
    }
    return 7;
  }

  private static long spin(String log, int millis) {
    TaskLog.announce(log, -1);
    var start = System.nanoTime();
    while (System.nanoTime() - start < millis * 1_000_000L) {
      Thread.onSpinWait();
    }
    return millis;
  }
}
