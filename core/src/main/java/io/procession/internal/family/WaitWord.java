package io.procession.internal.family;

import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A word of an object that tells which processes wait for something: bit <i>n</i> stands for the
 * slots <i>n</i>, <i>n</i> + 64, and so on. A waiter sets its bit, then looks a last time; who
 * makes the condition true looks at the word afterwards. One of the two sees the other.
 *
 * <p>A bit may be set though nobody waits, and a wake-up be for nothing. One that is lost, because
 * its sender or its receiver died, is made good by the waiter's own look, each 100 ms.
 */
public final class WaitWord {

  private final MemorySegment memory;
  private final long offset;
  private final Roster roster;

  WaitWord(MemorySegment memory, long offset, Roster roster) {
    this.memory = memory;
    this.offset = offset;
    this.roster = roster;
  }

  void enlist(int slot) {
    var bit = 1L << slot;
    if ((Words.opaque(memory, offset) & bit) == 0) {
      Words.getAndOr(memory, offset, bit);
      Seam.at(Step.WAITER_LISTED);
    }
    VarHandle.fullFence();
  }

  boolean isEnlisted(int slot) {
    return (Words.opaque(memory, offset) & 1L << slot) != 0;
  }

  /**
   * Nobody of this slot waits any more. A bit that several slots share stays; the next ring for it
   * is for nothing then.
   *
   * @return whether it was listed still: if not, a ring is on its way to it, or has arrived
   */
  boolean delist(int slot) {
    var bit = 1L << slot;
    return roster.used() > Long.SIZE
        ? isEnlisted(slot)
        : (Words.getAndAnd(memory, offset, ~bit) & bit) != 0;
  }

  /** Whether anyone may wait here; like a wake-up, it sees who was listed before the last store. */
  public boolean isEmpty() {
    return Words.read(memory, offset) == 0;
  }

  /**
   * Wakes one process that waits here, if any does; call it after the store it waits for, and a
   * volatile one, such as {@link Mutex#exit}.
   */
  public void wakeOne() {
    while (true) {
      var waiting = Words.read(memory, offset);
      if (waiting == 0) {
        return;
      }
      // Anyone, or the process with the lowest number would always be first.
      var turn = ThreadLocalRandom.current().nextInt(Long.SIZE);
      var bit = (Long.numberOfTrailingZeros(Long.rotateRight(waiting, turn)) + turn) % Long.SIZE;
      if ((Words.getAndAnd(memory, offset, ~(1L << bit)) & 1L << bit) != 0) {
        Seam.at(Step.WAITER_TAKEN);
        roster.ringBit(bit);
        return;
      }
    }
  }

  /** Wakes all that wait here; call it after the store they wait for. */
  public void wakeAll() {
    VarHandle.fullFence();
    if (Words.opaque(memory, offset) == 0) {
      return;
    }
    var waiting = Words.getAndSet(memory, offset, 0);
    Seam.at(Step.WAITER_TAKEN);
    for (var rest = waiting; rest != 0; rest &= rest - 1) {
      roster.ringBit(Long.numberOfTrailingZeros(rest));
    }
  }

  /** How many processes wait here, at a guess: up to 64, and some may just have left. */
  public int count() {
    return Long.bitCount(Words.opaque(memory, offset));
  }

  boolean isSame(WaitWord other) {
    return offset == other.offset && memory.address() == other.memory.address();
  }
}
