package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How one call ended.
 *
 * <pre>
 *    0        8       12      16                24
 *    │ sequence │ index │ flags │ duration, nanos │ result, or an {@link ElsewhereFrame} … │
 * </pre>
 *
 * <p>The duration is that of all the calls of the sequence; it is 0 but in the last result of it.
 */
public final class ResultFrame {

  /** The result is an exception. */
  public static final int FAILED = 1;

  /** The result lies in a segment of its own. */
  public static final int ELSEWHERE = 2;

  public static final long HEAD_BYTES = 24;

  private final MemorySegment memory;

  public ResultFrame(MemorySegment memory) {
    this.memory = memory;
  }

  public void write(long sequence, int index, int flags, long durationNanos) {
    memory.set(ValueLayout.JAVA_LONG, 0, sequence);
    memory.set(ValueLayout.JAVA_INT, 8, index);
    memory.set(ValueLayout.JAVA_INT, 12, flags);
    memory.set(ValueLayout.JAVA_LONG, 16, durationNanos);
  }

  public long sequence() {
    return memory.get(ValueLayout.JAVA_LONG, 0);
  }

  public int index() {
    return memory.get(ValueLayout.JAVA_INT, 8);
  }

  public boolean failed() {
    return (memory.get(ValueLayout.JAVA_INT, 12) & FAILED) != 0;
  }

  public boolean elsewhere() {
    return (memory.get(ValueLayout.JAVA_INT, 12) & ELSEWHERE) != 0;
  }

  public long durationNanos() {
    return memory.get(ValueLayout.JAVA_LONG, 16);
  }

  public MemorySegment body() {
    return memory.asSlice(HEAD_BYTES);
  }
}
