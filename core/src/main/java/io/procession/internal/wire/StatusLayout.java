package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A pool's status file. One process writes, any number read, also when the writer has died in the
 * middle: it writes into the half that is not valid, and then says with one store that it is.
 *
 * <pre>
 *    0 │ magic, long │ version, int │ 0 │ number of the last valid text, long │
 *   64 │ half 0: number, long │ length, int │ text …
 *      │ half 1: likewise
 * </pre>
 *
 * <p>Text number n is in half n mod 2. A reader that finds another number behind the text than
 * before it was overtaken by two texts, and reads again.
 */
public final class StatusLayout {

  public static final long BYTES = 256 << 10;

  public static final int VERSION = 2;

  private static final long MAGIC = 0x5350_6e6f_6973_6563L;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final long VERSION_PLACE = 8;
  private static final long LAST = 16;
  private static final long HALVES = 64;
  private static final long HALF = (BYTES - HALVES) / 2;
  private static final long LENGTH = 8;
  private static final long TEXT = 12;

  /** The longest text. */
  public static final int MOST_BYTES = (int) (HALF - TEXT);

  private final MemorySegment memory;

  public StatusLayout(MemorySegment memory) {
    this.memory = memory;
  }

  /** Makes an empty one. */
  public void format() {
    LONG.setRelease(memory, LAST, 0L);
    memory.set(ValueLayout.JAVA_INT, VERSION_PLACE, VERSION);
    LONG.setRelease(memory, 0L, MAGIC);
  }

  /** Whether it is a status file at all. */
  public boolean isOne() {
    return memory.byteSize() >= BYTES && (long) LONG.getAcquire(memory, 0L) == MAGIC;
  }

  public int version() {
    return memory.get(ValueLayout.JAVA_INT, VERSION_PLACE);
  }

  private static long half(long number) {
    return HALVES + number % 2 * HALF;
  }

  /** Replaces the text; one thread at a time. */
  public void write(byte[] text) {
    var number = (long) LONG.getAcquire(memory, LAST) + 1;
    var half = half(number);
    LONG.setVolatile(memory, half, -1L);
    VarHandle.fullFence();
    memory.set(ValueLayout.JAVA_INT, half + LENGTH, text.length);
    MemorySegment.copy(text, 0, memory, ValueLayout.JAVA_BYTE, half + TEXT, text.length);
    LONG.setRelease(memory, half, number);
    LONG.setRelease(memory, LAST, number);
  }

  /** The last text; null if there is none yet. */
  public byte @Nullable [] read() {
    while (true) {
      var number = (long) LONG.getAcquire(memory, LAST);
      if (number == 0) {
        return null;
      }
      var half = half(number);
      var length = memory.get(ValueLayout.JAVA_INT, half + LENGTH);
      if (length >= 0 && length <= MOST_BYTES) {
        var text = new byte[length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, half + TEXT, text, 0, length);
        VarHandle.acquireFence();
        if ((long) LONG.getVolatile(memory, half) == number) {
          return text;
        }
      }
      if ((long) LONG.getVolatile(memory, LAST) == number) {
        throw new IllegalStateException("the status file is damaged. number=" + number);
      }
      Thread.onSpinWait();
    }
  }
}
