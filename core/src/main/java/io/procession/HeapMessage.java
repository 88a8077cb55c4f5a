package io.procession;

import io.procession.spi.Engine;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;

/** Encoded bytes on the heap, which are passed on to another process. */
final class HeapMessage extends Output implements Engine.Encoded {

  private static final int FIRST_BYTES = 512;

  /** What is only named in the message must live as long as someone may read it. */
  private final ArrayList<Transferable> kept = new ArrayList<>(0);

  HeapMessage() {
    super(MemorySegment.ofArray(new byte[FIRST_BYTES]));
  }

  @Override
  protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
    var size = Math.max(neededBytes, Math.min(Integer.MAX_VALUE - 8L, 2 * memory.byteSize()));
    if (size > Integer.MAX_VALUE - 8L) {
      throw new IllegalArgumentException(
          "a message from one process of a pool to another is at most 2 GiB; send it in parts, or"
              + " as SharedMemory. bytes="
              + neededBytes);
    }
    var larger = MemorySegment.ofArray(new byte[(int) size]);
    MemorySegment.copy(memory, 0, larger, 0, usedBytes);
    return larger;
  }

  @Override
  public void keep(Transferable object) {
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

  byte[] toBytes() {
    return written().toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    kept.clear();
  }
}
