package io.procession.internal.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What a {@link StatusLayout} holds: a pool and its workers. Times are milliseconds since 1970. */
public record StatusText(
    String pool,
    long pid,
    long started,
    long written,
    String state,
    long waiting,
    long tasksDone,
    long tasksFailed,
    long crashes,
    long bytesInFlight,
    List<Worker> workers) {

  /** One worker; {@code task} is 0 and {@code taskSince} 0 if it runs none. */
  public record Worker(
      String name,
      long pid,
      String state,
      long started,
      long tasksDone,
      long task,
      long taskSince,
      long residentBytes) {}

  private static final int MOST_WORKERS = 1000;

  public StatusText {
    workers = List.copyOf(workers);
  }

  public byte[] encode() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeUTF(pool);
      out.writeLong(pid);
      out.writeLong(started);
      out.writeLong(written);
      out.writeUTF(state);
      out.writeLong(waiting);
      out.writeLong(tasksDone);
      out.writeLong(tasksFailed);
      out.writeLong(crashes);
      out.writeLong(bytesInFlight);
      var listed = workers.subList(0, Math.min(workers.size(), MOST_WORKERS));
      out.writeInt(listed.size());
      for (var worker : listed) {
        out.writeUTF(worker.name);
        out.writeLong(worker.pid);
        out.writeUTF(worker.state);
        out.writeLong(worker.started);
        out.writeLong(worker.tasksDone);
        out.writeLong(worker.task);
        out.writeLong(worker.taskSince);
        out.writeLong(worker.residentBytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes all bytes", e);
    }
    return bytes.toByteArray();
  }

  public static StatusText decode(byte[] bytes) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    var pool = in.readUTF();
    var pid = in.readLong();
    var started = in.readLong();
    var written = in.readLong();
    var state = in.readUTF();
    var waiting = in.readLong();
    var tasksDone = in.readLong();
    var tasksFailed = in.readLong();
    var crashes = in.readLong();
    var bytesInFlight = in.readLong();
    var workers = new ArrayList<Worker>();
    for (var left = in.readInt(); left > 0; left--) {
      workers.add(
          new Worker(
              in.readUTF(),
              in.readLong(),
              in.readUTF(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong()));
    }
    return new StatusText(
        pool,
        pid,
        started,
        written,
        state,
        waiting,
        tasksDone,
        tasksFailed,
        crashes,
        bytesInFlight,
        workers);
  }
}
