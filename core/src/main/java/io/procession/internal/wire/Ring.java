package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A ring of records in shared memory, from one producer to one consumer, each in its own process or
 * not.
 *
 * <p>A record is committed by one store of the producer ({@link RingProducer#publish}) and given
 * back by one of the consumer ({@link RingConsumer#release}). So a record that was not finished is
 * never seen, and one that was committed and not given back survives the death of either side: a
 * new consumer over the same memory finds it. Until it is given back its bytes stay in place, and
 * both sides may use its payload for stores of their own.
 *
 * <p>This class holds the layout. Nothing here blocks; a full or an empty ring is an answer.
 */
public final class Ring {
  /*
   *     0 ┌──────────────────────────────────────────┐
   *       │ head      long   first byte not released  │  the consumer's line
   *   128 ├──────────────────────────────────────────┤
   *       │ tail      long   first byte not committed │  the producer's line
   *   256 ├──────────────────────────────────────────┤
   *       │ capacity  long                            │  never changes
   *   264 │ version   int                             │
   *   384 ├──────────────────────────────────────────┤
   *       │ records   capacity bytes                  │
   *       └──────────────────────────────────────────┘
   *
   * head and tail only grow; position p lies at 384 + p % capacity. The neighbouring line is
   * fetched along with a line, hence 128 and not 64 bytes between them.
   *
   * A record:   0 ────── 4 ──── 8 ─────────── 8 + length ── next multiple of 8
   *             │ length │ kind │ payload …               │
   *
   * It never wraps: where it does not fit before the end, a record of kind PADDING fills the rest.
   */
  /** Where the consumer's counter is. */
  public static final long HEAD_OFFSET = 0;

  /** Where the producer's counter is. */
  public static final long TAIL_OFFSET = 128;

  /** Where the capacity is. */
  public static final long CAPACITY_OFFSET = 256;

  /** Where the version of this layout is. */
  public static final long VERSION_OFFSET = 264;

  /** Where the records begin. */
  public static final long RECORDS_OFFSET = 384;

  /** The size of what precedes a record's payload. */
  public static final long RECORD_HEADER_BYTES = 8;

  /** What each record is aligned to. */
  public static final long ALIGNMENT = 8;

  /** The smallest capacity. */
  public static final long MINIMUM_CAPACITY = 64;

  static final long KIND_OFFSET = 4;
  static final int PADDING = -1;
  static final int VERSION = 1;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private Ring() {}

  /** The memory that a ring of {@code capacity} bytes needs; a power of two, at least 64. */
  public static long sizeBytes(long capacity) {
    if (capacity < MINIMUM_CAPACITY || Long.bitCount(capacity) != 1) {
      throw new IllegalArgumentException(
          "the capacity of a ring is a power of two, at least 64; capacity=" + capacity);
    }
    return RECORDS_OFFSET + capacity;
  }

  /** The longest payload of one record: with its header a quarter of the ring. */
  public static long maximumPayload(long capacity) {
    return capacity / 4 - RECORD_HEADER_BYTES;
  }

  /** Makes an empty ring in {@code memory}, before either side uses it. */
  public static void format(MemorySegment memory, long capacity) {
    requireSize(memory, sizeBytes(capacity));
    memory.set(ValueLayout.JAVA_LONG, CAPACITY_OFFSET, capacity);
    memory.set(ValueLayout.JAVA_INT, VERSION_OFFSET, VERSION);
    setRelease(memory, HEAD_OFFSET, 0);
    setRelease(memory, TAIL_OFFSET, 0);
  }

  /** Checks that there is a ring in {@code memory} that this version can use, and how big it is. */
  static long open(MemorySegment memory) {
    requireSize(memory, RECORDS_OFFSET);
    var version = memory.get(ValueLayout.JAVA_INT, VERSION_OFFSET);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "no ring, or one of another version of this library; version="
              + version
              + " expectedVersion="
              + VERSION);
    }
    var capacity = memory.get(ValueLayout.JAVA_LONG, CAPACITY_OFFSET);
    requireSize(memory, sizeBytes(capacity));
    var used = getAcquire(memory, TAIL_OFFSET) - getAcquire(memory, HEAD_OFFSET);
    if (used > capacity) {
      throw new IllegalArgumentException(
          "the ring is damaged; usedBytes=" + used + " capacity=" + capacity);
    }
    return capacity;
  }

  private static void requireSize(MemorySegment memory, long bytes) {
    if (memory.byteSize() < bytes || memory.address() % ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "a ring needs aligned memory of its size; bytes="
              + memory.byteSize()
              + " neededBytes="
              + bytes
              + " address="
              + memory.address());
    }
  }

  static long recordBytes(long payloadBytes) {
    return (RECORD_HEADER_BYTES + payloadBytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static long getAcquire(MemorySegment memory, long offset) {
    return (long) LONG.getAcquire(memory, offset);
  }

  static void setRelease(MemorySegment memory, long offset, long value) {
    LONG.setRelease(memory, offset, value);
  }
}
