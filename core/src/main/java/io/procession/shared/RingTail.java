package io.procession.shared;

import static io.procession.internal.wire.QueueLayout.*;

import io.procession.internal.family.Mutex.Entry;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom;
import io.procession.internal.os.SpinBudget;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.shared.ElementRing.Outcome;
import io.procession.shared.RingState.Ring;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntConsumer;

/** The producers' side of an {@link ElementRing}. */
final class RingTail {

  /** How long a full ring is not replaced by a larger one. */
  private static final long SPIN_NANOS = 100_000;

  /** So much must come free in that time: else whoever takes is slow, and more has to be kept. */
  private static final long WORTH_BYTES = RingState.FIRST_RING_BYTES / 4;

  private static final boolean MAY_SPIN = Runtime.getRuntime().availableProcessors() > 1;

  private final RingState state;
  private final MemorySegment memory;
  private final Runnable recoverHead;
  private final WaitingRoom.Spin spin = new WaitingRoom.Spin();

  /** What consumers had taken when this process looked last; guarded by the mutex. */
  private long knownHeadCount;

  private long knownHeadBytes;

  /** How long it pays to wait for room; guarded by the mutex. */
  private final SpinBudget growth = new SpinBudget();

  /**
   * @param recoverHead puts the other side right, whose mutex the caller has entered after a death
   */
  RingTail(RingState state, Runnable recoverHead) {
    this.state = state;
    this.memory = state.memory;
    this.recoverHead = recoverHead;
  }

  /**
   * Puts an element at the tail.
   *
   * @param timeoutNanos how long to wait for room at the most; {@link Long#MAX_VALUE} is for ever
   */
  Outcome put(Encoded element, int type, long timeoutNanos, boolean interruptible) {
    if (interruptible && Thread.currentThread().isInterrupted()) {
      return Outcome.INTERRUPTED;
    }
    var block = element.block();
    var length = block == null ? element.position() : 2 * Long.BYTES;
    var bytes = recordBytes(length) + (block == null ? 0 : element.position());
    var start = timeoutNanos == Long.MAX_VALUE ? 0 : System.nanoTime();
    while (true) {
      var entry = state.tailMutex.enter(RingState.patience(timeoutNanos, start), interruptible);
      if (!entry.isInside()) {
        return entry == Entry.TIMED_OUT ? Outcome.TIMED_OUT : Outcome.INTERRUPTED;
      }
      var done = false;
      try {
        if (entry == Entry.AFTER_DEATH) {
          recover();
        }
        if (state.isShut()) {
          return Outcome.SHUT;
        }
        if (state.end.isOver()) {
          return Outcome.OVER;
        }
        if (hasRoomFor(bytes)) {
          if (!makeRoom(recordBytes(length), timeoutNanos, start)) {
            return Outcome.TIMED_OUT;
          }
          element.depart();
          append(element, type, length, bytes);
          done = true;
        }
      } finally {
        state.tailMutex.exit();
      }
      if (done) {
        element.sent();
        state.notEmpty.wakeOne();
        if (state.notFull.count() > 0 && hasRoom(1)) {
          state.notFull.wakeOne();
        }
        return Outcome.DONE;
      }
      var outcome = awaitRoom(bytes, RingState.left(timeoutNanos, start), interruptible);
      if (outcome != Outcome.DONE) {
        return outcome;
      }
    }
  }

  /** Whether so many bytes may come; what is too large for the queue may come when it is empty. */
  private boolean hasRoom(long bytes) {
    var capacity = Words.plain(memory, CAPACITY);
    if (capacity != Long.MAX_VALUE
        && state.tail(COUNT) - Words.acquire(memory, HEAD + COUNT) >= capacity) {
      return false;
    }
    var content = state.tail(CONTENT_BYTES) - Words.acquire(memory, HEAD + CONTENT_BYTES);
    return content == 0 || content + bytes <= Words.plain(memory, LIMIT);
  }

  /** As {@link #hasRoom}, within the mutex, and mostly without loading the consumers' line. */
  private boolean hasRoomFor(long bytes) {
    var capacity = Words.plain(memory, CAPACITY);
    var isKnown =
        state.tail(CONTENT_BYTES) - knownHeadBytes + bytes <= Words.plain(memory, LIMIT)
            && (capacity == Long.MAX_VALUE || state.tail(COUNT) - knownHeadCount < capacity);
    if (isKnown) {
      return true;
    }
    knownHeadBytes = Words.acquire(memory, HEAD + CONTENT_BYTES);
    knownHeadCount = Words.acquire(memory, HEAD + COUNT);
    return hasRoom(bytes);
  }

  private Outcome awaitRoom(long bytes, long nanos, boolean interruptible) {
    var waiting =
        new Waiting() {
          @Override
          public boolean isOver() {
            return hasRoom(bytes)
                || state.isShut()
                || state.end.isOver()
                || state.isGone(state.headMutex.owner())
                || state.isGone(state.tailMutex.owner());
          }

          @Override
          public void suspects(IntConsumer each) {
            each.accept(state.headMutex.owner());
            each.accept(state.tailMutex.owner());
            state.end.suspects(each);
          }
        };
    state.family.roster().noteBlocked(state.family.self(), state.owner.offset());
    try {
      var outcome =
          state.family.room().await(state.notFull, waiting, true, nanos, interruptible, spin);
      mend();
      return RingState.translate(outcome);
    } finally {
      state.family.roster().noteBlocked(state.family.self(), 0);
    }
  }

