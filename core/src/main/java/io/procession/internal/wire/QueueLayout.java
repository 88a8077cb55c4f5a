package io.procession.internal.wire;

import java.nio.ByteOrder;

/**
 * A queue of records: the payload of a queue's block, and each half of a pipe's.
 *
 * <pre>
 *      0  capacity, long: most elements │ 8  limit, long: most bytes │ 16 shut down │ 24 returned
 *         returned: 1 if some came back, 2 once they were sifted   (joinable queues)
 *     32  leased: how many were taken and are not done with            (joinable queues)
 *    128  mutex of the tail             │ 256 its waiters
 *    384  tail: position │ count │ bytes │ known head │ intent: position │ count │ bytes │ block
 *    512  mutex of the head             │ 640 its waiters
 *    768  head: position │ count │ bytes │ known tail │ intent: position │ count │ bytes │ block
 *    832  removal: record                (in the middle; else 0)
 *         intent: id of the block, after each of the two lines: 456, 840
 *   1024  waiters for an element        │ 1152 waiters for room         │ 1280 waiters for all done
 * </pre>
 *
 * The records are in a ring, a block that the queue owns. Its capacity is a power of two; a
 * position counts bytes from the beginning of time, and lies in the ring at its remainder. A ring
 * that is too small is replaced by a larger one that holds the same records at the same positions.
 *
 * <pre>
 *   a record:   0 │ length, int │ 4  type, int │ 8  sender, int │ 12 – │ 16  bytes, padded to 8
 * </pre>
 *
 * <p><b>Memory model.</b> All is written by the owner of the mutex above it, each word with
 * release. A producer writes a record, then the intent, its position first, then stores the new
 * position of the tail: that commits it. The counts follow; should the producer die before, the
 * next one finds the position that was intended reached, and completes the counts from the intent.
 * A consumer loads the tail with acquire, so it sees the whole record; it copies the record, writes
 * its intent, and stores the position of the head with release: that commits the taking, and tells
 * producers, who load it with acquire, that the bytes are theirs again. Either side's known
 * position of the other saves it from loading the other's cache line. The ring is replaced by a
 * holder of both mutexes, by one volatile store into the header of the queue's block.
 */
public final class QueueLayout {

  public static final long CAPACITY = 0;
  public static final long LIMIT = 8;
  public static final long SHUT = 16;
  public static final long RETURNED = 24;
  public static final long LEASED = 32;
  public static final long TAIL_MUTEX = 128;
  public static final long TAIL = 384;
  public static final long HEAD_MUTEX = 512;
  public static final long HEAD = 768;
  public static final long NOT_EMPTY = 1024;
  public static final long NOT_FULL = 1152;
  public static final long ALL_DONE = 1280;
  public static final long BYTES = 1408;

  /** Offsets from {@link #TAIL} and from {@link #HEAD}. */
  public static final long POSITION = 0;

  public static final long COUNT = 8;
  public static final long CONTENT_BYTES = 16;
  public static final long OTHER_POSITION = 24;
  public static final long INTENT_POSITION = 32;
  public static final long INTENT_COUNT = 40;
  public static final long INTENT_BYTES = 48;
  public static final long INTENT_BLOCK = 56;
  public static final long REMOVAL = 64;
  public static final long INTENT_BLOCK_ID = 72;

  /** Offsets in a record. */
  public static final long RECORD_LENGTH = 0;

  public static final long RECORD_TYPE = 4;
  public static final long RECORD_SENDER = 8;
  public static final long RECORD_BYTES = 16;

  /** Elements came back from the dead; some may have been delivered too often. */
  public static final long UNSIFTED = 1;

  /** Elements came back from the dead, and those are to be delivered again. */
  public static final long SIFTED = 2;

  /** Types of records: an object, or the user's bytes, here or in a block of their own. */
  public static final int OBJECT = 1;

  public static final int RAW = 2;

  /** To the end of the ring there is nothing: the length is that of the whole record. */
  public static final int PADDING = 3;

  /** Added to a type: the record is the offset and the id of the block that holds the bytes. */
  public static final int IN_BLOCK = 16;

  /** Added to a type: it was removed from the middle. */
  public static final int REMOVED = 32;

  private QueueLayout() {}

  /** The length and the type of a record, as the one word that they are. */
  public static long recordHead(long length, int type) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? length | (long) type << Integer.SIZE
        : length << Integer.SIZE | type;
  }

  /** The size of a record of {@code length} bytes. */
  public static long recordBytes(long length) {
    return (RECORD_BYTES + length + 7) & -8;
  }
}
