package io.procession.shared;

import static io.procession.internal.wire.QueueLayout.*;

import io.procession.internal.family.Family;
import io.procession.internal.family.Heap;
import io.procession.internal.family.Mutex;
import io.procession.internal.family.Mutex.Entry;
import io.procession.internal.family.WaitWord;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The protocol of {@link io.procession.internal.wire.QueueLayout}: records in, records out. */
final class ElementRing {

  private static final long FIRST_RING_BYTES = 256 << 10;

  /** A ring of more bytes is replaced by a first one when it is empty. */
  private static final long LARGEST_IDLE_RING_BYTES = 4 << 20;

  /** How an attempt to put or take ended. */
  enum Outcome {
    DONE,
    TIMED_OUT,
    INTERRUPTED,
    SHUT
  }

  private final Family family;
  private final Heap heap;
  private final Heap.Block owner;
  private final int index;
  private final MemorySegment memory;
  private final BooleanSupplier isClosedHere;
  private final Mutex tailMutex;
  private final Mutex headMutex;
  private final WaitWord notEmpty;
  private final WaitWord notFull;
  private final WaitWord allDone;
  private final WaitingRoom.Spin putSpin = new WaitingRoom.Spin();
  private final WaitingRoom.Spin takeSpin = new WaitingRoom.Spin();

  /** The ring as this process saw it last. */
  private record Ring(long block, MemorySegment memory, long mask) {}

  private volatile Ring ring;

