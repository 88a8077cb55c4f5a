package io.procession.spi;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable List<Transferable> counted;
  private long position;

  public Input(MemorySegment memory, ClassLoader loader) {
    this(memory, loader, null);
  }

  private Input(MemorySegment memory, ClassLoader loader, @Nullable List<Transferable> counted) {
    this.memory = memory;
    this.loader = loader;
    this.counted = counted;
  }

  /** An input whose bytes stay where they are, to be read again: what they count stays counted. */
  public static Input toBeReadAgain(MemorySegment memory, ClassLoader loader) {
    return new Input(memory, loader, new ArrayList<>(0));
  }

  /** Whether these bytes will be read again, so that a handle among them stays counted. */
  public boolean isToBeReadAgain() {
    return counted != null;
  }

  /** Told of each object whose handle was read and stays counted. */
  public void counts(Transferable object) {
    if (counted != null) {
      counted.add(object);
    }
  }

  /** These bytes will not be read again after all: what they count is counted no more. */
  public void settle() {
    if (counted != null) {
      counted.forEach(Transferable::stay);
      counted.clear();
    }
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

  /** Goes back to {@code position}, from which on everything is read again. */
  public void rewind(long position) {
    if (position < 0 || position > this.position) {
      throw new IllegalArgumentException(
          "cannot rewind to a place that was not read: position=%d read=%d"
              .formatted(position, this.position));
    }
    this.position = position;
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

  /**
   * Reads what {@link Output#putVarInt} appended.
   *
   * @throws IllegalStateException if more than five bytes claim to belong to the number
   */
  public int getVarInt() {
    var value = 0;
    for (var shift = 0; shift < 35; shift += 7) {
      var bits = getByte();
      value |= (bits & 0x7F) << shift;
      if (bits >= 0) {
        return value;
      }
    }
    throw new IllegalStateException(
        "a number has more than five bytes: position=%d".formatted(position));
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
