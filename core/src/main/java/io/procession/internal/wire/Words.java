package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Words of shared memory, as atomics. Offsets are in bytes and multiples of the word's size; access
 * modes mean what {@link VarHandle} says, between processes as between threads.
 */
public final class Words {

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private Words() {}

  public static long plain(MemorySegment memory, long offset) {
    return (long) LONG.get(memory, offset);
  }

  public static void setPlain(MemorySegment memory, long offset, long value) {
    LONG.set(memory, offset, value);
  }

  public static long opaque(MemorySegment memory, long offset) {
    return (long) LONG.getOpaque(memory, offset);
  }

  public static long acquire(MemorySegment memory, long offset) {
    return (long) LONG.getAcquire(memory, offset);
  }

  public static long read(MemorySegment memory, long offset) {
    return (long) LONG.getVolatile(memory, offset);
  }

  public static void release(MemorySegment memory, long offset, long value) {
    LONG.setRelease(memory, offset, value);
  }

  public static void write(MemorySegment memory, long offset, long value) {
    LONG.setVolatile(memory, offset, value);
  }

  public static boolean swap(MemorySegment memory, long offset, long expected, long value) {
    return LONG.compareAndSet(memory, offset, expected, value);
  }

  public static long getAndSet(MemorySegment memory, long offset, long value) {
    return (long) LONG.getAndSet(memory, offset, value);
  }

  public static long getAndAdd(MemorySegment memory, long offset, long delta) {
    return (long) LONG.getAndAdd(memory, offset, delta);
  }

  public static long getAndOr(MemorySegment memory, long offset, long bits) {
    return (long) LONG.getAndBitwiseOr(memory, offset, bits);
  }

  public static long getAndAnd(MemorySegment memory, long offset, long bits) {
    return (long) LONG.getAndBitwiseAnd(memory, offset, bits);
  }

  public static int plainInt(MemorySegment memory, long offset) {
    return (int) INT.get(memory, offset);
  }

  public static void setPlainInt(MemorySegment memory, long offset, int value) {
    INT.set(memory, offset, value);
  }

  public static int acquireInt(MemorySegment memory, long offset) {
    return (int) INT.getAcquire(memory, offset);
  }

  public static void releaseInt(MemorySegment memory, long offset, int value) {
    INT.setRelease(memory, offset, value);
  }

  public static int getAndAddInt(MemorySegment memory, long offset, int delta) {
    return (int) INT.getAndAdd(memory, offset, delta);
  }
}
