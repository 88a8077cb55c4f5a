package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of a {@link Ring}; one thread at a time.
 *
 * <pre>
 * reserve or claim  ─►  write the payload  ─►  (trim)  ─►  publish
 * </pre>
 *
 * <p>Several records can be claimed before one {@link #publish} commits them all at once. A new
 * producer over the same memory goes on behind the last committed record.
 */
public final class RingProducer {
  /** What {@link #reserve} answers when the ring is full. */
  public static final long FULL = -1;

  private final MemorySegment memory;
  private final long capacity;
  private final long mask;

  // head ≤ seenHead (ours may be old) … tail ≤ claimed ≤ seenHead + capacity
  private long seenHead;
  private long tail;
  private long claimed;
  private long lastRecord = FULL;

  /** The producer of the ring in {@code memory}, which was {@linkplain Ring#format formatted}. */
  public RingProducer(MemorySegment memory) {
    this.memory = memory;
    capacity = Ring.open(memory);
    mask = capacity - 1;
    seenHead = Ring.getAcquire(memory, Ring.HEAD_OFFSET);
    tail = Ring.getAcquire(memory, Ring.TAIL_OFFSET);
    claimed = tail;
  }

  /** The longest payload of one record. */
  public long maximumPayload() {
    return Ring.maximumPayload(capacity);
  }

  /** The ring's memory, in which {@link #reserve} counts. */
  public MemorySegment memory() {
    return memory;
  }

  /**
   * Makes room for a record that {@link #publish} will commit.
   *
   * @param kind what it is, to the consumer; 0 or more
   * @param bytes the size of its payload, at most {@link #maximumPayload}
   * @return where in {@link #memory} its payload is, aligned to 8; {@link #FULL} if there is no
   *     room
   */
  public long reserve(int kind, long bytes) {
    if (kind < 0 || bytes < 0 || bytes > maximumPayload()) {
      throw refused(kind, bytes);
    }
    var recordBytes = Ring.recordBytes(bytes);
    var start = claimed;
    var untilEnd = capacity - (start & mask);
    var padding = untilEnd < recordBytes ? untilEnd : 0;
    var end = start + padding + recordBytes;
    if (end - seenHead > capacity) {
      seenHead = Ring.getAcquire(memory, Ring.HEAD_OFFSET);
      if (end - seenHead > capacity) {
        return FULL;
      }
    }
    if (padding > 0) {
      writeHeader(at(start), padding - Ring.RECORD_HEADER_BYTES, Ring.PADDING);
    }
    lastRecord = start + padding;
    claimed = end;
    var record = at(lastRecord);
    writeHeader(record, bytes, kind);
    Seam.at(Step.RING_CLAIMED);
    return record + Ring.RECORD_HEADER_BYTES;
  }

  /** As {@link #reserve}, but gives the payload itself, or null if there is no room. */
  public @Nullable MemorySegment claim(int kind, long bytes) {
    var offset = reserve(kind, bytes);
    return offset == FULL ? null : memory.asSlice(offset, bytes);
  }

  /** Shortens the record that was claimed last, once its real size is known. */
  public void trim(long bytes) {
    if (lastRecord == FULL) {
      throw new IllegalStateException("there is no claimed record to trim");
    }
    var record = at(lastRecord);
    var claimedBytes = memory.get(ValueLayout.JAVA_INT, record);
    if (bytes < 0 || bytes > claimedBytes) {
      throw new IllegalArgumentException(
          "a record can only be shortened; bytes=" + bytes + " claimedBytes=" + claimedBytes);
    }
    memory.set(ValueLayout.JAVA_INT, record, (int) bytes);
    claimed = lastRecord + Ring.recordBytes(bytes);
  }

  /** Forgets what was claimed and not published. */
  public void abandon() {
    claimed = tail;
    lastRecord = FULL;
  }

  /** Commits everything that was claimed: the consumer sees it, and it outlives this process. */
  public void publish() {
    Seam.at(Step.RING_WRITTEN);
    tail = claimed;
    lastRecord = FULL;
    Ring.setRelease(memory, Ring.TAIL_OFFSET, tail);
    Seam.at(Step.RING_PUBLISHED);
  }

  /**
   * Claims, fills and publishes one record, together with what was claimed before.
   *
   * @param parts the payload, one after the other
   * @return whether there was room
   */
  public boolean offer(int kind, MemorySegment... parts) {
    var bytes = 0L;
    for (var part : parts) {
      bytes += part.byteSize();
    }
    var offset = reserve(kind, bytes);
    if (offset == FULL) {
      return false;
    }
    for (var part : parts) {
      MemorySegment.copy(part, 0, memory, offset, part.byteSize());
      offset += part.byteSize();
    }
    publish();
    return true;
  }

  /**
   * The position behind everything claimed so far. Once {@link #releasedPosition} has reached it,
   * the consumer has given all of that back.
   */
  public long position() {
    return claimed;
  }

  /** How far the consumer has given records back; reads the consumer's line. */
  public long releasedPosition() {
    return Ring.getAcquire(memory, Ring.HEAD_OFFSET);
  }

  private long at(long position) {
    return Ring.RECORDS_OFFSET + (position & mask);
  }

  private void writeHeader(long record, long length, int kind) {
    memory.set(ValueLayout.JAVA_INT, record, (int) length);
    memory.set(ValueLayout.JAVA_INT, record + Ring.KIND_OFFSET, kind);
  }

  private IllegalArgumentException refused(int kind, long bytes) {
    return new IllegalArgumentException(
        "a record has a kind of 0 or more and a payload that fits a quarter of the ring; kind="
            + kind
            + " bytes="
            + bytes
            + " maximumPayload="
            + maximumPayload());
  }
}