  /**
   * @param owner the block of the queue or pipe
   * @param index which of its owner's rings this is
   * @param memory the part of the owner's payload that {@code QueueLayout} describes
   * @param isClosedHere whether this process's handle is closed
   */
  ElementRing(
      Family family,
      Heap.Block owner,
      int index,
      MemorySegment memory,
      BooleanSupplier isClosedHere) {
    this.family = family;
    this.heap = family.heap();
    this.owner = owner;
    this.index = index;
    this.memory = memory;
    this.isClosedHere = isClosedHere;
    tailMutex = family.mutex(memory, TAIL_MUTEX);
    headMutex = family.mutex(memory, HEAD_MUTEX);
    notEmpty = family.waitWord(memory, NOT_EMPTY);
    notFull = family.waitWord(memory, NOT_FULL);
    allDone = family.waitWord(memory, ALL_DONE);
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

  private Ring ringAt(long block) {
    var bytes = heap.payloadOf(block);
    return new Ring(block, bytes, bytes.byteSize() - 1);
  }

  /** The ring as it is now; under either mutex. */
  private Ring ring() {
    var known = ring;
    var now = heap.owned(owner, index);
    if (known.block != now) {
      known = ringAt(now);
      ring = known;
    }
    return known;
  }

  private long tail(long word) {
    return Words.plain(memory, TAIL + word);
  }

  private long head(long word) {
    return Words.plain(memory, HEAD + word);
  }

  private static long left(long timeoutNanos, long start) {
    return timeoutNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : timeoutNanos - (System.nanoTime() - start);
  }

  // Putting

  /**
   * Puts an element at the tail.
   *
   * @param timeoutNanos how long to wait for room at the most; {@link Long#MAX_VALUE} is for ever
   */
  Outcome put(Encoded element, int type, long timeoutNanos, boolean interruptible) {
    var block = element.block();
    var length = block == null ? element.position() : 2 * Long.BYTES;
    var bytes = recordBytes(length) + (block == null ? 0 : element.position());
    if (bytes > Words.plain(memory, LIMIT)) {
      throw new IllegalArgumentException(
          "the element is larger than all that the queue may hold; send it in parts, or in a"
              + " SharedMemory. bytes=%d limitBytes=%d"
                  .formatted(bytes, Words.plain(memory, LIMIT)));
    }
    var start = timeoutNanos == Long.MAX_VALUE ? 0 : System.nanoTime();
    while (true) {
      var entry = tailMutex.enter(left(timeoutNanos, start), interruptible);
      if (!entry.isInside()) {
        return entry == Entry.TIMED_OUT ? Outcome.TIMED_OUT : Outcome.INTERRUPTED;
      }
      var done = false;
      try {
        if (entry == Entry.AFTER_DEATH) {
          recoverTail();
        }
        if (isShut()) {
          return Outcome.SHUT;
        }
        if (hasRoom(bytes) && makeRoom(recordBytes(length), timeoutNanos, start)) {
          element.depart();
          append(element, type, length, bytes);
          done = true;
        }
      } finally {
        tailMutex.exit();
      }
      if (done) {
        element.sent();
        notEmpty.wakeOne();
        if (notFull.count() > 0 && hasRoom(1)) {
          notFull.wakeOne();
        }
        return Outcome.DONE;
      }
      var outcome = awaitRoom(bytes, left(timeoutNanos, start), interruptible);
      if (outcome != Outcome.DONE) {
        return outcome;
      }
    }
  }

  private boolean hasRoom(long bytes) {
    var limit = Words.plain(memory, LIMIT);
    var capacity = Words.plain(memory, CAPACITY);
    var taken = Words.acquire(memory, HEAD + CONTENT_BYTES);
    var fits = tail(CONTENT_BYTES) - taken + bytes <= limit;
    return fits
        && (capacity == Long.MAX_VALUE
            || tail(COUNT) - Words.acquire(memory, HEAD + COUNT) < capacity);
  }

  private Outcome awaitRoom(long bytes, long nanos, boolean interruptible) {
    var waiting =
        new Waiting() {
          @Override
          public boolean isOver() {
            return hasRoom(bytes)
                || isShut()
                || isClosedHere.getAsBoolean()
                || isGone(headMutex.owner())
                || isGone(tailMutex.owner());
          }

          @Override
          public void suspects(IntConsumer each) {
            each.accept(headMutex.owner());
            each.accept(tailMutex.owner());
          }
        };
    family.roster().noteBlocked(family.self(), owner.offset());
    try {
      var outcome = family.room().await(notFull, waiting, true, nanos, interruptible, putSpin);
      mend();
      return translate(outcome);
    } finally {
      family.roster().noteBlocked(family.self(), 0);
    }
  }

  /** Completes what the dead left half done, where nobody else comes to put or take. */
  void mend() {
    mend(tailMutex, this::recoverTail);
    mend(headMutex, this::recoverHead);
  }

  private void mend(Mutex mutex, Runnable recover) {
    if (!isGone(mutex.owner())) {
      return;
    }
    var entry = mutex.tryEnter();
    if (entry != null) {
      try {
        if (entry == Entry.AFTER_DEATH) {
          recover.run();
        }
      } finally {
        mutex.exit();
      }
    }
  }

  private boolean isGone(int reference) {
    return reference != 0 && family.roster().isGone(reference);
  }

  private static Outcome translate(WaitingRoom.Outcome outcome) {
    return switch (outcome) {
      case OVER -> Outcome.DONE;
      case TIMED_OUT -> Outcome.TIMED_OUT;
      case INTERRUPTED -> Outcome.INTERRUPTED;
    };
  }

  /** Has room in the ring for a record and its padding, with a larger ring if need be. */
  private boolean makeRoom(long bytes, long timeoutNanos, long start) {
    var now = ring();
    var end = tail(POSITION) + bytes + padding(now, bytes);
    if (end - tail(OTHER_POSITION) <= now.mask + 1) {
      return true;
    }
    Words.setPlain(memory, TAIL + OTHER_POSITION, Words.acquire(memory, HEAD + POSITION));
    if (end - tail(OTHER_POSITION) <= now.mask + 1) {
      return true;
    }
    var entry = headMutex.enter(left(timeoutNanos, start), false);
    if (!entry.isInside()) {
      return false;
    }
    try {
      if (entry == Entry.AFTER_DEATH) {
        recoverHead();
      }
      grow(now, bytes);
      return true;
    } finally {
      headMutex.exit();
    }
  }

  private long padding(Ring ring, long bytes) {
    var rest = ring.mask + 1 - (tail(POSITION) & ring.mask);
    return rest < bytes ? rest : 0;
  }

  private void grow(Ring old, long bytes) {
    var used = tail(POSITION) - head(POSITION);
    var wanted = Long.highestOneBit(2 * (used + 2 * bytes) - 1) << 1;
    var block = heap.allocateDirty(BlockKind.RING, Math.max(2 * (old.mask + 1), wanted));
    var larger = ringAt(block.offset());
    // A record never wraps, so neither does a run of them up to the end of the smaller ring.
    for (var at = head(POSITION); at < tail(POSITION); ) {
      var run = Math.min(old.mask + 1 - (at & old.mask), tail(POSITION) - at);
      MemorySegment.copy(old.memory, at & old.mask, larger.memory, at & larger.mask, run);
      at += run;
    }
    replace(old, block, larger);
  }

  private void replace(Ring old, Heap.Block block, Ring next) {
    heap.promise(block, owner);
    Seam.at(Step.RING_COPIED);
    heap.own(owner, index, block);
    Seam.at(Step.RING_REPLACED);
    heap.detach(block);
    heap.freeIfUnheld(heap.blockAt(old.block));
    ring = next;
  }

  private void append(Encoded element, int type, long length, long bytes) {
    var now = ring();
    var position = tail(POSITION);
    var padding = padding(now, recordBytes(length));
    if (padding > 0) {
      // With its length: in a larger ring it will not end where the ring does.
      now.memory.set(ValueLayout.JAVA_INT, (position & now.mask) + RECORD_LENGTH, (int) padding);
      now.memory.set(ValueLayout.JAVA_INT, (position & now.mask) + RECORD_TYPE, PADDING);
      position += padding;
    }
    var at = position & now.mask;
    var block = element.block();
    if (block == null) {
      MemorySegment.copy(element.written(), 0, now.memory, at + RECORD_BYTES, length);
    } else {
      heap.promise(block, owner);
      now.memory.set(ValueLayout.JAVA_LONG, at + RECORD_BYTES, block.offset());
      now.memory.set(ValueLayout.JAVA_LONG, at + RECORD_BYTES + Long.BYTES, block.id());
    }
    now.memory.set(
        ValueLayout.JAVA_INT,
        at + RECORD_LENGTH,
        (int) (block == null ? length : element.position()));
    now.memory.set(ValueLayout.JAVA_INT, at + RECORD_TYPE, block == null ? type : type | IN_BLOCK);
    now.memory.set(ValueLayout.JAVA_INT, at + RECORD_SENDER, family.self());
    Seam.at(Step.ELEMENT_WRITTEN);
    var end = position + recordBytes(length);
    intend(TAIL, end, tail(COUNT) + 1, tail(CONTENT_BYTES) + bytes, block);
    if (block != null) {
      var header = family.memory();
      Words.setPlain(header, block.offset() + BlockLayout.NUMBER, position);
      Words.setPlain(header, block.offset() + BlockLayout.CONTENT_BYTES, element.position());
      Words.releaseInt(header, block.offset() + BlockLayout.STATE, BlockLayout.QUEUED);
    }
    Seam.at(Step.ELEMENT_INTENDED);
    commit(TAIL, end);
    forgetBlock(TAIL);
  }

  private void intend(
      long line, long position, long count, long bytes, Heap.@Nullable Block block) {
    // None of the positions, until the rest is written.
    Words.release(memory, line + INTENT_POSITION, -1);
    Words.release(memory, line + INTENT_COUNT, count);
    Words.release(memory, line + INTENT_BYTES, bytes);
    Words.release(memory, line + INTENT_BLOCK_ID, block == null ? 0 : block.id());
    Words.release(memory, line + INTENT_BLOCK, block == null ? 0 : block.offset());
    Words.release(memory, line + INTENT_POSITION, position);
  }

  private void commit(long line, long position) {
    Words.release(memory, line + POSITION, position);
    Seam.at(Step.ELEMENT_COMMITTED);
    Words.release(memory, line + COUNT, Words.plain(memory, line + INTENT_COUNT));
    Words.release(memory, line + CONTENT_BYTES, Words.plain(memory, line + INTENT_BYTES));
  }

  private void forgetBlock(long line) {
    Words.release(memory, line + INTENT_BLOCK, 0);
  }

  /**
   * Gives up the block of an intent. It may have been freed, and its place be another's: whoever
   * meant to put or take it is dead, and its hold was taken from it, perhaps.
   */
  private void disownIntended(long line) {
    var block = Words.plain(memory, line + INTENT_BLOCK);
    if (block != 0) {
      heap.disown(new Heap.Block(block, Words.plain(memory, line + INTENT_BLOCK_ID)));
      forgetBlock(line);
    }
  }

  /** A producer died in here: its element is committed as a whole, or was never there. */
  private void recoverTail() {
    if (tail(POSITION) == tail(INTENT_POSITION)) {
      commit(TAIL, tail(POSITION));
      forgetBlock(TAIL);
    } else {
      disownIntended(TAIL);
    }
  }

  // Taking

  /** What {@link #take} gives: an element, or why there is none. */
  record Take(Outcome outcome, @Nullable Taken taken) {}

  /**
   * Takes the element at the head.
   *
   * @param lease whether it stays the queue's until it is done with
   */
  Take take(boolean lease, long timeoutNanos, boolean interruptible) {
    var start = timeoutNanos == Long.MAX_VALUE ? 0 : System.nanoTime();
    while (true) {
      var entry = headMutex.enter(left(timeoutNanos, start), interruptible);
      if (!entry.isInside()) {
        return new Take(entry == Entry.TIMED_OUT ? Outcome.TIMED_OUT : Outcome.INTERRUPTED, null);
      }
      Taken taken;
      var isShut = isShut();
      try {
        if (entry == Entry.AFTER_DEATH) {
          recoverHead();
        }
        taken = lease ? Leases.takeReturned(this) : null;
        if (taken == null) {
          taken = remove(lease);
        }
      } finally {
        headMutex.exit();
      }
      if (taken != null) {
        notFull.wakeOne();
        if (notEmpty.count() > 0 && !isEmpty()) {
          notEmpty.wakeOne();
        }
        return new Take(Outcome.DONE, taken);
      }
      if (isShut) {
        return new Take(Outcome.SHUT, null);
      }
      var outcome = awaitElement(lease, left(timeoutNanos, start), interruptible);
      if (outcome != Outcome.DONE) {
        return new Take(outcome, null);
      }
    }
  }

  private Outcome awaitElement(boolean lease, long nanos, boolean interruptible) {
    var waiting =
        new Waiting() {
          @Override
          public boolean isOver() {
            return !isEmpty()
                || isShut()
                || isClosedHere.getAsBoolean()
                || isGone(headMutex.owner())
                || (lease && Words.acquire(memory, RETURNED) != 0);
          }

          @Override
          public void suspects(IntConsumer each) {
            each.accept(headMutex.owner());
            each.accept(tailMutex.owner());
            if (lease) {
              family.roster().forEachLiving(each);
            }
          }
        };
    return translate(family.room().await(notEmpty, waiting, true, nanos, interruptible, takeSpin));
  }

  boolean isEmpty() {
    return Words.acquire(memory, HEAD + POSITION) == Words.acquire(memory, TAIL + POSITION);
  }

  /** Whether there is an element, as far as the counts tell. */
  long count() {
    var taken = Words.acquire(memory, HEAD + COUNT);
    return Math.max(0, Words.acquire(memory, TAIL + COUNT) - taken);
  }

  long remainingCapacity() {
    var capacity = Words.plain(memory, CAPACITY);
    return capacity == Long.MAX_VALUE ? capacity : Math.max(0, capacity - count());
  }

  /** Moves the head past padding and what was removed; gives the position of the next record. */
  private long next() {
    var now = ring();
    var position = head(POSITION);
    while (true) {
      if (position == head(OTHER_POSITION)) {
        Words.setPlain(memory, HEAD + OTHER_POSITION, Words.acquire(memory, TAIL + POSITION));
        if (position == head(OTHER_POSITION)) {
          return position;
        }
      }
      var at = position & now.mask;
      var type = now.memory.get(ValueLayout.JAVA_INT, at + RECORD_TYPE);
      if (type == PADDING) {
        position += now.memory.get(ValueLayout.JAVA_INT, at + RECORD_LENGTH);
      } else if ((type & REMOVED) != 0) {
        position += sizeAt(now, at, type);
      } else {
        return position;
      }
    }
  }

  private static long sizeAt(Ring ring, long at, int type) {
    return recordBytes(
        (type & IN_BLOCK) != 0
            ? 2 * Long.BYTES
            : ring.memory.get(ValueLayout.JAVA_INT, at + RECORD_LENGTH));
  }

  private @Nullable Taken remove(boolean lease) {
    var position = next();
    if (position == head(OTHER_POSITION)) {
      if (position != head(POSITION)) {
        // Only removed ones were left.
        intend(HEAD, position, head(COUNT), head(CONTENT_BYTES), null);
        commit(HEAD, position);
      }
      return null;
    }
    var now = ring();
    var taken = copy(now, position);
    var at = position & now.mask;
    var record = sizeAt(now, at, taken.type());
    var block = taken.block();
    var bytes = record + (block == null ? 0 : taken.bytes().byteSize());
    if (block != null) {
      if (lease) {
        Leases.lease(this, block);
      } else {
        heap.hold(block);
      }
    }
    Seam.at(Step.ELEMENT_COPIED);
    intend(
        HEAD,
        position + record,
        head(COUNT) + 1,
        head(CONTENT_BYTES) + bytes,
        lease ? null : block);
    Seam.at(Step.TAKING_INTENDED);
    commit(HEAD, position + record);
    if (block != null && !lease) {
      Words.releaseInt(family.memory(), block.offset() + BlockLayout.STATE, BlockLayout.UNOWNED);
    }
    // Not before: until then it is known whose the block would be.
    forgetBlock(HEAD);
    if (now.mask >= LARGEST_IDLE_RING_BYTES && isEmpty()) {
      shrink(now);
    }
    return taken;
  }

  private Taken copy(Ring ring, long position) {
    var at = position & ring.mask;
    var type = ring.memory.get(ValueLayout.JAVA_INT, at + RECORD_TYPE);
    var length = ring.memory.get(ValueLayout.JAVA_INT, at + RECORD_LENGTH);
    var sender = ring.memory.get(ValueLayout.JAVA_INT, at + RECORD_SENDER);
    if ((type & IN_BLOCK) == 0) {
      var bytes = new byte[length];
      MemorySegment.copy(ring.memory, ValueLayout.JAVA_BYTE, at + RECORD_BYTES, bytes, 0, length);
      return new Taken(position, type, sender, MemorySegment.ofArray(bytes), null, false);
    }
    var block =
        new Heap.Block(
            ring.memory.get(ValueLayout.JAVA_LONG, at + RECORD_BYTES),
            ring.memory.get(ValueLayout.JAVA_LONG, at + RECORD_BYTES + Long.BYTES));
    var bytes = heap.payloadOf(block.offset()).asSlice(0, Integer.toUnsignedLong(length));
    return new Taken(position, type, sender, bytes, block, false);
  }

  /** Goes back to a small ring. Producers come first: if one is inside, it is left for later. */
  private void shrink(Ring now) {
    var entry = tailMutex.tryEnter();
    if (entry == null) {
      return;
    }
    try {
      if (entry == Entry.AFTER_DEATH) {
        recoverTail();
      }
      if (tail(POSITION) == head(POSITION)) {
        var block = heap.allocateDirty(BlockKind.RING, FIRST_RING_BYTES);
        replace(now, block, ringAt(block.offset()));
      }
    } finally {
      tailMutex.exit();
    }
  }

  /** A consumer died in here: it has taken an element as a whole, or not at all. */
  private void recoverHead() {
    var removal = head(REMOVAL);
    if (removal != 0) {
      recoverRemoval(removal - 1);
    } else if (head(POSITION) == head(INTENT_POSITION)) {
      commit(HEAD, head(POSITION));
      disownIntended(HEAD);
    }
    Leases.recover(this);
  }

  // Looking, and removing from the middle

  /** Copies of all elements, or of the first only; the ones that are leased are not among them. */
  List<Taken> snapshot(int most) {
    var all = new ArrayList<Taken>();
    enterHead();
    try {
      var now = ring();
      var tail = Words.acquire(memory, TAIL + POSITION);
      for (var position = next(); position < tail && all.size() < most; ) {
        var at = position & now.mask;
        var type = now.memory.get(ValueLayout.JAVA_INT, at + RECORD_TYPE);
        if (type == PADDING) {
          position += now.memory.get(ValueLayout.JAVA_INT, at + RECORD_LENGTH);
          continue;
        }
        if ((type & REMOVED) == 0) {
          all.add(detached(copy(now, position)));
        }
        position += sizeAt(now, at, type);
      }
    } finally {
      headMutex.exit();
    }
    return all;
  }

  /** The bytes of a block may go when the mutex is left. */
  private static Taken detached(Taken taken) {
    if (taken.block() == null) {
      return taken;
    }
    var bytes = MemorySegment.ofArray(taken.bytes().toArray(ValueLayout.JAVA_BYTE));
    return new Taken(taken.position(), taken.type(), taken.sender(), bytes, taken.block(), false);
  }

  private void enterHead() {
    if (headMutex.enter()) {
      recoverHead();
    }
  }

  /** Removes one element wherever it is; gives whether it was still there. */
  boolean removeAt(long position) {
    enterHead();
    try {
      var now = ring();
      if (position < head(POSITION)) {
        return false;
      }
      var at = position & now.mask;
      var type = now.memory.get(ValueLayout.JAVA_INT, at + RECORD_TYPE);
      if ((type & REMOVED) != 0) {
        return false;
      }
      var record = copy(now, position);
      var block = record.block();
      var bytes = sizeAt(now, at, type) + (block == null ? 0 : record.bytes().byteSize());
      Words.release(memory, HEAD + REMOVAL, position + 1);
      intend(HEAD, head(POSITION), head(COUNT) + 1, head(CONTENT_BYTES) + bytes, block);
      Seam.at(Step.REMOVAL_INTENDED);
      now.memory.set(ValueLayout.JAVA_INT, at + RECORD_TYPE, type | REMOVED);
      finishRemoval();
    } finally {
      headMutex.exit();
    }
    notFull.wakeOne();
    return true;
  }

  private void finishRemoval() {
    commit(HEAD, head(POSITION));
    disownIntended(HEAD);
    Words.release(memory, HEAD + REMOVAL, 0);
  }

  private void recoverRemoval(long position) {
    var now = ring();
    var type = now.memory.get(ValueLayout.JAVA_INT, (position & now.mask) + RECORD_TYPE);
    if ((type & REMOVED) != 0) {
      finishRemoval();
    } else {
      intend(HEAD, head(POSITION), head(COUNT), head(CONTENT_BYTES), null);
      Words.release(memory, HEAD + REMOVAL, 0);
    }
  }

  // The end

  boolean isShut() {
    return Words.acquire(memory, SHUT) != 0;
  }

  /** No more is put; whoever waits, anywhere, looks again. */
  void shut() {
    // With the mutex, so that nothing is put after someone was told that nothing comes any more.
    if (tailMutex.enter()) {
      recoverTail();
    }
    Words.write(memory, SHUT, 1);
    tailMutex.exit();
    notEmpty.wakeAll();
    notFull.wakeAll();
    allDone.wakeAll();
  }

  // For leases

  Family family() {
    return family;
  }

  MemorySegment memory() {
    return memory;
  }

  Heap.Block owner() {
    return owner;
  }

  long headPosition() {
    return Words.acquire(memory, HEAD + POSITION);
  }

  /** How many elements were put and are not done with. */
  long unfinished() {
    var inQueue = count();
    return inQueue + Words.acquire(memory, LEASED);
  }

  void wakeIfAllDone() {
    if (unfinished() == 0) {
      allDone.wakeAll();
    }
  }

  /** Waits until nothing is unfinished. */
  Outcome awaitAllDone(long timeoutNanos) {
    var start = timeoutNanos == Long.MAX_VALUE ? 0 : System.nanoTime();
    while (true) {
      var outcome = awaitAllDoneOrDeath(left(timeoutNanos, start));
      if (outcome != WaitingRoom.Outcome.OVER || unfinished() == 0 || isClosedHere.getAsBoolean()) {
        return translate(outcome);
      }
      mend();
    }
  }

  private WaitingRoom.Outcome awaitAllDoneOrDeath(long nanos) {
    var waiting =
        new Waiting() {
          @Override
          public boolean isOver() {
            return unfinished() == 0
                || isClosedHere.getAsBoolean()
                || isGone(headMutex.owner())
                || isGone(tailMutex.owner());
          }

          @Override
          public void suspects(IntConsumer each) {
            family.roster().forEachLiving(each);
          }
        };
    return family.room().await(allDone, waiting, false, nanos, true, null);
  }

  void withHead(Runnable action) {
    enterHead();
    try {
      action.run();
    } finally {
      headMutex.exit();
    }
  }
}
