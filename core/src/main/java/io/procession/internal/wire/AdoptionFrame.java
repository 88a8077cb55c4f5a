package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What a child that was started in advance is told when it is needed.
 *
 * <pre>
 *   0  whether it ends with its parent's main: a byte
 *   1  its name, in UTF-8
 * </pre>
 *
 * @param memory the record
 */
public record AdoptionFrame(MemorySegment memory) {

  private static final long NAME = 1;

  /** The name as it is written. */
  public static byte[] encode(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** How long the frame is. */
  public static long bytes(byte[] name) {
    return NAME + name.length;
  }

  public void write(byte[] name, boolean daemon) {
    memory.set(ValueLayout.JAVA_BYTE, 0, (byte) (daemon ? 1 : 0));
    // Byte by byte: the JVM links more for a bulk copy, which a new child pays for.
    for (var i = 0; i < name.length; i++) {
      memory.set(ValueLayout.JAVA_BYTE, NAME + i, name[i]);
    }
  }

  public boolean daemon() {
    return memory.get(ValueLayout.JAVA_BYTE, 0) != 0;
  }

  public String name() {
    var bytes = new byte[(int) (memory.byteSize() - NAME)];
    for (var i = 0; i < bytes.length; i++) {
      bytes[i] = memory.get(ValueLayout.JAVA_BYTE, NAME + i);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
