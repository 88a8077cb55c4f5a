package io.procession;

import io.procession.internal.engine.ThreadEngine;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of a pool that wait for tasks of the same pool, be it through tasks of others. For each
 * worker that may wait so, one more is started, up to a limit; where even these could all be
 * waiting, a call is refused. So there is always a worker left that waits for nobody. Guarded by
 * the ledger's lock.
 */
final class Nesting {

  /** Those of the pools of this process. */
  private static final Set<Nesting> HERE = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock;
  private final Dispatch dispatch;
  private final String pool;
  private final IntSupplier base;
  private final int most;

  /** Those of other pools: they may be what a worker of ours waits for. */
  private final Set<Lender> foreign = new HashSet<>();

  /**
   * @param base how many workers there are without nesting
   * @param most how many more there may be
   */
  Nesting(ReentrantLock lock, Dispatch dispatch, String pool, IntSupplier base, int most) {
    this.lock = lock;
    this.dispatch = dispatch;
    this.pool = pool;
    this.base = base;
    this.most = most;
  }

  /** Its tasks can be found, by {@link #here} and {@link #of}, from now on. */
  void open() {
    HERE.add(this);
  }

  /** The pool has no tasks any more. */
  void close() {
    HERE.remove(this);
  }

  /**
   * The task in whose thread this is called; null if it is the thread of none. Called without the
   * lock of any pool.
   */
  @SuppressWarnings("ReferenceEquality") // the same worker is meant
  static @Nullable Origin here() {
    var worker = ThreadEngine.currentWorker();
    return worker == null ? null : find(slot -> slot.worker == worker);
  }

  /**
   * The task that runs in the first of these processes that is a worker; null if none is. Called
   * without the lock of any pool.
   */
  static @Nullable Origin of(List<Long> pids) {
    for (long pid : pids) {
      var found = find(slot -> slot.worker().pid() == pid);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Origin find(Predicate<Slot> which) {
    for (var each : HERE) {
      var found = each.findHere(which);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable Origin findHere(Predicate<Slot> which) {
    lock.lock();
    try {
      for (var slot : dispatch.slots()) {
        if (which.test(slot)) {
          return origin(slot);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private Origin origin(Slot slot) {
    var sent = slot.lastStarted();
    if (sent == null) {
      return new Origin(this, slot, 0, Nest.NONE);
    }
    var started = Math.min(slot.worker().started(sent.sequence), sent.end);
    return new Origin(this, slot, sent.batch.firstTask() + started - 1, sent.batch.nest());
  }

  /**
   * Calls are about to be submitted by a task, or by another process.
   *
   * @param origin the task; null if it is of no pool of this process
   * @param other stands for the process if that is a worker; else null
   * @return the calls, as nested in that
   * @throws RejectedExecutionException if no worker might be left to run them
   */
  Batch begin(Batch batch, @Nullable Origin origin, @Nullable Lender other) {
    var own = origin == null ? null : origin.in(this);
    if (origin == null || own == null) {
      if (other == null) {
        return batch.in(Nest.of(origin));
      }
      foreign.add(other);
      return begun(batch, Nest.of(origin, other));
    }
    var slot = own.slot();
    var workers = base.getAsInt();
    if (countOwn(slot) >= workers + most) {
      throw new RejectedExecutionException(
          "tasks that wait for tasks of the same pool are nested too deep, and no worker would be"
              + " left: %s; nest less, or raise PoolBuilder.maxNested. pool=%s workers=%d"
                  .formatted(origin.chain(), pool, workers)
              + " maxNested="
              + most);
    }
    var begun = begun(batch, Nest.in(own, origin));
    // It may wait from now on, and then would never come to these.
    var _ = dispatch.takeBackAll(slot);
    if (begun.nest().isToUrge()) {
      begun.nest().urge();
    }
    return begun;
  }

  private static Batch begun(Batch batch, Nest nest) {
    nest.submitted(batch.size());
    return batch.in(nest);
  }

  @SuppressWarnings("ReferenceEquality") // the same slot is meant
  private int countOwn(@Nullable Slot also) {
    var count = 0;
    for (var slot : dispatch.slots()) {
      if (slot == also || slot.waits()) {
        count++;
      }
    }
    return count;
  }

  /** How many workers there should be now. */
  private int wanted() {
    foreign.removeIf(lender -> !lender.mayWait());
    return base.getAsInt() + Math.min(most, countOwn(null) + foreign.size());
  }

  private int living() {
    var count = 0;
    for (var slot : dispatch.slots()) {
      if (slot.state != WorkerInfo.State.ENDING && !slot.isSpare && !slot.isDue) {
        count++;
      }
    }
    return count;
  }

  /** Whether one more worker should be started for what waits. */
  boolean needsWorker() {
    return dispatch.hasUrgentWaiting() && living() < wanted();
  }

  /** Finds calls for which a worker waits by now, and lets them go first. */
  void urge() {
    if (dispatch.hasNestedWaiting() && countOwn(null) > 0) {
      dispatch.urge();
    }
  }

  /** A worker that has no work and is one too many; null if there is none. */
  @Nullable Slot tooMany() {
    if (living() <= wanted()) {
      return null;
    }
    for (var slot : dispatch.slots().reversed()) {
      if (slot.state == WorkerInfo.State.IDLE && !slot.isDue) {
        return slot;
      }
    }
    return null;
  }

  /** Whether workers were added that are still there. */
  boolean hasAdded() {
    return living() > base.getAsInt();
  }
}