  /** Completes what the dead left half done, where nobody else comes to put or take. */
  void mend() {
    state.mend(state.tailMutex, this::recover);
    state.mend(state.headMutex, recoverHead);
  }

  /** Has room in the ring for a record and its padding, with a larger ring if need be. */
  private boolean makeRoom(long bytes, long timeoutNanos, long start) {
    var now = state.ring();
    var end = state.tail(POSITION) + bytes + padding(now, bytes);
    if (free(now, end) >= 0) {
      return true;
    }
    lookAtHead();
    if (free(now, end) >= 0 || spinUntilFree(now, end)) {
      return true;
    }
    var entry = state.headMutex.enter(RingState.patience(timeoutNanos, start), false);
    if (!entry.isInside()) {
      return false;
    }
    try {
      if (entry == Entry.AFTER_DEATH) {
        recoverHead.run();
      }
      grow(now, bytes);
      return true;
    } finally {
      state.headMutex.exit();
    }
  }

  /**
   * What is left of the ring once it holds everything up to {@code end}; negative if too little.
   */
  private long free(Ring ring, long end) {
    return ring.mask() + 1 - (end - state.tail(OTHER_POSITION));
  }

  private void lookAtHead() {
    Words.setPlain(memory, TAIL + OTHER_POSITION, Words.acquire(memory, HEAD + POSITION));
  }

  /**
   * Gives consumers that are at work the time to take some of a full ring: what they take from a
   * small one is still in the processors' caches.
   */
  private boolean spinUntilFree(Ring ring, long end) {
    if (!MAY_SPIN) {
      return false;
    }
    var nanos = growth.nanos(SPIN_NANOS);
    var start = System.nanoTime();
    while (free(ring, end) < WORTH_BYTES && System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
      lookAtHead();
    }
    growth.spun(free(ring, end) >= WORTH_BYTES);
    return free(ring, end) >= 0;
  }

  private long padding(Ring ring, long bytes) {
    var rest = ring.mask() + 1 - (state.tail(POSITION) & ring.mask());
    return rest < bytes ? rest : 0;
  }

  private void grow(Ring old, long bytes) {
    var used = state.tail(POSITION) - state.head(POSITION);
    var wanted = Long.highestOneBit(2 * (used + 2 * bytes) - 1) << 1;
    var block = state.heap.allocateDirty(BlockKind.RING, Math.max(2 * (old.mask() + 1), wanted));
    var larger = state.ringAt(block.offset());
    // A record never wraps, so neither does a run of them up to the end of the smaller ring.
    for (var at = state.head(POSITION); at < state.tail(POSITION); ) {
      var run = Math.min(old.mask() + 1 - (at & old.mask()), state.tail(POSITION) - at);
      MemorySegment.copy(old.memory(), at & old.mask(), larger.memory(), at & larger.mask(), run);
      at += run;
    }
    state.replace(old, block, larger);
  }

  private void append(Encoded element, int type, long length, long bytes) {
    var now = state.ring();
    var position = state.tail(POSITION);
    var padding = padding(now, recordBytes(length));
    if (padding > 0) {
      // With its length: in a larger ring it will not end where the ring does.
      now.memory().set(ValueLayout.JAVA_LONG, position & now.mask(), recordHead(padding, PADDING));
      position += padding;
    }
    var at = position & now.mask();
    var block = element.block();
    if (block == null) {
      MemorySegment.copy(element.written(), 0, now.memory(), at + RECORD_BYTES, length);
    } else {
      state.heap.promise(block, state.owner);
      now.memory().set(ValueLayout.JAVA_LONG, at + RECORD_BYTES, block.offset());
      now.memory().set(ValueLayout.JAVA_LONG, at + RECORD_BYTES + Long.BYTES, block.id());
    }
    now.memory()
        .set(
            ValueLayout.JAVA_LONG,
            at + RECORD_LENGTH,
            recordHead(
                block == null ? length : element.position(),
                block == null ? type : type | IN_BLOCK));
    now.memory().set(ValueLayout.JAVA_INT, at + RECORD_SENDER, state.family.self());
    Seam.at(Step.ELEMENT_WRITTEN);
    var end = position + recordBytes(length);
    var count = state.tail(COUNT) + 1;
    var content = state.tail(CONTENT_BYTES) + bytes;
    state.intend(TAIL, end, count, content, block);
    if (block != null) {
      var header = state.family.memory();
      Words.setPlain(header, block.offset() + BlockLayout.NUMBER, position);
      Words.setPlain(header, block.offset() + BlockLayout.CONTENT_BYTES, element.position());
      Words.release(header, block.offset() + BlockLayout.STATE, BlockLayout.QUEUED);
    }
    Seam.at(Step.ELEMENT_INTENDED);
    state.commit(TAIL, end, count, content);
    if (block != null) {
      state.forgetBlock(TAIL);
    }
  }

  /** A producer died in here: its element is committed as a whole, or was never there. */
  void recover() {
    if (state.hasCommitted(TAIL)) {
      state.commitIntended(TAIL);
      state.forgetBlock(TAIL);
    } else {
      state.disownIntended(TAIL);
    }
  }
}
