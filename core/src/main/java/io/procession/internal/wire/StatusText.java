package io.procession.internal.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link StatusLayout} holds: a pool and its workers, of which it lists the first ones, as
 * many as there is room for. Times are milliseconds since 1970.
 *
 * @param workersLeftOut how many workers there are that are not listed
 */
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
    List<Worker> workers,
    int workersLeftOut) {

  /** One worker; {@code task} is 0 and {@code taskSince} 0 if it runs none. */
  public record Worker(
      String name,
      long pid,
      String state,
      long started,
      long tasksDone,
      long task,
      long taskSince,
      long residentBytes) {

    private void writeTo(DataOutputStream out) throws IOException {
      out.writeUTF(name);
      out.writeLong(pid);
      out.writeUTF(state);
      out.writeLong(started);
      out.writeLong(tasksDone);
      out.writeLong(task);
      out.writeLong(taskSince);
      out.writeLong(residentBytes);
    }
  }

  private static final int MOST_WORKERS = 1000;

  public StatusText {
    workers = List.copyOf(workers);
  }

  /** Gives at most {@link StatusLayout#MOST_BYTES} bytes; what has no room there is left out. */
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
      var room = StatusLayout.MOST_BYTES - bytes.size() - 2 * Integer.BYTES;
      var listed = new ByteArrayOutputStream();
      var fitting = 0;
      var fittingBytes = 0;
      for (var worker : workers.subList(0, Math.min(workers.size(), MOST_WORKERS))) {
        worker.writeTo(new DataOutputStream(listed));
        if (listed.size() > room) {
          break;
        }
        fitting++;
        fittingBytes = listed.size();
      }
      out.writeInt(workersLeftOut + workers.size() - fitting);
      out.writeInt(fitting);
      out.write(listed.toByteArray(), 0, fittingBytes);
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
    var workersLeftOut = in.readInt();
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
        workers,
        workersLeftOut);
  }
}
