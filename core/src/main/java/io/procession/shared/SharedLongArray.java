package io.procession.shared;

import io.procession.internal.wire.BlockKind;
import io.procession.spi.Input;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An array of {@code long} that the processes of a family update atomically: {@link
 * AtomicLongArray} with the same methods, and the same memory effects between processes as between
 * threads; and ways to copy much at once.
 *
 * <p>No method blocks. A process that dies has either done an update of one element or not; copying
 * and filling are one update for each element. An index outside the array is an {@link
 * IndexOutOfBoundsException}, and nothing is changed. After {@link #close} each method but {@code
 * length} and {@code toString} throws {@link IllegalStateException}. It is as large as memory
 * allows; elements that nobody touched take none.
 */
public final class SharedLongArray extends SharedArray {

  private static final ValueLayout.OfLong LAYOUT = ValueLayout.JAVA_LONG;
  private static final VarHandle ELEMENT = LAYOUT.varHandle();

  private SharedLongArray(Place place) {
    super(place, LAYOUT);
  }

  /**
   * Makes one in the memory of this process's family, of zeros.
   *
   * @throws NegativeArraySizeException if {@code length} is negative
   * @throws IllegalStateException if the family's memory does not suffice
   */
  public static SharedLongArray create(int length) {
    return new SharedLongArray(allocate(BlockKind.LONG_ARRAY, bytes(length, LAYOUT)));
  }

  /**
   * Makes one with the elements of {@code array}.
   *
   * @throws IllegalStateException if the family's memory does not suffice
   */
  public static SharedLongArray copyOf(long[] array) {
    var result = create(array.length);
    result.copyFrom(array);
    return result;
  }

  static SharedLongArray readFrom(Input input) throws IOException {
    return read(input, SharedLongArray.class, SharedLongArray::new);
  }

  /** The element, with the memory effects of {@link VarHandle#getVolatile}. */
  public long get(int index) {
    return (long) ELEMENT.getVolatile(open(), offset(index));
  }

  /** Sets the element, with the memory effects of {@link VarHandle#setVolatile}. */
  public void set(int index, long newValue) {
    ELEMENT.setVolatile(open(), offset(index), newValue);
  }

  /** Sets the element, with the memory effects of {@link VarHandle#setRelease}. */
  public void lazySet(int index, long newValue) {
    setRelease(index, newValue);
  }

  /** Sets the element and gives the one before. */
  public long getAndSet(int index, long newValue) {
    return (long) ELEMENT.getAndSet(open(), offset(index), newValue);
  }

  /** Sets the element if it is {@code expectedValue}; gives whether it was. */
  public boolean compareAndSet(int index, long expectedValue, long newValue) {
    return ELEMENT.compareAndSet(open(), offset(index), expectedValue, newValue);
  }

  /** Adds one and gives the element before. */
  public long getAndIncrement(int index) {
    return getAndAdd(index, 1);
  }

  /** Takes one away and gives the element before. */
  public long getAndDecrement(int index) {
    return getAndAdd(index, -1);
  }

  /** Adds {@code delta} and gives the element before. */
  public long getAndAdd(int index, long delta) {
    return (long) ELEMENT.getAndAdd(open(), offset(index), delta);
  }

  /** Adds one and gives the new element. */
  public long incrementAndGet(int index) {
    return getAndAdd(index, 1) + 1;
  }

  /** Takes one away and gives the new element. */
  public long decrementAndGet(int index) {
    return getAndAdd(index, -1) - 1;
  }

  /** Adds {@code delta} and gives the new element. */
  public long addAndGet(int index, long delta) {
    return getAndAdd(index, delta) + delta;
  }

  /**
   * Sets the element to what {@code update} makes of it, and gives the one before.
   *
   * @param update runs here, again whenever another thread or process was faster: it has no effects
   */
  public long getAndUpdate(int index, LongUnaryOperator update) {
    while (true) {
      var value = get(index);
      if (weakCompareAndSetVolatile(index, value, update.applyAsLong(value))) {
        return value;
      }
    }
  }

  /** The same as {@link #getAndUpdate}, and gives the new element. */
  public long updateAndGet(int index, LongUnaryOperator update) {
    while (true) {
      var value = get(index);
      var updated = update.applyAsLong(value);
      if (weakCompareAndSetVolatile(index, value, updated)) {
        return updated;
      }
    }
  }

  /**
   * Sets the element to what {@code accumulator} makes of it and {@code x}, and gives the one
   * before.
   *
   * @param accumulator as in {@link #getAndUpdate}
   */
  public long getAndAccumulate(int index, long x, LongBinaryOperator accumulator) {
    return getAndUpdate(index, value -> accumulator.applyAsLong(value, x));
  }

  /** The same as {@link #getAndAccumulate}, and gives the new element. */
  public long accumulateAndGet(int index, long x, LongBinaryOperator accumulator) {
    return updateAndGet(index, value -> accumulator.applyAsLong(value, x));
  }

  /** The element, with the memory effects of a variable that is not volatile. */
  public long getPlain(int index) {
    return (long) ELEMENT.get(open(), offset(index));
  }

