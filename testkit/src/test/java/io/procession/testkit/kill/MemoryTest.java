package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.WorkerCrashedException;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.TaskLog;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that takes all memory of its worker also takes it from the worker's own threads. */
@NoLeaks
class MemoryTest {

  private static final int HEAP_BYTES = 24 << 20;
  private static final int LARGE_BYTES = 500_000;
  private static final int REPEATS = 5;
  private static final int FILLING_MILLIS = 500;
  private static final long HOLDING_NANOS = 1_200_000_000;

  @TempDir Path directory;

  @Test
  void aWorkerWhoseControlThreadFoundNoMemoryIsNotWaitedForInVain() throws Exception {
    var file = directory.resolve("log").toString();
    try (var log = TaskLog.create(Path.of(file), 100);
        var pool = Pool.builder().workers(1).heapBytes(HEAP_BYTES).build()) {
      try {
        for (var repeat = 0; repeat < REPEATS; repeat++) {
          var before = log.size();
          var greedy = pool.submit(() -> holdAllMemory(file));
          while (log.size() == before) {
            Thread.sleep(1);
          }
          Thread.sleep(FILLING_MILLIS);
          // The worker hears of this while it has no memory.
          greedy.cancel(true);
          var large = pool.submit(Work::grow, new byte[0], LARGE_BYTES);
          try {
            assertThat(large.get(60, TimeUnit.SECONDS)).hasSize(LARGE_BYTES);
          } catch (ExecutionException failure) {
            assertThat(failure).hasCauseInstanceOf(WorkerCrashedException.class);
          }
        }
      } finally {
        pool.terminate();
      }
    }
  }

  private static int holdAllMemory(String log) {
    TaskLog.announce(log, 1);
    Object[] last = null;
    var start = System.nanoTime();
    while (System.nanoTime() - start < HOLDING_NANOS) {
      try {
        last = new Object[] {last, null};
      } catch (OutOfMemoryError e) {
        // That is the point: it stays like this for a while.
        Thread.onSpinWait();
      }
    }
    return last == null ? 0 : 1;
  }
}
