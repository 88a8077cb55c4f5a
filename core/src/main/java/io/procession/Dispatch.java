package io.procession;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides who gets what: the calls that wait, and the workers. Guarded by the ledger's lock.
 *
 * <p>Work goes to workers that have none. One that is busy gets more in advance only while what it
 * has takes little time, and calls that it has not started are taken back for one that runs out of
 * work; so no call waits behind a slow one while a worker is free.
 */
final class Dispatch {

  /** A worker gets more in advance only while what it has takes less than this. */
  private static final long BACKLOG_NANOS = 1_500_000;

  /** Work that takes less than this is not worth taking from another worker. */
  private static final long STEAL_NANOS = 50_000;

  /** How many batches a worker has at the most. */
  static final int MOST_SENT = 32;

  private final List<Slot> slots = new ArrayList<>();
  private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
  private long nextSequence = 1;
  private final Runnable lookAgain;

  /**
   * @param lookAgain has {@link #balance} called soon: a worker has nothing to do, and another has
   *     calls that it has not started, but should in no time
   */
  Dispatch(Runnable lookAgain) {
    this.lookAgain = lookAgain;
  }

  List<Slot> slots() {
    return slots;
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** Whether nothing waits and nothing was sent. */
  boolean isIdle() {
    return waiting.isEmpty() && slots.stream().allMatch(slot -> slot.sent.isEmpty());
  }

  /** Takes a batch, behind all others, and sends it if somebody has room. */
  void submit(Batch batch) {
    waiting.addLast(batch);
    dispatch();
  }

  /**
   * Sends what waits to whoever has room: first to those who have nothing to do. If these are still
   * without work when nothing waits any more, they get of what others have not started.
   */
  void dispatch() {
    balance(STEAL_NANOS);
  }

  /**
   * As {@link #dispatch}, but takes what has not started from others however little it is: they
   * should have done it by now.
   */
  void balance() {
    balance(0);
  }

  private void balance(long leastNanos) {
    sendWaiting();
    for (var slot : slots) {
      if (slot.state == WorkerInfo.State.IDLE && waiting.isEmpty()) {
        if (!steal(leastNanos)) {
          return;
        }
        sendWaiting();
      }
    }
  }

  /** Takes the batch out that has waited longest. */
  Batch takeFirst() {
    return waiting.removeFirst();
  }

  private void sendWaiting() {
    while (!waiting.isEmpty()) {
      var slot = roomiest();
      if (slot == null) {
        return;
      }
      if (send(slot, waiting.getFirst())) {
        waiting.removeFirst();
      } else {
        slot.isFull = true;
      }
    }
  }

  private @Nullable Slot roomiest() {
    Slot best = null;
    var bestNanos = BACKLOG_NANOS;
    for (var slot : slots) {
      if (!slot.takesWork() || slot.isFull) {
        continue;
      }
      if (slot.sent.isEmpty()) {
        return slot;
      }
      if (slot.sent.size() < MOST_SENT) {
        var nanos = slot.backlogNanos();
        if (nanos < bestNanos) {
          best = slot;
          bestNanos = nanos;
        }
      }
    }
    return best;
  }

  /** Sends a batch to one worker; false if it has no room. */
  boolean send(Slot slot, Batch batch) {
    var sequence = nextSequence++;
    // It is entered before it is sent: the worker may answer before this thread goes on.
    var sent = new Slot.Sent(sequence, batch);
    slot.sent.addLast(sent);
    if (!slot.worker().offer(sequence, batch.calls(), batch.from(), batch.to())) {
      slot.sent.removeLast();
      return false;
    }
    if (slot.state == WorkerInfo.State.IDLE) {
      slot.state = WorkerInfo.State.BUSY;
    }
    return true;
  }

  /**
   * Takes half of what the busiest worker has not started, for a worker that has nothing to do;
   * false if there is nothing worth it.
   */
  private boolean steal(long leastNanos) {
    Slot victim = null;
    var mostNanos = leastNanos;
    var hasLittle = false;
    for (var slot : slots) {
      var nanos = slot.unstartedNanos();
      if (nanos > mostNanos) {
        victim = slot;
        mostNanos = nanos;
      }
      hasLittle |= nanos > 0;
    }
    if (victim == null) {
      if (hasLittle) {
        lookAgain.run();
      }
      return false;
    }
    var want = (victim.unstarted() + 1) / 2;
    for (var each = victim.sent.descendingIterator(); each.hasNext() && want > 0; ) {
      var sent = each.next();
      var open = sent.end - victim.worker().started(sent.sequence);
      want -= withdraw(victim, sent, Math.max(0, open - want));
      if (sent.isDone()) {
        each.remove();
      }
    }
    victim.refresh();
    return true;
  }

  /**
   * Takes calls back that have not started, and lets them wait, before all others.
   *
   * @param keep how many of them stay
   * @return how many were taken back
   */
  private int withdraw(Slot slot, Slot.Sent sent, int keep) {
    var end = sent.end;
    var newEnd = slot.worker().withdraw(sent.sequence, keep);
    if (newEnd >= end) {
      return 0;
    }
    sent.end = newEnd;
    waiting.addFirst(sent.batch.part(newEnd, end));
    return end - newEnd;
  }

  /**
   * Takes the calls {@code first} to {@code last} (inclusive) of {@code job} out that have not
   * started.
   *
   * @param started hears of those that run
   */
  List<Batch> takeOut(Job job, int first, int last, Running started) {
    for (var slot : slots) {
      takeBack(slot, sent -> sent.batch.has(job, first, last), started);
    }
    var taken = new ArrayList<Batch>();
    var kept = new ArrayDeque<Batch>();
    for (var batch : waiting) {
      if (batch.has(job, first, last)) {
        batch.split(first, last, kept, taken);
      } else {
        kept.addLast(batch);
      }
    }
    waiting.clear();
    waiting.addAll(kept);
    return taken;
  }

  /** Takes everything out that has not started. */
  List<Batch> takeOutAll(Running started) {
    for (var slot : slots) {
      takeBack(slot, sent -> true, started);
    }
    return takeWaiting();
  }

  private List<Batch> takeWaiting() {
    var taken = new ArrayList<>(waiting);
    waiting.clear();
    return taken;
  }

  /**
   * Takes everything back that a worker has not started; gives what it runs, if it runs anything.
   */
  Slot.@Nullable Sent takeBackAll(Slot slot) {
    takeBack(slot, _ -> true, (_, _) -> {});
    return slot.sent.peekLast();
  }

  /** Hears of a batch of which a call runs. */
  interface Running {
    void runs(Slot slot, Slot.Sent sent);
  }

  private void takeBack(Slot slot, java.util.function.Predicate<Slot.Sent> which, Running started) {
    for (var each = slot.sent.descendingIterator(); each.hasNext(); ) {
      var sent = each.next();
      if (!which.test(sent)) {
        continue;
      }
      withdraw(slot, sent, 0);
      if (sent.isDone()) {
        each.remove();
      } else {
        started.runs(slot, sent);
      }
    }
    slot.refresh();
  }

  /** Takes out everything, started or not: nothing more will be heard of any of it. */
  List<Batch> abandon() {
    var abandoned = takeWaiting();
    for (var slot : slots) {
      for (var sent : slot.sent) {
        var rest = sent.abandon();
        if (rest.size() > 0) {
          abandoned.add(rest);
        }
      }
      slot.sent.clear();
    }
    return abandoned;
  }

  /**
   * Takes a dead worker's calls: what it had not started waits again, in its old order, before all
   * others.
   *
   * @return what it was running, unless that may be run again
   */
  List<Batch> bury(Slot slot) {
    slots.remove(slot);
    var crashed = new ArrayList<Batch>();
    for (var each = slot.sent.descendingIterator(); each.hasNext(); ) {
      var sent = each.next();
      var batch = sent.batch;
      var open = batch.from() + sent.settled;
      var started = Math.min(slot.worker().started(sent.sequence), sent.end);
      if (started < sent.end) {
        waiting.addFirst(batch.part(started, sent.end));
      }
      if (open < started) {
        slot.hasStartedCalls = true;
        if (batch.retries() > 0 && open != sent.dropped) {
          waiting.addFirst(batch.again(open));
        } else {
          crashed.add(batch.part(open, started));
        }
      }
    }
    slot.sent.clear();
    return crashed;
  }

  /** Which worker's {@code sequence} it is; null if it was taken out. */
  Slot.@Nullable Sent find(Slot slot, long sequence) {
    for (var sent : slot.sent) {
      if (sent.sequence == sequence) {
        return sent;
      }
    }
    return null;
  }
}
