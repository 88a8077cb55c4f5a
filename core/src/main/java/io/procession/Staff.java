package io.procession;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a pool has the workers that it should have: as many as are wanted, spares behind
 * them, and a new one for each that has served long enough. Guarded by the ledger's lock.
 *
 * <p>One that has served long enough is <em>due</em>: it goes on working until its successor is up.
 * One that is <em>dismissed</em> takes no more work, and ends when it has run what it had started.
 */
final class Staff {

  /** How often a worker's memory is looked at, at the most. */
  private static final long MEMORY_LOOK_NANOS = 200_000_000;

  private static final System.Logger LOGGER = System.getLogger(Staff.class.getName());

  private final StaffPlan plan;
  private final Dispatch dispatch;
  private final Function<Boolean, Slot> start;
  private int wanted;

  /** How many more there are for tasks that wait for others. */
  private int lent;

  /**
   * @param start starts a worker, or (true) a spare, and enters it
   */
  Staff(StaffPlan plan, Dispatch dispatch, Function<Boolean, Slot> start) {
    this.plan = plan;
    this.dispatch = dispatch;
    this.start = start;
    this.wanted = plan.workers();
  }

  int wanted() {
    return wanted;
  }

  /** So many workers are wanted from now on. */
  void resize(int workers) {
    wanted = workers;
    limitPlain();
    adjust();
  }

  /** One more worker is wanted, until it is taken back; false if it cannot be started. */
  boolean lend() {
    lent++;
    try {
      adjust();
      limitPlain();
      return true;
    } catch (RuntimeException e) {
      lent--;
      LOGGER.log(System.Logger.Level.WARNING, "no worker was added for nested tasks", e);
      return false;
    }
  }

  /** One that was lent is not wanted any more, and this one, which is idle, ends. */
  void takeBack(Slot idle) {
    lent--;
    limitPlain();
    dismiss(idle);
  }

  /** Workers that were lent are no more workers for everything. */
  private void limitPlain() {
    dispatch.limitPlain(lent == 0 ? Integer.MAX_VALUE : wanted);
  }

  /** How many there should be, with those that were lent. */
  private int total() {
    return wanted + lent;
  }

  /** Starts, promotes and dismisses whom it takes. */
  void adjust() {
    adjust(plan.spares());
  }

  /** The same for a pool that takes no more tasks: it needs no spares, and nobody new is due. */
  void adjustLast() {
    adjust(0);
  }

  private void adjust(int spares) {
    for (var missing = total() - count(false); missing > 0; missing--) {
      var spare = readySpare();
      if (spare == null) {
        var _ = start.apply(false);
      } else {
        spare.isSpare = false;
        spare.state = WorkerInfo.State.IDLE;
      }
    }
    for (var tooMany = count(false) - total(); tooMany > 0; tooMany--) {
      dismiss(leastBusy(false));
    }
    dismissDue();
    for (var missing = spares - count(true); missing > 0; missing--) {
      var _ = start.apply(true);
    }
    for (var tooMany = count(true) - spares; tooMany > 0; tooMany--) {
      dismiss(leastBusy(true));
    }
  }

  private static boolean counts(Slot slot, boolean spare) {
    return slot.isSpare == spare && !slot.isDue && slot.state != WorkerInfo.State.ENDING;
  }

  /** How many there are, or come up, and stay. */
  private int count(boolean spare) {
    return (int) dispatch.slots().stream().filter(slot -> counts(slot, spare)).count();
  }

  private @Nullable Slot readySpare() {
    for (var slot : dispatch.slots()) {
      if (slot.state == WorkerInfo.State.SPARE) {
        return slot;
      }
    }
    return null;
  }

  private Slot leastBusy(boolean spare) {
    Slot best = null;
    for (var slot : dispatch.slots()) {
      if (counts(slot, spare)
          && (best == null || slot.state.compareTo(best.state) < 0 || isLess(slot, best))) {
        best = slot;
      }
    }
    if (best == null) {
      throw new IllegalStateException("there is nobody to dismiss");
    }
    return best;
  }

  private static boolean isLess(Slot slot, Slot other) {
    return slot.state == other.state && slot.sent.size() < other.sent.size();
  }

  /** A worker is up: it works, or waits as a spare, and one that is due may go. */
  void opened(Slot slot) {
    slot.readyNanos = System.nanoTime();
    slot.state = slot.isSpare ? WorkerInfo.State.SPARE : WorkerInfo.State.IDLE;
    slot.refresh();
    dismissDue();
  }

  /** Those that are due fill the places of those that are not up yet. */
  private void dismissDue() {
    var up = dispatch.slots().stream().filter(slot -> slot.takesWork() && !slot.isDue).count();
    var due = dispatch.slots().stream().filter(slot -> slot.takesWork() && slot.isDue).toList();
    for (var slot : due.subList(0, Math.clamp(due.size() - (total() - up), 0, due.size()))) {
      dismiss(slot);
    }
  }

  /**
   * Notices after a task whether this worker has served long enough; if so, sees to a successor.
   */
  void served(Slot slot) {
    if (!plan.limitsService() || slot.isDue || !slot.takesWork() || !hasServedLongEnough(slot)) {
      return;
    }
    slot.isDue = true;
    try {
      adjust();
    } catch (RuntimeException e) {
      slot.isDue = false;
      LOGGER.log(System.Logger.Level.WARNING, "no successor for worker " + slot.name, e);
    }
  }

  private boolean hasServedLongEnough(Slot slot) {
    if (plan.mostTasks() > 0 && slot.callsDone.get() >= plan.mostTasks()) {
      return true;
    }
    var now = System.nanoTime();
    var age = plan.longestAge();
    if (age != null && now - slot.readyNanos >= age.toNanos()) {
      return true;
    }
    if (plan.mostBytes() == 0 || now - slot.memoryLookNanos < MEMORY_LOOK_NANOS) {
      return false;
    }
    slot.memoryLookNanos = now;
    return slot.worker().memoryBytes() >= plan.mostBytes();
  }

  private void dismiss(Slot slot) {
    if (slot.state == WorkerInfo.State.STARTING) {
      slot.dropInitializer();
    } else {
      dispatch.takeBackAll(slot);
    }
    slot.state = WorkerInfo.State.ENDING;
    endIfIdle(slot);
  }

  /** Lets those end that were dismissed and have nothing left to do. */
  void endIdle() {
    for (var slot : List.copyOf(dispatch.slots())) {
      if (slot.state == WorkerInfo.State.ENDING) {
        endIfIdle(slot);
      }
    }
  }

  private static void endIfIdle(Slot slot) {
    if (slot.sent.isEmpty() && !slot.isRetired) {
      slot.isRetired = true;
      slot.worker().retire();
    }
  }
}
