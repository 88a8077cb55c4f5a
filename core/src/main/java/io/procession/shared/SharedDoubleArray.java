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
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An array of {@code double} that the processes of a family update atomically: with the methods of
 * {@link AtomicLongArray}, and the same memory effects between processes as between threads; and
 * ways to copy much at once.
 *
 * <p>Values are compared by their bits, as {@link Double#doubleToRawLongBits} gives them: a NaN is
 * equal to itself, if it is the very same one, and 0.0 is not -0.0.
 *
 * <p>No method blocks. A process that dies has either done an update of one element or not; copying
 * and filling are one update for each element. An index outside the array is an {@link
 * IndexOutOfBoundsException}, and nothing is changed. After {@link #close} each method but {@code
 * length} and {@code toString} throws {@link IllegalStateException}. It is as large as memory
 * allows; elements that nobody touched take none.
 */
public final class SharedDoubleArray extends SharedArray {

  private static final ValueLayout.OfDouble LAYOUT = ValueLayout.JAVA_DOUBLE;
  private static final VarHandle ELEMENT = LAYOUT.varHandle();

  private SharedDoubleArray(Place place) {
    super(place, LAYOUT);
  }

  /**
   * Makes one in the memory of this process's family, of zeros.
   *
   * @throws NegativeArraySizeException if {@code length} is negative
   * @throws IllegalStateException if the family's memory does not suffice
   */
  public static SharedDoubleArray create(int length) {
    return new SharedDoubleArray(allocate(BlockKind.DOUBLE_ARRAY, bytes(length, LAYOUT)));
  }

  /**
   * Makes one with the elements of {@code array}.
   *
   * @throws IllegalStateException if the family's memory does not suffice
   */
  public static SharedDoubleArray copyOf(double[] array) {
    var result = create(array.length);
    result.copyFrom(array);
    return result;
  }

  static SharedDoubleArray readFrom(Input input) throws IOException {
    return read(input, SharedDoubleArray.class, SharedDoubleArray::new);
  }

  /** The element, with the memory effects of {@link VarHandle#getVolatile}. */
  public double get(int index) {
    return (double) ELEMENT.getVolatile(open(), offset(index));
  }

  /** Sets the element, with the memory effects of {@link VarHandle#setVolatile}. */
  public void set(int index, double newValue) {
    ELEMENT.setVolatile(open(), offset(index), newValue);
  }

  /** Sets the element, with the memory effects of {@link VarHandle#setRelease}. */
  public void lazySet(int index, double newValue) {
    setRelease(index, newValue);
  }

  /** Sets the element and gives the one before. */
  public double getAndSet(int index, double newValue) {
    return (double) ELEMENT.getAndSet(open(), offset(index), newValue);
  }

  /** Sets the element if its bits are those of {@code expectedValue}; gives whether they were. */
  public boolean compareAndSet(int index, double expectedValue, double newValue) {
    return ELEMENT.compareAndSet(open(), offset(index), expectedValue, newValue);
  }

  /** Adds {@code delta} and gives the element before. */
  public double getAndAdd(int index, double delta) {
    return getAndUpdate(index, value -> value + delta);
  }

  /** Adds {@code delta} and gives the new element. */
  public double addAndGet(int index, double delta) {
    return updateAndGet(index, value -> value + delta);
  }

  /**
   * Sets the element to what {@code update} makes of it, and gives the one before.
   *
   * @param update runs here, again whenever another thread or process was faster: it has no effects
   */
  public double getAndUpdate(int index, DoubleUnaryOperator update) {
    while (true) {
      var value = get(index);
      if (weakCompareAndSetVolatile(index, value, update.applyAsDouble(value))) {
        return value;
      }
    }
  }

  /** The same as {@link #getAndUpdate}, and gives the new element. */
  public double updateAndGet(int index, DoubleUnaryOperator update) {
    while (true) {
      var value = get(index);
      var updated = update.applyAsDouble(value);
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
  public double getAndAccumulate(int index, double x, DoubleBinaryOperator accumulator) {
    return getAndUpdate(index, value -> accumulator.applyAsDouble(value, x));
  }

  /** The same as {@link #getAndAccumulate}, and gives the new element. */
  public double accumulateAndGet(int index, double x, DoubleBinaryOperator accumulator) {
    return updateAndGet(index, value -> accumulator.applyAsDouble(value, x));
  }

  /** The element, with the memory effects of a variable that is not volatile. */
  public double getPlain(int index) {
    return (double) ELEMENT.get(open(), offset(index));
  }

  /** Sets the element, with the memory effects of a variable that is not volatile. */
  public void setPlain(int index, double newValue) {
    ELEMENT.set(open(), offset(index), newValue);
  }

  /** The element, with the memory effects of {@link VarHandle#getOpaque}. */
  public double getOpaque(int index) {
    return (double) ELEMENT.getOpaque(open(), offset(index));
  }

  /** Sets the element, with the memory effects of {@link VarHandle#setOpaque}. */
  public void setOpaque(int index, double newValue) {
    ELEMENT.setOpaque(open(), offset(index), newValue);
  }

  /** The element, with the memory effects of {@link VarHandle#getAcquire}. */
  public double getAcquire(int index) {
    return (double) ELEMENT.getAcquire(open(), offset(index));
  }

  /** Sets the element, with the memory effects of {@link VarHandle#setRelease}. */
  public void setRelease(int index, double newValue) {
    ELEMENT.setRelease(open(), offset(index), newValue);
  }

  /** Sets the element if its bits are those of {@code expectedValue}; gives what it was. */
  public double compareAndExchange(int index, double expectedValue, double newValue) {
    return (double) ELEMENT.compareAndExchange(open(), offset(index), expectedValue, newValue);
  }

  /** The same with the memory effects of {@link VarHandle#compareAndExchangeAcquire}. */
  public double compareAndExchangeAcquire(int index, double expectedValue, double newValue) {
    return (double)
        ELEMENT.compareAndExchangeAcquire(open(), offset(index), expectedValue, newValue);
  }

  /** The same with the memory effects of {@link VarHandle#compareAndExchangeRelease}. */
  public double compareAndExchangeRelease(int index, double expectedValue, double newValue) {
    return (double)
        ELEMENT.compareAndExchangeRelease(open(), offset(index), expectedValue, newValue);
  }

  /** May fail for nothing; with the memory effects of {@link VarHandle#weakCompareAndSetPlain}. */
  public boolean weakCompareAndSetPlain(int index, double expectedValue, double newValue) {
    return ELEMENT.weakCompareAndSetPlain(open(), offset(index), expectedValue, newValue);
  }

  /** May fail for nothing; with the memory effects of {@link VarHandle#weakCompareAndSet}. */
  public boolean weakCompareAndSetVolatile(int index, double expectedValue, double newValue) {
    return ELEMENT.weakCompareAndSet(open(), offset(index), expectedValue, newValue);
  }

  /** May fail for nothing; as {@link VarHandle#weakCompareAndSetAcquire}. */
  public boolean weakCompareAndSetAcquire(int index, double expectedValue, double newValue) {
    return ELEMENT.weakCompareAndSetAcquire(open(), offset(index), expectedValue, newValue);
  }

  /** May fail for nothing; as {@link VarHandle#weakCompareAndSetRelease}. */
  public boolean weakCompareAndSetRelease(int index, double expectedValue, double newValue) {
    return ELEMENT.weakCompareAndSetRelease(open(), offset(index), expectedValue, newValue);
  }

  /** Sets all elements. */
  public void fill(double value) {
    fill(0, length(), value);
  }

  /** Sets the elements from {@code fromIndex} to before {@code toIndex}. */
  public void fill(int fromIndex, int toIndex, double value) {
    var elements = open();
    var start = offset(fromIndex, Math.subtractExact(toIndex, fromIndex));
    var end = start + (toIndex - fromIndex) * LAYOUT.byteSize();
    for (var at = start; at < end; at += LAYOUT.byteSize()) {
      elements.set(LAYOUT, at, value);
    }
  }

  /** Sets the first elements to those of {@code source}, which is no longer than this array. */
  public void copyFrom(double[] source) {
    copyFrom(source, 0, 0, source.length);
  }

  /**
   * Sets {@code count} elements from {@code index} on to those of {@code source} from {@code
   * sourceIndex} on. What others write there meanwhile may be lost, as with {@link
   * System#arraycopy}.
   */
  public void copyFrom(double[] source, int sourceIndex, int index, int count) {
    Objects.checkFromIndexSize(sourceIndex, count, source.length);
    MemorySegment.copy(source, sourceIndex, open(), LAYOUT, offset(index, count), count);
  }

  /** Copies the first elements, as many as {@code target} has. */
  public void copyTo(double[] target) {
    copyTo(0, target, 0, target.length);
  }

  /**
   * Copies {@code count} elements from {@code index} on to {@code target} from {@code targetIndex}
   * on. Each is some value that it had meanwhile.
   */
  public void copyTo(int index, double[] target, int targetIndex, int count) {
    Objects.checkFromIndexSize(targetIndex, count, target.length);
    MemorySegment.copy(open(), LAYOUT, offset(index, count), target, targetIndex, count);
  }

  /** A copy of all elements. */
  public double[] toArray() {
    return open().toArray(LAYOUT);
  }

  /** The elements in order, each read when it is needed, as {@link #get} does. */
  public DoubleStream stream() {
    checkOpen();
    return IntStream.range(0, length()).mapToDouble(this::get);
  }

  /** All elements; once closed, what was closed. */
  @Override
  public String toString() {
    return isClosed() ? super.toString() : Arrays.toString(toArray());
  }
}
