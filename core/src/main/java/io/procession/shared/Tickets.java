package io.procession.shared;

import io.procession.internal.family.Family;
import io.procession.internal.family.PerProcess;
import io.procession.internal.wire.LockLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.function.IntConsumer;

/** Who waits for a fair lock, in the order of their tickets. */
final class Tickets {

  private final MemorySegment memory;
  private final Family family;
  private final PerProcess first;

  /** Those of this process, ascending; guarded by itself. */
  private final ArrayDeque<Integer> own = new ArrayDeque<>();

  Tickets(Family family, MemorySegment memory) {
    this.family = family;
    this.memory = memory;
    this.first = family.perProcess(memory, LockLayout.TICKETS);
  }

  /** Takes the next ticket, never 0. */
  int take() {
    synchronized (own) {
      var ticket = 0;
      while (ticket == 0) {
        ticket = Words.getAndAddInt(memory, LockLayout.LAST_TICKET, 1) + 1;
      }
      Seam.at(Step.TICKET_TAKEN);
      own.addLast(ticket);
      show();
      return ticket;
    }
  }

  void giveBack(int ticket) {
    synchronized (own) {
      own.remove(ticket);
      show();
    }
  }

  private void show() {
    var next = own.isEmpty() ? 0 : own.getFirst();
    if (first.own() != next) {
      first.setOwn(next);
      Seam.at(Step.TICKET_SHOWN);
    }
  }

  /** Whether nobody waits. */
  boolean isEmpty() {
    return firstSlot() < 0;
  }

  /** Whether this ticket of this process goes next. */
  boolean isNext(int ticket) {
    if (first.own() != ticket) {
      return false;
    }
    for (var slot = 0; slot < first.slots(); slot++) {
      var other = first.get(slot);
      if (other != 0 && other - ticket < 0) {
        return false;
      }
    }
    return true;
  }

  private int firstSlot() {
    var found = -1;
    var lowest = 0;
    for (var slot = 0; slot < first.slots(); slot++) {
      var ticket = first.get(slot);
      if (ticket != 0 && (found < 0 || ticket - lowest < 0)) {
        found = slot;
        lowest = ticket;
      }
    }
    return found;
  }

  /** Names those who wait. */
  void suspects(IntConsumer each) {
    first.forEachReference(each);
  }

  /** Wakes the process that goes next. */
  void wakeNext() {
    var slot = firstSlot();
    if (slot >= 0) {
      family.roster().ring(slot);
    }
  }
}
