package io.procession.internal.engine;

import io.procession.spi.Engine;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;

/** A message that stays in this process. */
final class LocalMessage extends Output implements Engine.Encoded {

  private static final int FIRST_BYTES = 128;

  /** What is only named in the message must live as long as someone may read it. */
  private final ArrayList<Transferable> kept = new ArrayList<>(0);

  LocalMessage() {
    super(MemorySegment.ofArray(new byte[FIRST_BYTES]));
  }

  @Override
  protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
    var bytes = Math.max(neededBytes, Math.min(2 * usedBytes, Integer.MAX_VALUE - 8));
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new OutOfMemoryError(
          "a copy of a value is larger than an array can be. neededBytes=" + neededBytes);
    }
    var larger = MemorySegment.ofArray(new byte[(int) bytes]);
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

  @Override
  public synchronized void close() {
    kept.clear();
  }
}
