package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.TaskLog;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool itself kills a worker, because a cancelled task does not mind. */
@NoLeaks
class CancelKillTest {

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
}
