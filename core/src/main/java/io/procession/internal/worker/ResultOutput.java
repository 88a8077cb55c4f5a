package io.procession.internal.worker;

import io.procession.internal.os.Segment;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Writes a result straight into the response ring; one that is too large, into a leased segment.
 */
final class ResultOutput extends Output {

  private final Attachments attachments;
  private final ArrayList<Transferable> kept = new ArrayList<>(0);
  private @Nullable Segment lease;

  /**
   * @param room the room in the ring
   */
  ResultOutput(Attachments attachments, MemorySegment room) {
    super(room);
    this.attachments = attachments;
  }

  @Override
  protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
    Segment larger;
    try {
      larger = attachments.lease(Math.max(neededBytes, 2 * usedBytes));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "there is no shared memory for a large result. bytes=" + neededBytes, e);
    }
    MemorySegment.copy(memory, 0, larger.memory(), 0, usedBytes);
    discard();
    lease = larger;
    return larger.memory();
  }

  @Override
  public boolean isReadOnce() {
    return true;
  }

  @Override
  public void keep(Transferable object) {
    kept.add(object);
  }

  /** The result is being sent. */
  void depart() {
    kept.forEach(Transferable::depart);
  }

  /** The segment that holds the result; null if it is in the ring. */
  @Nullable Segment lease() {
    return lease;
  }

  /** The result will not be sent. */
  void discard() {
    var used = lease;
    if (used != null) {
      lease = null;
      attachments.giveBack(used);
    }
  }
}
