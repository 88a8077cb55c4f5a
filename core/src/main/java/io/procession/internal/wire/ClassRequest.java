package io.procession.internal.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A child's question for a class or a resource that it lacks.
 *
 * <pre>
 *   0        1        2                 6
 *   +--------+--------+--------+--------+--------+--------+----------------
 *   | version|  kind  |    loader id, int        |   name, UTF-8, to the end
 *   +--------+--------+--------+--------+--------+--------+----------------
 * </pre>
 *
 * Big-endian.
 *
 * @param loaderId which of the parent's class loaders is asked; 0 is its application loader
 * @param name a class's binary name ({@code a.b.C$D}), or a resource's name ({@code a/b.txt})
 */
public record ClassRequest(Kind kind, int loaderId, String name) {

  /** Of this encoding and of {@link ClassReply}'s; raised with any change of either. */
  public static final byte VERSION = 1;

  /** What is wanted. */
  public enum Kind {
    /** One class, and those that it will need. */
    CLASS((byte) 0),
    /** The first resource of this name. */
    RESOURCE((byte) 1),
    /** All resources of this name. */
    RESOURCES((byte) 2);

    private final byte code;

    Kind(byte code) {
      this.code = code;
    }

    private static Kind of(byte code) {
      for (var kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException(
          "A class request is of an unknown kind; it is damaged. kind=" + code);
    }
  }

  /** The request's bytes. */
  public byte[] encode() {
    var text = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(6 + text.length)
        .put(VERSION)
        .put(kind.code)
        .putInt(loaderId)
        .put(text)
        .array();
  }

  /**
   * The request that these bytes are.
   *
   * @throws IllegalArgumentException if these bytes are none of this version's requests
   */
  public static ClassRequest decode(byte[] bytes) {
    requireVersion(bytes, 6, "request");
    return new ClassRequest(
        Kind.of(bytes[1]),
        ByteBuffer.wrap(bytes).getInt(2),
        new String(bytes, 6, bytes.length - 6, StandardCharsets.UTF_8));
  }

  static void requireVersion(byte[] bytes, int minimumBytes, String what) {
    if (bytes.length < minimumBytes) {
      throw new IllegalArgumentException(
          "A class " + what + " is cut short. bytes=" + bytes.length);
    }
    if (bytes[0] != VERSION) {
      throw new IllegalArgumentException(
          "A class "
              + what
              + " has another version than this one understands; parent and child must run the same"
              + " version of the library. expected="
              + VERSION
              + " found="
              + bytes[0]);
    }
  }
}
