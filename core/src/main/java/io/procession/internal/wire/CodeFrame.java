package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Brings a function that many calls share.
 *
 * <pre>
 *    0 │ code, long │ loader, int │ place, int │ function, or an {@link ElsewhereFrame} … │
 * </pre>
 */
public final class CodeFrame {

  public static final long HEAD_BYTES = 16;

  private final MemorySegment memory;

  public CodeFrame(MemorySegment memory) {
    this.memory = memory;
  }

  public void write(long code, int loader, int place) {
    memory.set(ValueLayout.JAVA_LONG, 0, code);
    memory.set(ValueLayout.JAVA_INT, 8, loader);
    memory.set(ValueLayout.JAVA_INT, 12, place);
  }

  public long code() {
    return memory.get(ValueLayout.JAVA_LONG, 0);
  }

  public int loader() {
    return memory.get(ValueLayout.JAVA_INT, 8);
  }

  public int place() {
    return memory.get(ValueLayout.JAVA_INT, 12);
  }

  public MemorySegment body() {
    return memory.asSlice(HEAD_BYTES);
  }
}
