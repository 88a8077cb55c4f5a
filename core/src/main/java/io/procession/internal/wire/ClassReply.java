package io.procession.internal.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The parent's answer to a {@link ClassRequest}.
 *
 * <pre>
 *   version, byte | number of entries, int | entries
 *   entry: status, byte | loader id, int | name, modified UTF-8 | length, int | bytes
 * </pre>
 *
 * The first entry answers the question; for a class, more entries follow that the child will need.
 * For {@code RESOURCES} there is one entry for each resource, in the loader's order.
 */
public record ClassReply(List<Entry> entries) {

  /** What the parent knows about a name. */
  public enum Status {
    /** Here are the bytes. */
    FOUND((byte) 0),
    /** The parent has it from where the child has it, too: class path, module path or JDK. */
    LOCAL((byte) 1),
    /** The parent has no such thing. */
    ABSENT((byte) 2),
    /** The parent has it, but cannot send it; the bytes are a sentence in UTF-8 that says why. */
    REFUSED((byte) 3);

    private final byte code;

    Status(byte code) {
      this.code = code;
    }

    private static Status of(byte code) {
      for (var status : values()) {
        if (status.code == code) {
          return status;
        }
      }
      throw new IllegalArgumentException(
          "A class reply has an unknown status; it is damaged. status=" + code);
    }
  }

  /**
   * One answer.
   *
   * @param loaderId the loader that defines the class in the parent: it belongs to the child's
   *     loader of that id
   * @param name as in the request
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier; nobody compares entries
  public record Entry(Status status, int loaderId, String name, byte[] bytes) {}

  public ClassReply {
    entries = List.copyOf(entries);
  }

  /** The reply's bytes. */
  public byte[] encode() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(ClassRequest.VERSION);
      out.writeInt(entries.size());
      for (var entry : entries) {
        out.writeByte(entry.status.code);
        out.writeInt(entry.loaderId);
        out.writeUTF(entry.name);
        out.writeInt(entry.bytes.length);
        out.write(entry.bytes);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("The name of a class or resource is too long.", e);
    }
    return bytes.toByteArray();
  }

  /**
   * The reply that these bytes are.
   *
   * @throws IllegalArgumentException if these bytes are none of this version's replies
   */
  public static ClassReply decode(byte[] bytes) {
    ClassRequest.requireVersion(bytes, 5, "reply");
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes, 1, bytes.length - 1))) {
      int count = in.readInt();
      var entries = new ArrayList<Entry>();
      for (int i = 0; i < count; i++) {
        var status = Status.of(in.readByte());
        int loaderId = in.readInt();
        var name = in.readUTF();
        int length = in.readInt();
        var content = in.readNBytes(Math.max(0, length));
        if (content.length != length) {
          throw new IllegalArgumentException(
              "A class reply is cut short. name=" + name + " bytes=" + bytes.length);
        }
        entries.add(new Entry(status, loaderId, name, content));
      }
      return new ClassReply(entries);
    } catch (IOException e) {
      throw new IllegalArgumentException("A class reply is damaged. bytes=" + bytes.length, e);
    }
  }
}
