package io.procession.shared;

import static io.procession.internal.wire.QueueLayout.*;

import io.procession.internal.family.Heap;
import io.procession.internal.family.Mutex.Entry;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.shared.ElementRing.Outcome;
import io.procession.shared.ElementRing.Take;
import io.procession.shared.RingState.Ring;
import io.procession.spi.Waitable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The consumers' side of an {@link ElementRing}. */
final class RingHead {

  /** A ring of more bytes is replaced by a first one when it is empty. */
  private static final long LARGEST_IDLE_RING_BYTES = 4 << 20;

  private final RingState state;
  private final MemorySegment memory;
  private final Leases leases;
  private final Runnable recoverTail;
  private final WaitingRoom.Spin spin = new WaitingRoom.Spin();

  /**
   * @param recoverTail puts the other side right, whose mutex the caller has entered after a death
   */
  RingHead(RingState state, Leases leases, Runnable recoverTail) {
    this.state = state;
    this.memory = state.memory;
    this.leases = leases;
    this.recoverTail = recoverTail;
  }

  /**
   * Takes the element at the head.
   *
   * @param lease whether it stays the queue's until it is done with
   * @param mostBytes a longer one stays where it is
   */
  Take take(boolean lease, long mostBytes, long timeoutNanos, boolean interruptible) {
    if (interruptible && Thread.currentThread().isInterrupted()) {
      return new Take(Outcome.INTERRUPTED);
    }
    var start = timeoutNanos == Long.MAX_VALUE ? 0 : System.nanoTime();
    while (true) {
      var entry = state.headMutex.enter(RingState.patience(timeoutNanos, start), interruptible);
      if (!entry.isInside()) {
        return new Take(entry == Entry.TIMED_OUT ? Outcome.TIMED_OUT : Outcome.INTERRUPTED);
      }
      Taken taken;
      // Looked at before the queue is: nothing is put after it was shut.
      var isShut = state.isShut();
      var isOver = state.end.isOver();
      try {
        if (entry == Entry.AFTER_DEATH) {
          recover();
        }
        taken = lease ? leases.takeReturned() : null;
        var length = mostBytes == Long.MAX_VALUE ? 0 : nextLength();
        if (length > mostBytes) {
          return new Take(Outcome.DONE, null, length);
        }
        if (taken == null) {
          taken = remove(lease);
        }
      } finally {
        state.headMutex.exit();
      }
      if (taken != null) {
        state.notFull.wakeOne();
        if (state.notEmpty.count() > 0 && !state.isEmpty()) {
          state.notEmpty.wakeOne();
        }
        return new Take(Outcome.DONE, taken, 0);
      }
      if (isShut) {
        return new Take(Outcome.SHUT);
      }
      if (isOver) {
        return new Take(Outcome.OVER);
      }
      var outcome = awaitElement(lease, RingState.left(timeoutNanos, start), interruptible);
      if (outcome != Outcome.DONE) {
        return new Take(outcome);
      }
    }
  }

  private Outcome awaitElement(boolean lease, long nanos, boolean interruptible) {
    return RingState.translate(
        state
            .family
            .room()
            .await(state.notEmpty, new Coming(lease), true, nanos, interruptible, spin));
  }

  /** Waits until taking would not wait. */
  Outcome awaitReady(long nanos) {
    return RingState.translate(
        state.family.room().await(state.notEmpty, new Coming(false), false, nanos, true, spin));
  }

  /** As {@link io.procession.spi.Waitable#onReady}. */
  Waitable.Registration onReady(boolean lease, Runnable wake) {
    return state.family.room().watch(state.notEmpty, new Coming(lease), wake);
  }

  /** Waits for an element, or for something that there is to do. */
  private final class Coming implements Waiting {

    private final boolean lease;

    Coming(boolean lease) {
      this.lease = lease;
    }

    @Override
    public boolean isOver() {
      return !state.isEmpty()
          || state.isShut()
          || state.end.isOver()
          || state.isGone(state.headMutex.owner())
          || (lease && leases.haveReturned());
    }

    @Override
    public void suspects(IntConsumer each) {
      each.accept(state.headMutex.owner());
      state.end.suspects(each);
      if (lease) {
        state.family.roster().forEachLiving(each);
      }
    }
  }

  /** The length of the next element; 0 if there is none. */
  private long nextLength() {
    var position = next();
    if (position == state.head(OTHER_POSITION)) {
      return 0;
    }
    var now = state.ring();
    return Integer.toUnsignedLong(
        now.memory().get(ValueLayout.JAVA_INT, (position & now.mask()) + RECORD_LENGTH));
  }

  /** Moves the head past padding and what was removed; gives the position of the next record. */
  private long next() {
    var now = state.ring();
    var position = state.head(POSITION);
    while (true) {
      if (position == state.head(OTHER_POSITION)) {
        Words.setPlain(memory, HEAD + OTHER_POSITION, Words.acquire(memory, TAIL + POSITION));
        if (position == state.head(OTHER_POSITION)) {
          return position;
        }
      }
      var at = position & now.mask();
      var type = now.typeAt(at);
      if (type != PADDING && (type & REMOVED) == 0) {
        return position;
      }
      position += now.sizeAt(at);
    }
  }

