package io.procession.status;

import io.procession.internal.wire.StatusLayout;
import io.procession.internal.wire.StatusText;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/**
 * What a pool was doing when it last wrote its status file, which it does some times a second, and
 * once more at its end. {@code PoolBuilder.status(file)} has a pool write one.
 *
 * @param pool the pool's name
 * @param pid the process that the pool is of
 * @param started when the pool was started
 * @param written when this was written
 * @param state {@code RUNNING}, {@code SHUTDOWN}, {@code BROKEN} or {@code TERMINATED}
 * @param waiting how many tasks waited for a worker
 * @param tasksDone how many tasks had ended in workers
 * @param tasksFailed how many of them had failed
 * @param crashes how many workers had died by themselves
 * @param bytesInFlight bytes of arguments of tasks that had not ended
 * @param workers the workers; of very many those that the file has room for, a thousand at the most
 * @param workersLeftOut how many more workers there were
 */
public record PoolStatus(
    String pool,
    long pid,
    Instant started,
    Instant written,
    String state,
    long waiting,
    long tasksDone,
    long tasksFailed,
    long crashes,
    long bytesInFlight,
    List<WorkerStatus> workers,
    int workersLeftOut) {

  public PoolStatus {
    workers = List.copyOf(workers);
  }

  /**
   * Reads a status file. Does not block, and does not disturb the pool.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if it is no status file, or of another version, or nothing was written yet
   */
  public static PoolStatus read(Path file) throws IOException {
    try (var arena = Arena.ofConfined();
        var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // A file that is larger than that is no status file either.
      if (channel.size() != StatusLayout.BYTES) {
        throw new IOException("this is no status file of a pool. file=" + file);
      }
      var layout = new StatusLayout(channel.map(MapMode.READ_ONLY, 0, StatusLayout.BYTES, arena));
      if (!layout.isOne()) {
        throw new IOException("this is no status file of a pool. file=" + file);
      }
      if (layout.version() != StatusLayout.VERSION) {
        throw new IOException(
            "the status file is of another version of Procession; read it with that one. file=%s"
                    .formatted(file)
                + " version=%d own=%d".formatted(layout.version(), StatusLayout.VERSION));
      }
      var text = layout.read();
      if (text == null) {
        throw new IOException("the pool has not written its status yet. file=" + file);
      }
      return of(StatusText.decode(text));
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage() + " file=" + file, e);
    }
  }

  private static PoolStatus of(StatusText text) {
    return new PoolStatus(
        text.pool(),
        text.pid(),
        Instant.ofEpochMilli(text.started()),
        Instant.ofEpochMilli(text.written()),
        text.state(),
        text.waiting(),
        text.tasksDone(),
        text.tasksFailed(),
        text.crashes(),
        text.bytesInFlight(),
        text.workers().stream().map(PoolStatus::of).toList(),
        text.workersLeftOut());
  }

  private static WorkerStatus of(StatusText.Worker worker) {
    return new WorkerStatus(
        worker.name(),
        worker.pid(),
        worker.state(),
        Instant.ofEpochMilli(worker.started()),
        worker.tasksDone(),
        worker.task(),
        worker.taskSince() == 0 ? null : Instant.ofEpochMilli(worker.taskSince()),
        worker.residentBytes());
  }
}
