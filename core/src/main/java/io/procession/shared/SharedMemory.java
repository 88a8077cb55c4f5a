package io.procession.shared;

import io.procession.internal.wire.BlockKind;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Memory that the processes of a family use at once, each through a {@link MemorySegment} of its
 * own. It is not copied when its handle travels, whatever its size.
 *
 * {@snippet :
 * try (var matrix = SharedMemory.create(8L * rows * columns)) {
 *   pool.forEach(row -> invert(matrix.memory(), row), rowNumbers);
 * }
 * }
 *
 * <p>A {@linkplain #slice slice} and a {@linkplain #readOnly read-only view} are handles of their
 * own: each travels as what it is, keeps the whole alive, and is closed by itself.
 *
 * <p>Nothing here orders the accesses of different processes: a lock, a queue, or the access modes
 * of a {@link java.lang.invoke.VarHandle} over the segment do. What a process wrote before it died
 * stays written, be it half of something.
 *
 * <p>After {@link #close} each access through a segment or buffer that this handle gave out, in
 * whatever thread, throws {@link IllegalStateException}. A handle that nobody closed is given up
 * once neither it nor any such segment is reachable.
 */
public final class SharedMemory extends SharedObject {

  /** What a handle shows. */
  private record Range(long offset, long bytes, boolean isReadOnly) {}

  private final Range range;

  private SharedMemory(Place place, Range range) {
    super(place, range, place.view(range.offset, range.bytes));
    this.range = range;
  }

  /**
   * Makes memory of zeros, aligned to 64 bytes. Pages that nobody writes take no memory.
   *
   * @throws IllegalArgumentException if {@code bytes} is negative
   * @throws IllegalStateException if the family's memory does not suffice
   */
  public static SharedMemory create(long bytes) {
    return new SharedMemory(allocate(BlockKind.MEMORY, bytes), new Range(0, bytes, false));
  }

  /**
   * Makes memory with the content of {@code source}.
   *
   * @throws IllegalStateException if the family's memory does not suffice, or {@code source} is
   *     closed
   */
  public static SharedMemory copyOf(MemorySegment source) {
    var result = create(source.byteSize());
    try {
      result.copyFrom(source);
      return result;
    } catch (RuntimeException | Error e) {
      result.close();
      throw e;
    }
  }

  static SharedMemory readFrom(Input input) throws IOException {
    var range = new Range(input.getLong(), input.getLong(), input.getByte() != 0);
    return read(input, SharedMemory.class, range, place -> new SharedMemory(place, range));
  }

  @Override
  void writePart(Output output) {
    output.putLong(range.offset);
    output.putLong(range.bytes);
    output.putByte(range.isReadOnly ? 1 : 0);
  }

  /** Its size. */
  public long byteSize() {
    return range.bytes;
  }

  /** Whether its segments and buffers refuse to be written to. */
  public boolean isReadOnly() {
    return range.isReadOnly;
  }

  /**
   * The memory, for typed access; any thread may use it until this handle is closed.
   *
   * @throws IllegalStateException if this handle is closed
   */
  public MemorySegment memory() {
    var whole = open();
    return range.isReadOnly ? whole.asReadOnly() : whole;
  }

  /**
   * The memory as a buffer, in the byte order of this machine; any thread may use it until this
   * handle is closed.
   *
   * @throws IllegalStateException if this handle is closed
   * @throws UnsupportedOperationException if it is larger than a buffer can be; take a slice then
   */
  public ByteBuffer asBuffer() {
    var segment = memory();
    if (range.bytes > Integer.MAX_VALUE) {
      throw new UnsupportedOperationException(
          "a buffer has at most %d bytes; use memory(), or a slice. bytes=%d"
              .formatted(Integer.MAX_VALUE, range.bytes));
    }
    return segment.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /**
   * A handle of the bytes from {@code offset} on. It is another handle of the same memory,
   * read-only if this one is, and closed by itself.
   *
   * @throws IndexOutOfBoundsException if the range is not inside this one
   * @throws IllegalStateException if this handle is closed
   */
  public SharedMemory slice(long offset, long bytes) {
    Objects.checkFromIndexSize(offset, bytes, range.bytes);
    var part = new Range(range.offset + offset, bytes, range.isReadOnly);
    return new SharedMemory(holdAgain(), part);
  }

  /**
   * A handle of the same memory whose segments cannot be written to, here and wherever it travels.
   * It is closed by itself. It guards against mistakes, not against malice.
   *
   * @throws IllegalStateException if this handle is closed
   */
  public SharedMemory readOnly() {
    return new SharedMemory(holdAgain(), new Range(range.offset, range.bytes, true));
  }

  /**
   * Sets the first bytes to those of {@code source}, such as {@code MemorySegment.ofArray(array)}.
   *
   * @throws IndexOutOfBoundsException if {@code source} is larger than this
   * @throws IllegalArgumentException if this is read-only
   * @throws IllegalStateException if this handle or {@code source} is closed
   */
  public void copyFrom(MemorySegment source) {
    MemorySegment.copy(source, 0, memory(), 0, source.byteSize());
  }

  /**
   * Copies the first bytes, as many as {@code target} has.
   *
   * @throws IndexOutOfBoundsException if {@code target} is larger than this
   * @throws IllegalStateException if this handle or {@code target} is closed
   */
  public void copyTo(MemorySegment target) {
    MemorySegment.copy(memory(), 0, target, 0, target.byteSize());
  }
}
