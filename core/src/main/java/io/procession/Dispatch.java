package io.procession;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides who gets what: the calls that wait, and the workers. Guarded by the ledger's lock.
 *
 * <p>Work goes to workers that have none, unless another has so little that to wake one more does
 * not pay. One that is busy gets more in advance only while what it has takes little time, and
 * calls that it has not started are taken back for one that has no work; so no call waits behind a
 * slow one for more than some milliseconds while a worker is free.
 */
final class Dispatch {

  /** A worker gets more in advance only while what it has takes less than this. */
  private static final long BACKLOG_NANOS = 1_500_000;

  /** Work that takes less than this is not worth taking from another worker. */
  private static final long STEAL_NANOS = 50_000;

  /** One that has less gets more before another is woken, which takes about as long. */
  private static final long WAKE_NANOS = 10_000;

  /** Unless it has not ended anything for so long: then what it does takes longer than expected. */
  private static final long STUCK_NANOS = 500_000;

  /** How many batches a worker has at the most. */
  static final int MOST_SENT = 32;

  private final Watch watch;

  /** Within this time after something was sent somebody must look at its worker. */
  private final long lookNanos;

  private final Aside aside = new Aside();
  private final List<Slot> slots = new ArrayList<>();
  private final WaitingLine waiting = new WaitingLine();
  private final Runnable lookAgain;

  /** How many workers may have calls that are not urgent; the others are for those that are. */
  private int mostPlain = Integer.MAX_VALUE;

  private long nextSequence = 1;

  /**
   * @param lookAgain has {@link #balance} called soon: a worker has nothing to do, and it, or
   *     another that has calls that it has not started, should get on in no time
   */
  Dispatch(Watch watch, long lookNanos, Runnable lookAgain) {
    this.watch = watch;
    this.lookNanos = lookNanos;
    this.lookAgain = lookAgain;
  }

  Aside aside() {
    return aside;
  }

  List<Slot> slots() {
    return slots;
  }

  /** Whether something waits, or may have to. */
  boolean hasWaiting() {
    return !waiting.isEmpty() || !aside.isEmpty();
  }

  /** Whether calls wait for which a worker waits: they go before all others. */
  boolean hasUrgentWaiting() {
    var first = waiting.first();
    return first != null && first.nest().isUrgent();
  }

  /** Whether calls wait for which a worker may come to wait. */
  boolean hasNestedWaiting() {
    return waiting.hasNested();
  }

  /** Lets the calls go first for which a worker has come to wait. */
  void urge() {
    waiting.urge();
    dispatch();
  }

  /**
   * Lets only so many workers have calls that are not urgent. What such calls submit and wait for
   * has workers then, however many of them there are.
   */
  void limitPlain(int workers) {
    mostPlain = workers;
  }

  /** How many calls wait for a worker. */
  long waitingCalls() {
    return waiting.calls();
  }

  /** Whether nothing waits and nothing was sent. */
  boolean isIdle() {
    return !hasWaiting() && slots.stream().allMatch(slot -> slot.sent.isEmpty());
  }