  /** Sets the element, with the memory effects of a variable that is not volatile. */
  public void setPlain(int index, long newValue) {
    ELEMENT.set(open(), offset(index), newValue);
  }

  /** The element, with the memory effects of {@link VarHandle#getOpaque}. */
  public long getOpaque(int index) {
    return (long) ELEMENT.getOpaque(open(), offset(index));
  }

  /** Sets the element, with the memory effects of {@link VarHandle#setOpaque}. */
  public void setOpaque(int index, long newValue) {
    ELEMENT.setOpaque(open(), offset(index), newValue);
  }

  /** The element, with the memory effects of {@link VarHandle#getAcquire}. */
  public long getAcquire(int index) {
    return (long) ELEMENT.getAcquire(open(), offset(index));
  }

  /** Sets the element, with the memory effects of {@link VarHandle#setRelease}. */
  public void setRelease(int index, long newValue) {
    ELEMENT.setRelease(open(), offset(index), newValue);
  }

  /** Sets the element if it is {@code expectedValue}; gives what it was, as the JDK's. */
  public long compareAndExchange(int index, long expectedValue, long newValue) {
    return (long) ELEMENT.compareAndExchange(open(), offset(index), expectedValue, newValue);
  }

  /** The same with the memory effects of {@link VarHandle#compareAndExchangeAcquire}. */
  public long compareAndExchangeAcquire(int index, long expectedValue, long newValue) {
    return (long) ELEMENT.compareAndExchangeAcquire(open(), offset(index), expectedValue, newValue);
  }

  /** The same with the memory effects of {@link VarHandle#compareAndExchangeRelease}. */
  public long compareAndExchangeRelease(int index, long expectedValue, long newValue) {
    return (long) ELEMENT.compareAndExchangeRelease(open(), offset(index), expectedValue, newValue);
  }

  /** May fail for nothing; with the memory effects of {@link VarHandle#weakCompareAndSetPlain}. */
  public boolean weakCompareAndSetPlain(int index, long expectedValue, long newValue) {
    return ELEMENT.weakCompareAndSetPlain(open(), offset(index), expectedValue, newValue);
  }

  /** May fail for nothing; with the memory effects of {@link VarHandle#weakCompareAndSet}. */
  public boolean weakCompareAndSetVolatile(int index, long expectedValue, long newValue) {
    return ELEMENT.weakCompareAndSet(open(), offset(index), expectedValue, newValue);
  }

  /** May fail for nothing; as {@link VarHandle#weakCompareAndSetAcquire}. */
  public boolean weakCompareAndSetAcquire(int index, long expectedValue, long newValue) {
    return ELEMENT.weakCompareAndSetAcquire(open(), offset(index), expectedValue, newValue);
  }

  /** May fail for nothing; as {@link VarHandle#weakCompareAndSetRelease}. */
  public boolean weakCompareAndSetRelease(int index, long expectedValue, long newValue) {
    return ELEMENT.weakCompareAndSetRelease(open(), offset(index), expectedValue, newValue);
  }

  /** Sets all elements. */
  public void fill(long value) {
    fill(0, length(), value);
  }

  /** Sets the elements from {@code fromIndex} to before {@code toIndex}. */
  public void fill(int fromIndex, int toIndex, long value) {
    var elements = open();
    var start = offset(fromIndex, Math.subtractExact(toIndex, fromIndex));
    var end = start + (toIndex - fromIndex) * LAYOUT.byteSize();
    for (var at = start; at < end; at += LAYOUT.byteSize()) {
      elements.set(LAYOUT, at, value);
    }
  }

  /** Sets the first elements to those of {@code source}, which is no longer than this array. */
  public void copyFrom(long[] source) {
    copyFrom(source, 0, 0, source.length);
  }

  /**
   * Sets {@code count} elements from {@code index} on to those of {@code source} from {@code
   * sourceIndex} on. What others write there meanwhile may be lost, as with {@link
   * System#arraycopy}.
   */
  public void copyFrom(long[] source, int sourceIndex, int index, int count) {
    Objects.checkFromIndexSize(sourceIndex, count, source.length);
    MemorySegment.copy(source, sourceIndex, open(), LAYOUT, offset(index, count), count);
  }

  /** Copies the first elements, as many as {@code target} has. */
  public void copyTo(long[] target) {
    copyTo(0, target, 0, target.length);
  }

  /**
   * Copies {@code count} elements from {@code index} on to {@code target} from {@code targetIndex}
   * on. Each is some value that it had meanwhile.
   */
  public void copyTo(int index, long[] target, int targetIndex, int count) {
    Objects.checkFromIndexSize(targetIndex, count, target.length);
    MemorySegment.copy(open(), LAYOUT, offset(index, count), target, targetIndex, count);
  }

  /** A copy of all elements. */
  public long[] toArray() {
    return open().toArray(LAYOUT);
  }

  /** The elements in order, each read when it is needed, as {@link #get} does. */
  public LongStream stream() {
    checkOpen();
    return IntStream.range(0, length()).mapToLong(this::get);
  }

  /** All elements; once closed, what was closed. */
  @Override
  public String toString() {
    return isClosed() ? super.toString() : Arrays.toString(toArray());
  }
}
