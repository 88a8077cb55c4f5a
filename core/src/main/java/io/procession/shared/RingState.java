package io.procession.shared;

import static io.procession.internal.wire.QueueLayout.*;

import io.procession.internal.family.Family;
import io.procession.internal.family.Heap;
import io.procession.internal.family.Mutex;
import io.procession.internal.family.WaitWord;
import io.procession.internal.family.WaitingRoom;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** What both sides of an {@link ElementRing} work on. */
final class RingState {

  static final long FIRST_RING_BYTES = 256 << 10;

  /** The ring as this process saw it last. */
  record Ring(long block, MemorySegment memory, long mask) {

    /** The size of the record at this place of the ring. */
    long sizeAt(long at) {
      var type = memory.get(ValueLayout.JAVA_INT, at + RECORD_TYPE);
      var length = memory.get(ValueLayout.JAVA_INT, at + RECORD_LENGTH);
      if (type == PADDING) {
        return length;
      }
      return recordBytes((type & IN_BLOCK) != 0 ? 2 * Long.BYTES : length);
    }

    int typeAt(long at) {
      return memory.get(ValueLayout.JAVA_INT, at + RECORD_TYPE);
    }
  }

  final Family family;
  final Heap heap;
  final MemorySegment memory;
  final Heap.Block owner;
  final Mutex tailMutex;
  final Mutex headMutex;
  final WaitWord notEmpty;
  final WaitWord notFull;
  final ElementRing.End end;
  private final int index;
  private volatile Ring ring;

  /**
   * @param owner the block of the queue or pipe
   * @param index which of its owner's rings this is
   * @param memory the part of the owner's payload that {@code QueueLayout} describes
   */
  RingState(Family family, Heap.Block owner, int index, MemorySegment memory, ElementRing.End end) {
    this.family = family;
    this.heap = family.heap();
    this.owner = owner;
    this.index = index;
    this.memory = memory;
    this.end = end;
    tailMutex = family.mutex(memory, TAIL_MUTEX);
    headMutex = family.mutex(memory, HEAD_MUTEX);
    notEmpty = family.waitWord(memory, NOT_EMPTY);
    notFull = family.waitWord(memory, NOT_FULL);
    ring = ringAt(heap.owned(owner, index));
  }

  /** Makes the first ring of a new queue, before anyone else knows the queue. */
  static void format(
      Family family,
      Heap.Block owner,
      int index,
      MemorySegment memory,
      long capacity,
      long limitBytes) {
    Words.setPlain(memory, CAPACITY, capacity);
    Words.setPlain(memory, LIMIT, limitBytes);
    newRing(family.heap(), owner, index, FIRST_RING_BYTES);
  }

  /** Makes an owned ring; what it replaces is the caller's to free. */
  private static Heap.Block newRing(Heap heap, Heap.Block owner, int index, long bytes) {
    var block = heap.allocateDirty(BlockKind.RING, bytes);
    heap.promise(block, owner);
    heap.own(owner, index, block);
    heap.detach(block);
    return block;
  }

  Ring ringAt(long block) {
    var bytes = heap.payloadOf(block);
    return new Ring(block, bytes, bytes.byteSize() - 1);
  }

  /** The ring as it is now; under either mutex. */
  Ring ring() {
    var known = ring;
    var now = heap.owned(owner, index);
    if (known.block != now) {
      known = ringAt(now);
      ring = known;
    }
    return known;
  }

  /** Makes a ring in a new block, full of what it is to hold, the queue's; the old one is freed. */
  void replace(Ring old, Heap.Block block, Ring next) {
    heap.promise(block, owner);
    Seam.at(Step.RING_COPIED);
    heap.own(owner, index, block);
    Seam.at(Step.RING_REPLACED);
    heap.detach(block);
    heap.freeIfUnheld(heap.blockAt(old.block));
    ring = next;
  }

  long tail(long word) {
    return Words.plain(memory, TAIL + word);
  }

  long head(long word) {
    return Words.plain(memory, HEAD + word);
  }

  boolean isShut() {
    return Words.acquire(memory, SHUT) != 0;
  }

  boolean isEmpty() {
    return Words.acquire(memory, HEAD + POSITION) == Words.acquire(memory, TAIL + POSITION);
  }

  boolean isGone(int reference) {
    return reference != 0 && family.roster().isGone(reference);
  }

  static long left(long timeoutNanos, long start) {
    return timeoutNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : timeoutNanos - (System.nanoTime() - start);
  }

  /**
   * How long to wait for a mutex. It is held for a few instructions: so a call that must not wait
   * for an element or for room waits for that, as in the JDK; else it would fail for no reason.
   */
  static long patience(long timeoutNanos, long start) {
    return timeoutNanos <= 0 ? Long.MAX_VALUE : left(timeoutNanos, start);
  }

  static ElementRing.Outcome translate(WaitingRoom.Outcome outcome) {
    return switch (outcome) {
      case OVER -> ElementRing.Outcome.DONE;
      case TIMED_OUT -> ElementRing.Outcome.TIMED_OUT;
      case INTERRUPTED -> ElementRing.Outcome.INTERRUPTED;
    };
  }

  /**
   * Says what a line, the tail's or the head's, will be when {@code position} is committed. That is
   * the first store: a position that is reached has its intent beside it, whole.
   *
   * @param block what is put or taken in a block of its own
   */
  void intend(long line, long position, long count, long bytes, Heap.@Nullable Block block) {
    Words.release(memory, line + INTENT_POSITION, position);
    Words.release(memory, line + INTENT_COUNT, count);
    Words.release(memory, line + INTENT_BYTES, bytes);
    if (block != null) {
      Words.release(memory, line + INTENT_BLOCK_ID, block.id());
      Words.release(memory, line + INTENT_BLOCK, block.offset());
    }
  }

  /** Commits, by one store, what was intended. */
  void commit(long line, long position, long count, long bytes) {
    Words.release(memory, line + POSITION, position);
    Seam.at(Step.ELEMENT_COMMITTED);
    Words.release(memory, line + COUNT, count);
    Words.release(memory, line + CONTENT_BYTES, bytes);
  }

  /** Completes what was committed as it was intended. */
  void commitIntended(long line) {
    commit(
        line,
        Words.plain(memory, line + POSITION),
        Words.plain(memory, line + INTENT_COUNT),
        Words.plain(memory, line + INTENT_BYTES));
  }

  /** Whether what was intended last was committed. */
  boolean hasCommitted(long line) {
    return Words.plain(memory, line + POSITION) == Words.plain(memory, line + INTENT_POSITION);
  }

  void forgetBlock(long line) {
    Words.release(memory, line + INTENT_BLOCK, 0);
  }

  /**
   * Gives up the block of an intent. It may have been freed, and its place be another's: whoever
   * meant to put or take it is dead, and its hold was taken from it, perhaps.
   */
  void disownIntended(long line) {
    var block = Words.plain(memory, line + INTENT_BLOCK);
    if (block != 0) {
      heap.disown(new Heap.Block(block, Words.plain(memory, line + INTENT_BLOCK_ID)));
      forgetBlock(line);
    }
  }

  /** Has {@code recover} complete what a dead owner of a mutex left, if there is one. */
  void mend(Mutex mutex, Runnable recover) {
    if (!isGone(mutex.owner())) {
      return;
    }
    var entry = mutex.tryEnter();
    if (entry != null) {
      try {
        if (entry == Mutex.Entry.AFTER_DEATH) {
          recover.run();
        }
      } finally {
        mutex.exit();
      }
    }
  }
}
