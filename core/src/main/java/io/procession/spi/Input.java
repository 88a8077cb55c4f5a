package io.procession.spi;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bytes that an {@link Output} took, to be read in the same order, and the class loader that
 * knows their classes.
 *
 * <p>Reading past the end throws {@link IndexOutOfBoundsException}. Not safe for use by several
 * threads at once.
 */
public final class Input {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final MemorySegment memory;
  private final ClassLoader loader;
  private long position;

  public Input(MemorySegment memory, ClassLoader loader) {
    this.memory = memory;
    this.loader = loader;
  }

  /** The loader through which the classes of this input are found. */
  public ClassLoader loader() {
    return loader;
  }

  /** How many bytes were read. */
  public long position() {
    return position;
  }

  /** How many bytes are left. */
  public long remaining() {
    return memory.byteSize() - position;
  }

  public byte getByte() {
    var value = memory.get(ValueLayout.JAVA_BYTE, position);
    position += Byte.BYTES;
    return value;
  }

  public short getShort() {
    var value = memory.get(SHORT, position);
    position += Short.BYTES;
    return value;
  }

  public int getInt() {
    var value = memory.get(INT, position);
    position += Integer.BYTES;
    return value;
  }

  public long getLong() {
    var value = memory.get(LONG, position);
    position += Long.BYTES;
    return value;
  }

  /** Fills {@code length} bytes of {@code target} from {@code offset} on. */
  public void getBytes(byte[] target, int offset, int length) {
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, position, target, offset, length);
    position += length;
  }

  /** The next {@code bytes} bytes, not copied. */
  public MemorySegment getSegment(long bytes) {
    var slice = memory.asSlice(position, bytes);
    position += bytes;
    return slice;
  }
}
