package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.TaskLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is stopped for a while is slow, not dead. */
@NoLeaks
class StopTest {

  private static final long STOPPED_MILLIS = 4000;
  private static final long STOPPED = -1;

  @TempDir Path directory;

  @Test
  void aTaskWhoseWorkerIsStoppedForSecondsIsNeitherFailedNorRunTwice() throws Exception {
    var file = directory.resolve("log").toString();
    var go = directory.resolve("go").toString();
    try (var log = TaskLog.create(Path.of(file), 10_000);
        var pool = Pool.ofProcesses(2)) {
      var stopped = pool.withRetries(3).submit(() -> startedAndWaiting(file, go));
      while (log.entries().isEmpty()) {
        Thread.sleep(1);
      }
      var pid = log.entries().getFirst().pid();
      // These are for both workers: the one that is stopped has some of them.
      var items = LongStream.range(0, 200).boxed().toList();
      var others = pool.mapAsync(item -> Work.run(file, item), items);
      Signals.send("STOP", pid);
      Signals.awaitState(pid, 'T');
      Files.createFile(Path.of(go));
      try {
        for (var item : items) {
          assertThat(others.get(item.intValue()).join()).isEqualTo(Work.answer(item));
        }
        Thread.sleep(STOPPED_MILLIS);
        assertThat(stopped).isNotDone();
      } finally {
        Signals.send("CONT", pid);
      }

      assertThat(stopped.join()).isEqualTo(pid);
      var entries = log.entries();
      assertThat(entries).hasSize(1 + items.size()).doesNotHaveDuplicates();
      assertThat(pool.workers()).anyMatch(worker -> worker.pid() == pid);
    }
  }

  private static long startedAndWaiting(String log, String go) throws InterruptedException {
    TaskLog.announce(log, STOPPED);
    while (!Files.exists(Path.of(go))) {
      Thread.sleep(1);
    }
    return ProcessHandle.current().pid();
  }
}
