package io.procession.internal.engine;

import io.procession.spi.Engine;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;

/**
 * Encoded bytes on the heap: of what stays in this process, or is passed on to another. What is
 * kept may be kept from several threads.
 */
public final class HeapMessage extends Output implements Engine.Encoded {

  private static final int FIRST_BYTES = 512;

  /** What is only named in the message must live as long as someone may read it. */
  private final ArrayList<Transferable> kept = new ArrayList<>(0);

  public HeapMessage() {
    super(MemorySegment.ofArray(new byte[FIRST_BYTES]));
  }

  @Override
  protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
    var size = Math.max(neededBytes, Math.min(Integer.MAX_VALUE - 8L, 2 * memory.byteSize()));
    if (size > Integer.MAX_VALUE - 8L) {
      throw new IllegalArgumentException(
          "a message is at most 2 GiB; send it in parts, or as SharedMemory. bytes=" + neededBytes);
    }
    var larger = MemorySegment.ofArray(new byte[(int) size]);
    MemorySegment.copy(memory, 0, larger, 0, usedBytes);
    return larger;
  }

  @Override
  public synchronized void keep(Transferable object) {
    kept.add(object);
  }

  @Override
  public Output output() {
    return this;
  }

  @Override
  public MemorySegment bytes() {
    return written();
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return written().toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public synchronized void close() {
    kept.clear();
  }
}
