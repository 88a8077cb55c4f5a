package io.procession.internal.wire;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a child is told about itself when it is born, through its standard input; and, in a child,
 * the place to read it.
 *
 * @param name its name
 * @param daemon whether it ends with its parent's main
 * @param worker whether it serves a pool; else it runs one function and ends
 * @param ancestors its ancestors, the root first, its parent last
 * @param channel the encoded handle of the segment that it shares with its parent
 * @param hub the encoded handle of the segment on which its parent waits
 * @param family the encoded handle of the segment that the whole family shares
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record Birth(
    String name,
    boolean daemon,
    boolean worker,
    List<Ancestor> ancestors,
    byte[] channel,
    byte[] hub,
    byte[] family) {

  private static volatile @Nullable Birth current;
  private static volatile boolean booting;

  /**
   * An ancestor of a process.
   *
   * @param start when it started, as the platform tells it
   */
  public record Ancestor(String name, long pid, long start) {}

  public Birth {
    ancestors = List.copyOf(ancestors);
  }

  public Ancestor parent() {
    return ancestors.getLast();
  }

  /** What this process was told; null in the root of a family. */
  public static @Nullable Birth current() {
    return current;
  }

  /** Whether this process is a child in which no function of the user's has run yet. */
  public static boolean isBooting() {
    return booting;
  }

  /** Called once in a child, before any other use of the library. */
  public static void begin(Birth birth) {
    current = birth;
    booting = true;
  }

  /** Called in a child that was started in advance, when it is needed. */
  public static void adopt(String name, boolean daemon) {
    var own = current;
    if (own != null) {
      current =
          new Birth(name, daemon, own.worker, own.ancestors, own.channel, own.hub, own.family);
    }
  }

  /** Called before the first function of the user's runs. */
  public static void booted() {
    if (booting) {
      booting = false;
    }
  }

  public void encode(DataOutput out) throws IOException {
    out.writeInt(ChannelLayout.VERSION);
    out.writeUTF(name);
    out.writeBoolean(daemon);
    out.writeBoolean(worker);
    out.writeInt(ancestors.size());
    for (var ancestor : ancestors) {
      out.writeUTF(ancestor.name);
      out.writeLong(ancestor.pid);
      out.writeLong(ancestor.start);
    }
    out.writeInt(channel.length);
    out.write(channel);
    out.writeInt(hub.length);
    out.write(hub);
    out.writeInt(family.length);
    out.write(family);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IOException if the parent's version is another than this process's
   */
  public static Birth decode(DataInput in) throws IOException {
    var version = in.readInt();
    if (version != ChannelLayout.VERSION) {
      throw new IOException(
          "the parent process uses another version of Procession; give parent and child the same"
              + " library. parent=%d child=%d".formatted(version, ChannelLayout.VERSION));
    }
    var name = in.readUTF();
    var daemon = in.readBoolean();
    var worker = in.readBoolean();
    var ancestors = new ArrayList<Ancestor>();
    for (var left = in.readInt(); left > 0; left--) {
      ancestors.add(new Ancestor(in.readUTF(), in.readLong(), in.readLong()));
    }
    return new Birth(name, daemon, worker, ancestors, readBytes(in), readBytes(in), readBytes(in));
  }

  private static byte[] readBytes(DataInput in) throws IOException {
    var bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
