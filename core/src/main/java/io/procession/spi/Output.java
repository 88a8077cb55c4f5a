package io.procession.spi;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A growing run of bytes, little-endian and without padding, that a {@link Codec} writes straight
 * into the memory in which it will travel.
 *
 * <p>Not safe for use by several threads at once.
 */
public abstract class Output {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private MemorySegment memory;
  private long limit;
  private long position;

  /** Starts with {@code memory}, which may be empty. */
  protected Output(MemorySegment memory) {
    this.memory = memory;
    this.limit = memory.byteSize();
  }

  /**
   * Gives larger memory whose first {@code usedBytes} bytes are those of {@code memory}.
   *
   * @param memory what is used now
   * @param usedBytes how many of its bytes were written
   * @param neededBytes how many bytes the new memory must have at the least
   */
  protected abstract MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes);

  /**
   * Told of each object of which these bytes hold a handle only, before the handle is written. What
   * may be read several times keeps it reachable as long; what is read once has it {@link
   * Transferable#depart depart} when it is sent.
   */
  public void keep(Transferable object) {}

  /** Whether these bytes are read once at the most, perhaps after this process has ended. */
  public boolean isReadOnce() {
    return false;
  }

  /** How many bytes were written. */
  public final long position() {
    return position;
  }

  /** Takes back all that was written from {@code position} on. */
  public final void rewind(long position) {
    if (position < 0 || position > this.position) {
      throw new IllegalArgumentException(
          "cannot rewind to a place that was not written: position=%d written=%d"
              .formatted(position, this.position));
    }
    this.position = position;
  }

  /** What was written so far; valid until the next write. */
  public final MemorySegment written() {
    return memory.asSlice(0, position);
  }

  /** The next {@code bytes} bytes, to be filled by the caller; valid until the next write. */
  public final MemorySegment reserve(long bytes) {
    var start = advance(bytes);
    return memory.asSlice(start, bytes);
  }

  public final void putByte(int value) {
    var at = advance(Byte.BYTES);
    memory.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  public final void putShort(int value) {
    var at = advance(Short.BYTES);
    memory.set(SHORT, at, (short) value);
  }

  public final void putInt(int value) {
    var at = advance(Integer.BYTES);
    memory.set(INT, at, value);
  }

  public final void putLong(long value) {
    var at = advance(Long.BYTES);
    memory.set(LONG, at, value);
  }

  /**
   * Appends {@code value}, taken as unsigned, in one to five bytes: seven bits each, the lowest
   * first, and the top bit set in all but the last.
   */
  public final void putVarInt(int value) {
    var rest = value;
    while ((rest & ~0x7F) != 0) {
      putByte(rest | 0x80);
      rest >>>= 7;
    }
    putByte(rest);
  }

  /** Overwrites the four bytes at {@code position}, which were written before. */
  public final void setInt(long position, int value) {
    memory.set(INT, position, value);
  }

  /** Appends {@code length} bytes of {@code source} from {@code offset} on. */
  public final void putBytes(byte[] source, int offset, int length) {
    var at = advance(length);
    MemorySegment.copy(source, offset, memory, ValueLayout.JAVA_BYTE, at, length);
  }

  /** Appends all bytes of {@code source}. */
  public final void putSegment(MemorySegment source) {
    var at = advance(source.byteSize());
    MemorySegment.copy(source, 0, memory, at, source.byteSize());
  }

  private long advance(long bytes) {
    var start = position;
    var end = start + bytes;
    if (end > limit) {
      memory = grow(memory, start, end);
      limit = memory.byteSize();
    }
    position = end;
    return start;
  }
}
