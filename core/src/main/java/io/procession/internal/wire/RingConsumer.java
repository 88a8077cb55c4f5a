package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of a {@link Ring}; one thread at a time.
 *
 * <p>A new consumer over the same memory begins with the first record that was not given back.
 */
public final class RingConsumer {
  /**
   * A committed record.
   *
   * @param kind what the producer called it
   * @param offset where in the ring's memory its payload is
   * @param payload its payload: valid until the record is released
   */
  public record Message(int kind, long offset, MemorySegment payload) {}

  /** What {@link #drain} calls for each record. */
  @FunctionalInterface
  public interface Handler {
    /** Handles the payload at {@code offset} in {@code memory}, which is reused afterwards. */
    void accept(int kind, MemorySegment memory, long offset, int bytes);
  }

  private final MemorySegment memory;
  private final long capacity;
  private final long mask;

  // head ≤ seenTail ≤ tail (ours may be old)
  private long head;
  private long seenTail;

  /** The consumer of the ring in {@code memory}, which was {@linkplain Ring#format formatted}. */
  public RingConsumer(MemorySegment memory) {
    this.memory = memory;
    capacity = Ring.open(memory);
    mask = capacity - 1;
    head = Ring.getAcquire(memory, Ring.HEAD_OFFSET);
    seenTail = head;
  }

  /** The ring's memory, in which offsets count. */
  public MemorySegment memory() {
    return memory;
  }

  /** Whether there is no committed record to read. */
  public boolean isEmpty() {
    return !advance();
  }

  /**
   * The first committed record that was not given back, or null; the same until {@link #release}.
   */
  public @Nullable Message peek() {
    if (!advance()) {
      return null;
    }
    var record = at(head);
    var payload = record + Ring.RECORD_HEADER_BYTES;
    return new Message(kind(record), payload, memory.asSlice(payload, length(record)));
  }

  /** Gives the first record back, the one that {@link #peek} showed: its bytes are reused. */
  public void release() {
    if (!advance()) {
      throw new IllegalStateException("there is no record to release; position=" + head);
    }
    head += Ring.recordBytes(length(at(head)));
    storeHead();
  }

  /**
   * Handles up to {@code limit} records and gives them back together, for speed: should this
   * process die meanwhile, all of the batch are there again. A record whose handler throws is given
   * back, too, so that it blocks nobody.
   *
   * @return how many were handled; 0 if there was none
   */
  public int drain(Handler handler, int limit) {
    var handled = 0;
    var released = head;
    try {
      while (handled < limit && advance()) {
        var record = at(head);
        var bytes = length(record);
        var kind = kind(record);
        head += Ring.recordBytes(bytes);
        handled++;
        handler.accept(kind, memory, record + Ring.RECORD_HEADER_BYTES, bytes);
        if (head - released >= capacity / 4) {
          released = head;
          storeHead();
        }
      }
    } finally {
      if (head != released) {
        storeHead();
      }
    }
    return handled;
  }

  private void storeHead() {
    Ring.setRelease(memory, Ring.HEAD_OFFSET, head);
    Seam.at(Step.RING_RELEASED);
  }

  /** Moves over padding to the next record; false if there is none. */
  private boolean advance() {
    while (true) {
      if (head == seenTail) {
        seenTail = Ring.getAcquire(memory, Ring.TAIL_OFFSET);
        if (head == seenTail) {
          return false;
        }
      }
      var record = at(head);
      var length = length(record);
      var end = head + Ring.recordBytes(length);
      if (length < 0 || end > seenTail || end - head > capacity - (head & mask)) {
        throw new IllegalStateException(
            "the ring is damaged: a record reaches beyond its end; position="
                + head
                + " length="
                + length
                + " tail="
                + seenTail);
      }
      if (kind(record) != Ring.PADDING) {
        return true;
      }
      head = end;
    }
  }

  private long at(long position) {
    return Ring.RECORDS_OFFSET + (position & mask);
  }

  private int length(long record) {
    return memory.get(ValueLayout.JAVA_INT, record);
  }

  private int kind(long record) {
    return memory.get(ValueLayout.JAVA_INT, record + Ring.KIND_OFFSET);
  }
}