  private @Nullable Taken remove(boolean lease) {
    var position = next();
    if (position == state.head(OTHER_POSITION)) {
      if (position != state.head(POSITION)) {
        // Only removed ones were left.
        var count = state.head(COUNT);
        var content = state.head(CONTENT_BYTES);
        state.intend(HEAD, position, count, content, null);
        state.commit(HEAD, position, count, content);
      }
      return null;
    }
    var now = state.ring();
    var taken = copy(now, position);
    var at = position & now.mask();
    var record = now.sizeAt(at);
    var block = taken.block();
    var bytes = record + (block == null ? 0 : taken.bytes().byteSize());
    if (block != null) {
      if (lease) {
        leases.lease(block);
      } else {
        state.family.holdTaken(block);
      }
    }
    Seam.at(Step.ELEMENT_COPIED);
    var count = state.head(COUNT) + 1;
    var content = state.head(CONTENT_BYTES) + bytes;
    state.intend(HEAD, position + record, count, content, lease ? null : block);
    Seam.at(Step.TAKING_INTENDED);
    state.commit(HEAD, position + record, count, content);
    if (block != null && lease) {
      leases.count(block);
    } else if (block != null) {
      Words.release(state.family.memory(), block.offset() + BlockLayout.STATE, BlockLayout.UNOWNED);
      // Not before: until then it is known whose the block would be.
      state.forgetBlock(HEAD);
    }
    if (now.mask() >= LARGEST_IDLE_RING_BYTES && state.isEmpty()) {
      shrink(now);
    }
    return taken;
  }

  private Taken copy(Ring ring, long position) {
    var at = position & ring.mask();
    var type = ring.memory().get(ValueLayout.JAVA_INT, at + RECORD_TYPE);
    var length = ring.memory().get(ValueLayout.JAVA_INT, at + RECORD_LENGTH);
    var sender = ring.memory().get(ValueLayout.JAVA_INT, at + RECORD_SENDER);
    if ((type & IN_BLOCK) == 0) {
      var bytes = new byte[length];
      MemorySegment.copy(ring.memory(), ValueLayout.JAVA_BYTE, at + RECORD_BYTES, bytes, 0, length);
      return new Taken(position, type, sender, MemorySegment.ofArray(bytes), null, false);
    }
    var block =
        new Heap.Block(
            ring.memory().get(ValueLayout.JAVA_LONG, at + RECORD_BYTES),
            ring.memory().get(ValueLayout.JAVA_LONG, at + RECORD_BYTES + Long.BYTES));
    var bytes = state.heap.payloadOf(block.offset()).asSlice(0, Integer.toUnsignedLong(length));
    return new Taken(position, type, sender, bytes, block, false);
  }

  /** Goes back to a small ring. Producers come first: if one is inside, it is left for later. */
  private void shrink(Ring now) {
    var entry = state.tailMutex.tryEnter();
    if (entry == null) {
      return;
    }
    try {
      if (entry == Entry.AFTER_DEATH) {
        recoverTail.run();
      }
      if (state.tail(POSITION) == state.head(POSITION)) {
        var block = state.heap.allocateDirty(BlockKind.RING, RingState.FIRST_RING_BYTES);
        state.replace(now, block, state.ringAt(block.offset()));
      }
    } finally {
      state.tailMutex.exit();
    }
  }

  /** A consumer died in here: it has taken an element as a whole, or not at all. */
  void recover() {
    var removal = state.head(REMOVAL);
    if (removal != 0) {
      recoverRemoval(removal - 1);
    } else if (state.hasCommitted(HEAD)) {
      state.commitIntended(HEAD);
      state.disownIntended(HEAD);
    } else {
      state.forgetBlock(HEAD); // it is the queue's still
    }
    leases.recover();
  }

  // Looking, and removing from the middle

  /** Copies of all elements, or of the first only; the ones that are leased are not among them. */
  List<Taken> snapshot(int most) {
    var all = new ArrayList<Taken>();
    enter();
    try {
      var now = state.ring();
      var tail = Words.acquire(memory, TAIL + POSITION);
      for (var position = next(); position < tail && all.size() < most; ) {
        var at = position & now.mask();
        var type = now.typeAt(at);
        if (type == PADDING) {
          position += now.sizeAt(at);
          continue;
        }
        if ((type & REMOVED) == 0) {
          all.add(detached(copy(now, position)));
        }
        position += now.sizeAt(at);
      }
    } finally {
      state.headMutex.exit();
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

  void enter() {
    if (state.headMutex.enter()) {
      recover();
    }
  }

  /** Removes one element wherever it is; gives whether it was still there. */
  boolean removeAt(long position) {
    enter();
    try {
      var now = state.ring();
      if (position < state.head(POSITION)) {
        return false;
      }
      var at = position & now.mask();
      var type = now.typeAt(at);
      if ((type & REMOVED) != 0) {
        return false;
      }
      var record = copy(now, position);
      var block = record.block();
      var bytes = now.sizeAt(at) + (block == null ? 0 : record.bytes().byteSize());
      Words.release(memory, HEAD + REMOVAL, position + 1);
      state.intend(
          HEAD,
          state.head(POSITION),
          state.head(COUNT) + 1,
          state.head(CONTENT_BYTES) + bytes,
          block);
      Seam.at(Step.REMOVAL_INTENDED);
      now.memory().set(ValueLayout.JAVA_INT, at + RECORD_TYPE, type | REMOVED);
      finishRemoval();
    } finally {
      state.headMutex.exit();
    }
    state.notFull.wakeOne();
    return true;
  }

  private void finishRemoval() {
    state.commitIntended(HEAD);
    state.disownIntended(HEAD);
    Words.release(memory, HEAD + REMOVAL, 0);
  }

  private void recoverRemoval(long position) {
    var now = state.ring();
    var type = now.memory().get(ValueLayout.JAVA_INT, (position & now.mask()) + RECORD_TYPE);
    if ((type & REMOVED) != 0) {
      finishRemoval();
    } else {
      state.intend(HEAD, state.head(POSITION), state.head(COUNT), state.head(CONTENT_BYTES), null);
      state.forgetBlock(HEAD);
      Words.release(memory, HEAD + REMOVAL, 0);
    }
  }
}
