package io.procession.internal.engine;

import io.procession.internal.os.Segment;
import io.procession.spi.Engine;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A message to workers. It is written into scratch memory; a small one is then kept on the heap
 * until it goes through a ring, a large one moves into a segment while it is written.
 */
final class SharedMessage extends Output implements Engine.Encoded {

  static final long SCRATCH_BYTES = 48 << 10;

  private static final ConcurrentLinkedQueue<MemorySegment> SCRATCH = new ConcurrentLinkedQueue<>();

  private final Segments segments;

  /** What is only named in the message must live as long as someone may read it. */
  private final ArrayList<Transferable> kept = new ArrayList<>(0);

  private @Nullable MemorySegment scratch;
  private @Nullable Segment segment;
  private @Nullable MemorySegment finished;

  private SharedMessage(Segments segments, MemorySegment scratch) {
    super(scratch);
    this.segments = segments;
    this.scratch = scratch;
  }

  static SharedMessage create(Segments segments) {
    var scratch = SCRATCH.poll();
    if (scratch == null) {
      scratch = Arena.ofAuto().allocate(SCRATCH_BYTES, Long.BYTES);
    }
    return new SharedMessage(segments, scratch);
  }

  /** What a worker wrote into a segment that it had leased. */
  static SharedMessage received(Segments segments, Segment segment, long bytes) {
    var message = new SharedMessage(segments, segment.memory());
    message.scratch = null;
    message.segment = segment;
    message.finished = segment.memory().asSlice(0, bytes);
    return message;
  }

  @Override
  protected synchronized MemorySegment grow(
      MemorySegment memory, long usedBytes, long neededBytes) {
    var larger = segments.acquire(Math.max(neededBytes, 2 * usedBytes));
    MemorySegment.copy(memory, 0, larger.memory(), 0, usedBytes);
    giveBack();
    segment = larger;
    return larger.memory();
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
  public synchronized MemorySegment bytes() {
    var result = finished;
    if (result == null) {
      result =
          segment != null
              ? written()
              : MemorySegment.ofArray(written().toArray(ValueLayout.JAVA_BYTE));
      finished = result;
      returnScratch();
    }
    return result;
  }

  /** The segment that holds it; null if it is small. */
  synchronized @Nullable Segment segment() {
    return segment;
  }

  @Override
  public synchronized void close() {
    kept.clear();
    giveBack();
  }

  private void giveBack() {
    returnScratch();
    var used = segment;
    if (used != null) {
      segment = null;
      segments.release(used);
    }
  }

  private void returnScratch() {
    var used = scratch;
    if (used != null) {
      scratch = null;
      SCRATCH.add(used);
    }
  }
}