  /** Takes a batch, behind all others of its priority, and sends it if somebody has room. */
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
    slots.stream().filter(slot -> slot.sent.isEmpty()).forEach(Slot::roomAgain);
    balance(0);
  }

  private void balance(long leastNanos) {
    sendWaiting(WAKE_NANOS);
    if (waiting.isRanked() && recall()) {
      sendWaiting(WAKE_NANOS);
    }
    for (var slot : slots) {
      if (slot.state == WorkerInfo.State.IDLE && waiting.isEmpty()) {
        if (!steal(leastNanos)) {
          return;
        }
        // Not to whom it was taken from.
        sendWaiting(0);
      }
    }
  }

  /** Takes the batch out that is next; null if none waits. */
  @Nullable Batch takeFirst() {
    return waiting.isEmpty() ? null : waiting.removeFirst();
  }

  /**
   * @param wakeNanos who has less gets more before another is woken
   */
  private void sendWaiting(long wakeNanos) {
    for (var next = waiting.first(); next != null; next = waiting.first()) {
      var slot = roomiest(next, wakeNanos);
      if (slot == null) {
        return;
      }
      if (send(slot, next)) {
        waiting.removeFirst();
      } else {
        slot.isFull = true;
        if (slot.sent.isEmpty()) {
          // It has yet to pass what was taken back, of which nobody will hear.
          lookAgain.run();
        }
      }
    }
  }

  /**
   * Takes back what no worker has started and what has a lower priority than the first that waits;
   * gives whether there was any.
   */
  private boolean recall() {
    var first = waiting.first();
    if (first == null) {
      return false;
    }
    var any = false;
    for (var slot : slots) {
      if (slot.state == WorkerInfo.State.BUSY) {
        any |= takeBack(slot, sent -> sent.batch.priority() < first.priority(), (_, _) -> {});
      }
    }
    return any;
  }

  private @Nullable Slot roomiest(Batch batch, long wakeNanos) {
    Slot idle = null;
    Slot best = null;
    var bestNanos = BACKLOG_NANOS;
    var needsPlain = !batch.nest().isUrgent() && isPlainEnough();
    for (var slot : slots) {
      if (!slot.takesWork() || slot.isFull || (needsPlain && !slot.hasPlain())) {
        continue;
      }
      if (slot.sent.isEmpty()) {
        idle = idle == null ? slot : idle;
      } else if (slot.sent.size() < MOST_SENT && !slot.mayWait()) {
        var nanos = slot.backlogNanos();
        if (nanos < wakeNanos && System.nanoTime() - slot.movedNanos < STUCK_NANOS) {
          return slot;
        }
        if (nanos < bestNanos) {
          best = slot;
          bestNanos = nanos;
        }
      }
    }
    return idle != null ? idle : best;
  }

  private boolean isPlainEnough() {
    return mostPlain < Integer.MAX_VALUE
        && slots.stream().filter(slot -> slot.takesWork() && slot.hasPlain()).count() >= mostPlain;
  }

  /** Sends a batch to one worker; false if it has no room. */
  boolean send(Slot slot, Batch batch) {
    var sequence = nextSequence++;
    // It is entered before it is sent: the worker may answer before this thread goes on.
    var sent = new Slot.Sent(sequence, batch);
    if (slot.sent.isEmpty()) {
      slot.movedNanos = System.nanoTime();
    }
    slot.sent.addLast(sent);
    if (slot.output != null) {
      slot.output.sent(sequence, batch);
    }
    if (!slot.worker().offer(sequence, batch.calls(), batch.from(), batch.to())) {
      slot.sent.removeLast();
      return false;
    }
    watch.within(Math.min(lookNanos, batch.terms().timeoutNanos()));
    if (slot.state == WorkerInfo.State.IDLE) {
      slot.state = WorkerInfo.State.BUSY;
    }
    return true;
  }

  /** Lets the calls wait, in their old place, that failed and whose next attempt is due. */
  void takeDue(long nowNanos) {
    aside.takeDue(nowNanos).forEach(waiting::putBack);
    dispatch();
  }

  /**
   * Takes out what has not started and whose deadline is over.
   *
   * @return how long it is until the next deadline
   */
  long takeOutExpired(long nowNanos, List<Batch> late) {
    var next = Watch.NEVER;
    for (var slot : slots) {
      var _ = takeBack(slot, sent -> sent.batch.terms().isExpired(nowNanos), (_, _) -> {});
      for (var sent : slot.sent) {
        var left = sent.batch.terms().untilExpired(nowNanos);
        // Those that run and whose time is over end otherwise.
        next = left > 0 ? Math.min(next, left) : next;
      }
    }
    next = Math.min(next, waiting.takeOutExpired(nowNanos, late));
    late.addAll(aside.takeOut(batch -> batch.terms().isExpired(nowNanos)));
    return Math.min(next, aside.untilExpired(nowNanos));
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
      if (!slot.mayHaveUnstarted()) {
        continue;
      }
      if (slot.backlogNanos() <= leastNanos) {
        hasLittle = true;
        continue;
      }
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
   * Takes calls back that have not started, and lets them wait in their old place.
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
    waiting.putBack(sent.batch.part(newEnd, end));
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
      var _ = takeBack(slot, sent -> sent.batch.has(job, first, last), started);
    }
    var taken = waiting.takeOut(job, first, last);
    taken.addAll(aside.takeOut(batch -> batch.has(job, first, last)));
    return taken;
  }

  /** Takes everything out that has not started. */
  List<Batch> takeOutAll(Running started) {
    for (var slot : slots) {
      var _ = takeBack(slot, sent -> true, started);
    }
    return takeUnsent();
  }

  private List<Batch> takeUnsent() {
    var taken = waiting.takeAll();
    taken.addAll(aside.takeOut(_ -> true));
    return taken;
  }

  /**
   * Takes everything back that a worker has not started; gives what it runs, if it runs anything.
   */
  Slot.@Nullable Sent takeBackAll(Slot slot) {
    var _ = takeBack(slot, _ -> true, (_, _) -> {});
    return slot.sent.peekLast();
  }

  /** Hears of a batch of which a call runs. */
  interface Running {
    void runs(Slot slot, Slot.Sent sent);
  }

  /** Gives whether anything was taken back. */
  private boolean takeBack(Slot slot, Predicate<Slot.Sent> which, Running started) {
    var taken = 0;
    for (var each = slot.sent.descendingIterator(); each.hasNext(); ) {
      var sent = each.next();
      if (!which.test(sent)) {
        continue;
      }
      taken += withdraw(slot, sent, 0);
      if (sent.isDone()) {
        each.remove();
      } else {
        started.runs(slot, sent);
      }
    }
    slot.refresh();
    return taken > 0;
  }

  /** Takes out everything, started or not: nothing more will be heard of any of it. */
  List<Batch> abandon() {
    var abandoned = takeUnsent();
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

  /** A call of a dead worker's, which it was running. */
  record Crashed(Slot.Sent sent, Batch call) {

    boolean wasDropped() {
      return sent.dropped == call.from();
    }
  }

  /**
   * Takes a dead worker's calls: what it had not started waits again, in its old place.
   *
   * @return what it was running, call by call
   */
  List<Crashed> bury(Slot slot) {
    slots.remove(slot);
    var crashed = new ArrayList<Crashed>();
    for (var each = slot.sent.descendingIterator(); each.hasNext(); ) {
      var sent = each.next();
      var batch = sent.batch;
      var open = batch.from() + sent.settled;
      var started = Math.min(slot.worker().started(sent.sequence), sent.end);
      if (started < sent.end) {
        waiting.putBack(batch.part(started, sent.end));
      }
      if (open < started) {
        slot.hasStartedCalls = true;
        for (var index = open; index < started; index++) {
          crashed.add(new Crashed(sent, batch.part(index, index + 1)));
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
