package io.procession.shared;

import io.procession.internal.wire.BlockKind;
import io.procession.spi.Input;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * A {@code long} that the processes of a family update atomically: {@link AtomicLong} with the same
 * methods, and the same memory effects between processes as between threads.
 *
 * <p>No method blocks. A process that dies has either done an update or not. After {@link #close}
 * each method but {@code toString} throws {@link IllegalStateException}.
 */
public final class SharedLong extends SharedObject {

  private static final VarHandle VALUE = ValueLayout.JAVA_LONG.varHandle();

  private SharedLong(Place place) {
    super(place, WHOLE, place.view());
  }

  /**
   * Makes one in the memory of this process's family.
   *
   * @throws IllegalStateException if all the family's memory is in use
   */
  public static SharedLong create(long initialValue) {
    var result = new SharedLong(allocate(BlockKind.LONG, Long.BYTES));
    result.set(initialValue);
    return result;
  }

  static SharedLong readFrom(Input input) throws IOException {
    return read(input, SharedLong.class, SharedLong::new);
  }

  /** The value, with the memory effects of {@link VarHandle#getVolatile}. */
  public long get() {
    return (long) VALUE.getVolatile(open(), 0L);
  }

  /** Sets the value, with the memory effects of {@link VarHandle#setVolatile}. */
  public void set(long newValue) {
    VALUE.setVolatile(open(), 0L, newValue);
  }

  /** Sets the value, with the memory effects of {@link VarHandle#setRelease}. */
  public void lazySet(long newValue) {
    setRelease(newValue);
  }

  /** Sets the value and gives the one before. */
  public long getAndSet(long newValue) {
    return (long) VALUE.getAndSet(open(), 0L, newValue);
  }

  /** Sets the value if it is {@code expectedValue}; gives whether it was. */
  public boolean compareAndSet(long expectedValue, long newValue) {
    return VALUE.compareAndSet(open(), 0L, expectedValue, newValue);
  }

  /** Adds one and gives the value before. */
  public long getAndIncrement() {
    return getAndAdd(1);
  }

  /** Takes one away and gives the value before. */
  public long getAndDecrement() {
    return getAndAdd(-1);
  }

  /** Adds {@code delta} and gives the value before. */
  public long getAndAdd(long delta) {
    return (long) VALUE.getAndAdd(open(), 0L, delta);
  }

  /** Adds one and gives the new value. */
  public long incrementAndGet() {
    return getAndAdd(1) + 1;
  }

  /** Takes one away and gives the new value. */
  public long decrementAndGet() {
    return getAndAdd(-1) - 1;
  }

  /** Adds {@code delta} and gives the new value. */
  public long addAndGet(long delta) {
    return getAndAdd(delta) + delta;
  }

  /**
   * Sets the value to what {@code update} makes of it, and gives the value before.
   *
   * @param update runs here, again whenever another thread or process was faster: it has no effects
   */
  public long getAndUpdate(LongUnaryOperator update) {
    while (true) {
      var value = get();
      if (weakCompareAndSetVolatile(value, update.applyAsLong(value))) {
        return value;
      }
    }
  }

  /** The same as {@link #getAndUpdate}, and gives the new value. */
  public long updateAndGet(LongUnaryOperator update) {
    while (true) {
      var value = get();
      var updated = update.applyAsLong(value);
      if (weakCompareAndSetVolatile(value, updated)) {
        return updated;
      }
    }
  }

  /**
   * Sets the value to what {@code accumulator} makes of it and {@code x}, and gives the value
   * before.
   *
   * @param accumulator as in {@link #getAndUpdate}
   */
  public long getAndAccumulate(long x, LongBinaryOperator accumulator) {
    return getAndUpdate(value -> accumulator.applyAsLong(value, x));
  }

  /** The same as {@link #getAndAccumulate}, and gives the new value. */
  public long accumulateAndGet(long x, LongBinaryOperator accumulator) {
    return updateAndGet(value -> accumulator.applyAsLong(value, x));
  }

  /** The value, with the memory effects of a variable that is not volatile. */
  public long getPlain() {
    return (long) VALUE.get(open(), 0L);
  }

  /** Sets the value, with the memory effects of a variable that is not volatile. */
  public void setPlain(long newValue) {
    VALUE.set(open(), 0L, newValue);
  }

  /** The value, with the memory effects of {@link VarHandle#getOpaque}. */
  public long getOpaque() {
    return (long) VALUE.getOpaque(open(), 0L);
  }

  /** Sets the value, with the memory effects of {@link VarHandle#setOpaque}. */
  public void setOpaque(long newValue) {
    VALUE.setOpaque(open(), 0L, newValue);
  }

  /** The value, with the memory effects of {@link VarHandle#getAcquire}. */
  public long getAcquire() {
    return (long) VALUE.getAcquire(open(), 0L);
  }

  /** Sets the value, with the memory effects of {@link VarHandle#setRelease}. */
  public void setRelease(long newValue) {
    VALUE.setRelease(open(), 0L, newValue);
  }

  /** Sets the value if it is {@code expectedValue}; gives what it was, as the JDK's. */
  public long compareAndExchange(long expectedValue, long newValue) {
    return (long) VALUE.compareAndExchange(open(), 0L, expectedValue, newValue);
  }

  /** The same with the memory effects of {@link VarHandle#compareAndExchangeAcquire}. */
  public long compareAndExchangeAcquire(long expectedValue, long newValue) {
    return (long) VALUE.compareAndExchangeAcquire(open(), 0L, expectedValue, newValue);
  }

  /** The same with the memory effects of {@link VarHandle#compareAndExchangeRelease}. */
  public long compareAndExchangeRelease(long expectedValue, long newValue) {
    return (long) VALUE.compareAndExchangeRelease(open(), 0L, expectedValue, newValue);
  }

  /** May fail for nothing; with the memory effects of {@link VarHandle#weakCompareAndSetPlain}. */
  public boolean weakCompareAndSetPlain(long expectedValue, long newValue) {
    return VALUE.weakCompareAndSetPlain(open(), 0L, expectedValue, newValue);
  }

  /** May fail for nothing; with the memory effects of {@link VarHandle#weakCompareAndSet}. */
  public boolean weakCompareAndSetVolatile(long expectedValue, long newValue) {
    return VALUE.weakCompareAndSet(open(), 0L, expectedValue, newValue);
  }

  /** May fail for nothing; as {@link VarHandle#weakCompareAndSetAcquire}. */
  public boolean weakCompareAndSetAcquire(long expectedValue, long newValue) {
    return VALUE.weakCompareAndSetAcquire(open(), 0L, expectedValue, newValue);
  }

  /** May fail for nothing; as {@link VarHandle#weakCompareAndSetRelease}. */
  public boolean weakCompareAndSetRelease(long expectedValue, long newValue) {
    return VALUE.weakCompareAndSetRelease(open(), 0L, expectedValue, newValue);
  }

  /** The value as an {@code int}, cut off. */
  public int intValue() {
    return (int) get();
  }

  /** The same as {@link #get}. */
  public long longValue() {
    return get();
  }

  /** The value as a {@code float}, rounded. */
  public float floatValue() {
    return (float) get();
  }

  /** The value as a {@code double}, rounded. */
  public double doubleValue() {
    return (double) get();
  }

  /** The value in decimal; once closed, what was closed. */
  @Override
  public String toString() {
    return isClosed() ? super.toString() : Long.toString(get());
  }
}
