package io.procession;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls that take too long, or that nobody wants. A call that runs is interrupted first; after
 * the grace time its worker is killed. Guarded by the ledger's lock.
 *
 * <p>When a call started is in the memory that its worker shares. So the workers are looked at, and
 * not the calls.
 */
final class Deadlines {

  private final ReentrantLock lock;
  private final Dispatch dispatch;
  private final Watch watch;
  private final long graceNanos;

  /** Whether there may be calls that expire some time after their submission. */
  private boolean expiring;

  /** When the first of them does. */
  private long expiresNanos;

  Deadlines(ReentrantLock lock, Dispatch dispatch, Watch watch, long graceNanos) {
    this.lock = lock;
    this.dispatch = dispatch;
    this.watch = watch;
    this.graceNanos = graceNanos;
  }

  /** Calls are about to be taken. */
  void submitted(Batch batch) {
    var terms = batch.terms();
    if (terms.hasDeadline()) {
      if (!expiring || terms.expiresNanos() - expiresNanos < 0) {
        expiresNanos = terms.expiresNanos();
      }
      expiring = true;
      watch.within(terms.untilExpired(System.nanoTime()));
    }
  }

  /**
   * Ends a call that runs.
   *
   * @param limit the limit that it has exceeded; null if nobody wants it
   */
  void end(Slot slot, Slot.Sent sent, int index, @Nullable Duration limit, long nowNanos) {
    var old = slot.ending;
    if (old != null && old.isOf(sent, index)) {
      return;
    }
    var ending = new Ending(sent, index, limit, nowNanos + graceNanos);
    if (sent.end(ending)) {
      slot.ending = ending;
      slot.worker().interrupt(sent.sequence, index);
      watch.within(graceNanos);
    }
  }

  /**
   * Does what is due.
   *
   * @param late gets the calls that have not started and never will, because their time is over
   * @return how long it is until the next look
   */
  long look(long nowNanos, List<Batch> late) {
    var next = expire(nowNanos, late);
    for (var slot : List.copyOf(dispatch.slots())) {
      next = Math.min(next, look(slot, nowNanos));
    }
    return next;
  }

  private long expire(long nowNanos, List<Batch> late) {
    if (!expiring) {
      return Watch.NEVER;
    }
    if (nowNanos - expiresNanos < 0) {
      return expiresNanos - nowNanos;
    }
    var next = dispatch.takeOutExpired(nowNanos, late);
    expiring = next != Watch.NEVER;
    expiresNanos = expiring ? nowNanos + next : 0;
    return next;
  }

  private long look(Slot slot, long nowNanos) {
    var ending = slot.ending;
    if (ending != null) {
      if (ending.isKilled() || runs(slot, ending.sent, ending.index)) {
        return proceed(slot, ending, nowNanos);
      }
      forget(slot);
    }
    var next = Watch.NEVER;
    for (var sent : List.copyOf(slot.sent)) {
      next = Math.min(next, look(slot, sent, nowNanos));
    }
    var begun = slot.ending;
    return begun == null ? next : Math.min(next, proceed(slot, begun, nowNanos));
  }

  /** Ends the call of {@code sent} that runs, if it must; gives how long until one may have to. */
  private long look(Slot slot, Slot.Sent sent, long nowNanos) {
    var terms = sent.batch.terms();
    if (sent.isDone() || (terms.timeoutNanos() == Terms.UNLIMITED && !terms.hasDeadline())) {
      return Watch.NEVER;
    }
    var index = slot.worker().started(sent.sequence) - 1;
    var startedNanos = slot.worker().startedNanos(sent.sequence);
    if (!runs(slot, sent, index)) {
      return terms.timeoutNanos();
    }
    var left = terms.untilEnd(startedNanos, nowNanos);
    if (left <= 0) {
      end(slot, sent, index, terms.exceeded(nowNanos), nowNanos);
      return Watch.NEVER;
    }
    return left;
  }

  private boolean runs(Slot slot, Slot.Sent sent, int index) {
    return slot.sent.contains(sent)
        && sent.settled <= index - sent.batch.from()
        && slot.worker().started(sent.sequence) == index + 1;
  }

  /** Kills the worker once it is time; gives how long it is until then. */
  private long proceed(Slot slot, Ending ending, long nowNanos) {
    if (ending.isKilled()) {
      return Watch.NEVER;
    }
    if (ending.graceLeft(nowNanos) > 0) {
      return ending.graceLeft(nowNanos);
    }
    // Whatever else it has is taken back before, so that nothing starts between the decision and
    // the death.
    slot.isFull = true;
    var last = dispatch.takeBackAll(slot);
    if (!ending.sent.equals(last) || !runs(slot, ending.sent, ending.index)) {
      forget(slot);
      dispatch.dispatch();
      return look(slot, nowNanos);
    }
    var left = ending.awaitStacks(slot, nowNanos, this::lookNow);
    if (left <= 0) {
      ending.kill(slot);
      slot.worker().kill();
    }
    dispatch.dispatch();
    return left > 0 ? left : Watch.NEVER;
  }

  private static void forget(Slot slot) {
    slot.ending = null;
    slot.isFull = false;
  }

  private void lookNow() {
    lock.lock();
    try {
      watch.within(0);
    } finally {
      lock.unlock();
    }
  }
}
