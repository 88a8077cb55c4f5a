package io.procession.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** An array in the memory of a family. */
abstract class SharedArray extends SharedObject {

  private final ValueLayout layout;
  private final int length;

  SharedArray(Place place, ValueLayout layout) {
    super(place, WHOLE, place.view());
    this.layout = layout;
    length = Math.toIntExact(memory.byteSize() / layout.byteSize());
  }

  /** The bytes of so many elements. */
  static long bytes(int length, ValueLayout layout) {
    if (length < 0) {
      throw new NegativeArraySizeException("an array cannot have a negative length=" + length);
    }
    return length * layout.byteSize();
  }

  /** The number of elements. */
  public final int length() {
    return length;
  }

  /**
   * The elements as memory, in the byte order of this machine, not copied. It is of use until this
   * handle is closed; then each access throws {@link IllegalStateException}.
   *
   * @throws IllegalStateException if this handle is closed
   */
  public final MemorySegment asSegment() {
    return open();
  }

  /** Where the element lies. */
  final long offset(int index) {
    return Objects.checkIndex(index, length) * layout.byteSize();
  }

  /** Where a range begins, once it is known to be inside. */
  final long offset(int index, int count) {
    return Objects.checkFromIndexSize(index, count, length) * layout.byteSize();
  }
}
