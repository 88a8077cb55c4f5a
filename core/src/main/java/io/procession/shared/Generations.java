package io.procession.shared;

import io.procession.internal.family.Family;
import io.procession.internal.family.PerProcess;
import io.procession.internal.wire.BarrierLayout;
import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/** The generations of a barrier: who has arrived in this one, and which were broken. */
final class Generations {

  private final MemorySegment memory;
  private final Family family;
  private final PerProcess arrived;

  Generations(Family family, MemorySegment memory) {
    this.family = family;
    this.memory = memory;
    this.arrived = family.perProcess(memory, BarrierLayout.ARRIVED);
  }

  long current() {
    return Words.acquire(memory, BarrierLayout.GENERATION);
  }

  /** The process that runs the action; 0 if none does. */
  int runner() {
    return (int) Words.acquire(memory, BarrierLayout.RUNNER);
  }

  void setRunner(int reference) {
    Words.release(memory, BarrierLayout.RUNNER, reference);
  }

  private static long wordOf(long generation) {
    return BarrierLayout.BROKEN
        + generation % BarrierLayout.REMEMBERED / Long.SIZE * (long) Long.BYTES;
  }

  /** Whether a generation was broken; also if it is so long ago that nobody knows. */
  boolean isBroken(long generation) {
    return current() - generation >= BarrierLayout.REMEMBERED
        || (Words.acquire(memory, wordOf(generation)) & 1L << generation) != 0;
  }

  void markBroken() {
    var generation = current();
    var _ = Words.getAndOr(memory, wordOf(generation), 1L << generation);
    Seam.at(Step.BARRIER_BROKEN);
  }

  /** Begins the next generation; nobody has arrived in it. */
  void next() {
    var next = current() + 1;
    var _ = Words.getAndAnd(memory, wordOf(next), ~(1L << next));
    setRunner(0);
    Seam.at(Step.BARRIER_PREPARED);
    Words.release(memory, BarrierLayout.GENERATION, next);
    Seam.at(Step.BARRIER_TRIPPED);
  }

  private long inGeneration(int slot) {
    return Words.acquire(memory, BarrierLayout.ARRIVED_IN + (long) slot * Long.BYTES);
  }

  /** Counts one thread of this process more. */
  void arrive() {
    var slot = FamilyLayout.slotOf(family.self());
    var before = inGeneration(slot) == current() ? arrived.own() : 0;
    if (inGeneration(slot) != current()) {
      arrived.setOwn(0);
      Words.release(memory, BarrierLayout.ARRIVED_IN + (long) slot * Long.BYTES, current());
    }
    arrived.setOwn(before + 1);
    Seam.at(Step.BARRIER_ARRIVED);
  }

  /** Whether a thread of this process has arrived in this generation, or runs the action. */
  boolean hasOwnArrivals() {
    var self = family.self();
    return runner() == self
        || (inGeneration(FamilyLayout.slotOf(self)) == current() && arrived.own() > 0);
  }

  /** How many threads have arrived in this generation. */
  int arrivals() {
    var sum = 0;
    for (var slot = 0; slot < arrived.slots(); slot++) {
      sum += inGeneration(slot) == current() ? arrived.get(slot) : 0;
    }
    return sum;
  }

  /** Whether a process died that had arrived in this generation, or that ran the action. */
  boolean hasLost() {
    var runner = runner();
    if (runner != 0 && family.roster().isGone(runner)) {
      return true;
    }
    for (var slot = 0; slot < arrived.slots(); slot++) {
      if (inGeneration(slot) == current() && arrived.left(slot) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Names those who have arrived. */
  void suspects(IntConsumer each) {
    each.accept(runner());
    arrived.forEachReference(each);
  }
}
