package io.procession.shared;

import static io.procession.internal.wire.QueueLayout.*;

import io.procession.internal.family.Family;
import io.procession.internal.family.Heap;
import io.procession.internal.family.WaitWord;
import io.procession.internal.family.Waiting;
import io.procession.internal.wire.Words;
import io.procession.spi.Waitable;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Records in, records out, between any number of processes: the protocol of {@link
 * io.procession.internal.wire.QueueLayout}.
 */
final class ElementRing {

  /** How an attempt to put or take ended. */
  enum Outcome {
    DONE,
    TIMED_OUT,
    INTERRUPTED,
    /** It was shut by some process. */
    SHUT,
    /** {@link End#isOver}. */
    OVER
  }

  /** What ends it for this process, apart from being shut. */
  interface End {

    /** Whether nothing can be put any more, nor taken once it is empty. Cheap. */
    boolean isOver();

    /** As {@link Waiting#suspects}. */
    default void suspects(IntConsumer each) {}
  }

  /**
   * What {@link #take} gives.
   *
   * @param taken an element; null if there is none, or if it is too long
   * @param bytes the length of an element that is too long, which stays; else 0
   */
  record Take(Outcome outcome, @Nullable Taken taken, long bytes) {
    Take(Outcome outcome) {
      this(outcome, null, 0);
    }
  }

  private final RingState state;
  private final MemorySegment memory;
  private final RingTail tail;
  private final RingHead head;
  private final Leases leases;
  private final WaitWord allDone;

  /**
   * @param owner the block of the queue or pipe
   * @param index which of its owner's rings this is
   * @param memory the part of the owner's payload that {@code QueueLayout} describes
   */
  @SuppressWarnings("this-escape") // each side is given the other's recovery, to be called later
  ElementRing(Family family, Heap.Block owner, int index, MemorySegment memory, End end) {
    this.memory = memory;
    state = new RingState(family, owner, index, memory, end);
    leases = new Leases(state);
    tail = new RingTail(state, this::recoverHead);
    head = new RingHead(state, leases, tail::recover);
    allDone = family.waitWord(memory, ALL_DONE);
  }

  private void recoverHead() {
    head.recover();
  }

  /** As {@link RingTail#put}. */
  Outcome put(Encoded element, int type, long timeoutNanos, boolean interruptible) {
    return tail.put(element, type, timeoutNanos, interruptible);
  }

  /** As {@link RingHead#take}. */
  Take take(boolean lease, long mostBytes, long timeoutNanos, boolean interruptible) {
    return head.take(lease, mostBytes, timeoutNanos, interruptible);
  }

  /** Waits until {@link #isReady}, without taking or leasing. */
  Outcome awaitReady(long timeoutNanos) {
    return head.awaitReady(timeoutNanos);
  }

  /**
   * Whether taking would not wait.
   *
   * @param lease whether taking is leasing
   */
  boolean isReady(boolean lease) {
    if (hasSomething(lease)) {
      return true;
    }
    if (!state.isGone(state.headMutex.owner())) {
      return false;
    }
    // Who only looks is woken for this death again and again, until somebody has seen to it.
    mend();
    return hasSomething(lease);
  }

  private boolean hasSomething(boolean lease) {
    return !state.isEmpty()
        || state.isShut()
        || state.end.isOver()
        || (lease && leases.haveReturned());
  }

  /** As {@link Waitable#onReady}. */
  Waitable.Registration onReady(boolean lease, Runnable wake) {
    return head.onReady(lease, wake);
  }

  /** How many elements there are, at some moment. */
  long count() {
    var taken = Words.acquire(memory, HEAD + COUNT);
    return Math.max(0, Words.acquire(memory, TAIL + COUNT) - taken);
  }

  long remainingCapacity() {
    var capacity = Words.plain(memory, CAPACITY);
    return capacity == Long.MAX_VALUE ? capacity : Math.max(0, capacity - count());
  }

  List<Taken> snapshot(int most) {
    return head.snapshot(most);
  }

  boolean removeAt(long position) {
    return head.removeAt(position);
  }

  boolean isShut() {
    return state.isShut();
  }

  /** No more is put; whoever waits, anywhere, looks again. */
  void shut() {
    // With the mutex, so that nothing is put after someone was told that nothing comes any more.
    if (state.tailMutex.enter()) {
      tail.recover();
    }
    Words.write(memory, SHUT, 1);
    state.tailMutex.exit();
    wakeAll();
  }

  /** Whoever waits, anywhere, looks again. */
  void wakeAll() {
    state.notEmpty.wakeAll();
    state.notFull.wakeAll();
    allDone.wakeAll();
  }

  // Leases

  /** As {@link Leases#done}. */
  boolean done(Heap.Block block) {
    head.enter();
    boolean ended;
    try {
      ended = leases.done(block);
    } finally {
      state.headMutex.exit();
    }
    if (unfinished() == 0) {
      allDone.wakeAll();
    }
    return ended;
  }

  /** How many elements were put and are not done with. */
  long unfinished() {
    var inQueue = count();
    return inQueue + Words.acquire(memory, LEASED);
  }

  /** Completes what the dead left half done. */
  void mend() {
    tail.mend();
  }

  /** Waits until nothing is unfinished. */
  Outcome awaitAllDone(long timeoutNanos) {
    var start = timeoutNanos == Long.MAX_VALUE ? 0 : System.nanoTime();
    while (true) {
      var outcome = awaitAllDoneOrDeath(RingState.left(timeoutNanos, start));
      if (outcome != Outcome.DONE || unfinished() == 0 || state.end.isOver()) {
        return outcome;
      }
      mend();
      sift();
    }
  }

  /** Gives up what was taken by too many who died. */
  void sift() {
    if (!leases.areToBeSifted()) {
      return;
    }
    head.enter();
    try {
      leases.sift();
    } finally {
      state.headMutex.exit();
    }
    if (unfinished() == 0) {
      allDone.wakeAll();
    }
  }

  private Outcome awaitAllDoneOrDeath(long nanos) {
    var waiting =
        new Waiting() {
          @Override
          public boolean isOver() {
            return unfinished() == 0
                || leases.areToBeSifted()
                || state.end.isOver()
                || state.isGone(state.headMutex.owner())
                || state.isGone(state.tailMutex.owner());
          }

          @Override
          public void suspects(IntConsumer each) {
            state.family.roster().forEachLiving(each);
          }
        };
    return RingState.translate(
        state.family.room().await(allDone, waiting, false, nanos, true, null));
  }
}
