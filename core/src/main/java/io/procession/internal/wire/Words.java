package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Words of shared memory, as atomics. Offsets are in bytes and multiples of the word's size; access
 * modes mean what {@link VarHandle} says, between processes as between threads. Before each store a
 * test can end the process, see {@link Step#STORE_DUE}.
 */
public final class Words {

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private Words() {}

  public static long plain(MemorySegment memory, long offset) {
    return (long) LONG.get(memory, offset);
  }

  public static void setPlain(MemorySegment memory, long offset, long value) {
    Seam.at(Step.STORE_DUE);
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
    Seam.at(Step.STORE_DUE);
    LONG.setRelease(memory, offset, value);
  }

  public static void write(MemorySegment memory, long offset, long value) {
    Seam.at(Step.STORE_DUE);
    LONG.setVolatile(memory, offset, value);
  }

  public static boolean swap(MemorySegment memory, long offset, long expected, long value) {
    Seam.at(Step.STORE_DUE);
    return LONG.compareAndSet(memory, offset, expected, value);
  }

  public static long getAndSet(MemorySegment memory, long offset, long value) {
    Seam.at(Step.STORE_DUE);
    return (long) LONG.getAndSet(memory, offset, value);
  }

  public static long getAndAdd(MemorySegment memory, long offset, long delta) {
    Seam.at(Step.STORE_DUE);
    return (long) LONG.getAndAdd(memory, offset, delta);
  }

  public static long getAndOr(MemorySegment memory, long offset, long bits) {
    Seam.at(Step.STORE_DUE);
    return (long) LONG.getAndBitwiseOr(memory, offset, bits);
  }

  public static long getAndAnd(MemorySegment memory, long offset, long bits) {
    Seam.at(Step.STORE_DUE);
    return (long) LONG.getAndBitwiseAnd(memory, offset, bits);
  }

  public static int plainInt(MemorySegment memory, long offset) {
    return (int) INT.get(memory, offset);
  }

  public static void setPlainInt(MemorySegment memory, long offset, int value) {
    Seam.at(Step.STORE_DUE);
    INT.set(memory, offset, value);
  }

  public static int acquireInt(MemorySegment memory, long offset) {
    return (int) INT.getAcquire(memory, offset);
  }

  public static void releaseInt(MemorySegment memory, long offset, int value) {
    Seam.at(Step.STORE_DUE);
    INT.setRelease(memory, offset, value);
  }

  public static int getAndAddInt(MemorySegment memory, long offset, int delta) {
    Seam.at(Step.STORE_DUE);
    return (int) INT.getAndAdd(memory, offset, delta);
  }
}
