package io.procession;

import io.procession.internal.wire.StatusLayout;
import io.procession.internal.wire.StatusText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes a pool's status file, four times a second, from a thread of its own. */
final class StatusWriter {

  private static final long PERIOD_MILLIS = 250;

  private final Ledger ledger;
  private final Sight sight;
  private final Arena arena = Arena.ofShared();
  private final StatusLayout layout;
  private final long started = System.currentTimeMillis();
  private final CountDownLatch ended = new CountDownLatch(1);

  private StatusWriter(Ledger ledger, Sight sight, Path file) throws IOException {
    this.ledger = ledger;
    this.sight = sight;
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // What a file of that name held before is gone, but a reader's mapping of it stays valid.
      if (channel.size() > StatusLayout.BYTES) {
        channel.truncate(StatusLayout.BYTES);
      }
      layout = new StatusLayout(channel.map(MapMode.READ_WRITE, 0, StatusLayout.BYTES, arena));
      layout.format();
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Makes the file and begins to write.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  static StatusWriter start(String pool, Ledger ledger, Sight sight, Path file) {
    try {
      var writer = new StatusWriter(ledger, sight, file);
      writer.write();
      Thread.ofVirtual().name(pool + "-status").start(writer::run);
      return writer;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the status file of the pool cannot be written; name one in a folder that is there and"
              + " writable. pool=%s file=%s".formatted(pool, file),
          e);
    }
  }

  /** The pool has terminated: writes that, too, and ends. */
  void end() {
    ended.countDown();
  }

  private void run() {
    try (arena) {
      while (!ended.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
        write();
      }
      write();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }

  private void write() {
    var workers = ledger.workers();
    var counts = ledger.counts();
    layout.write(
        new StatusText(
                counts.pool(),
                ProcessHandle.current().pid(),
                started,
                System.currentTimeMillis(),
                counts.state(),
                counts.waiting(),
                sight.tasksEnded(),
                sight.tasksFailed(),
                sight.crashes(),
                counts.bytesInFlight(),
                workers.stream().map(StatusWriter::worker).toList(),
                0)
            .encode());
  }

  private static StatusText.Worker worker(WorkerInfo worker) {
    return new StatusText.Worker(
        worker.name(),
        worker.pid(),
        worker.state().name(),
        worker.started().toEpochMilli(),
        worker.tasksDone(),
        worker.task(),
        millis(worker.taskSince()),
        worker.residentBytes());
  }

  private static long millis(@Nullable Instant time) {
    return time == null ? 0 : time.toEpochMilli();
  }
}
