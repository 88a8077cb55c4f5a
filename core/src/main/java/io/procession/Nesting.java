package io.procession;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of a pool that wait for tasks of the same pool. For each worker that may wait so, one more
 * is started, up to a limit; where even these could all be waiting, a call is refused. So there is
 * always a worker left that waits for nobody. Guarded by the ledger's lock.
 */
final class Nesting {

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
  Nesting(Dispatch dispatch, String pool, IntSupplier base, int most) {
    this.dispatch = dispatch;
    this.pool = pool;
    this.base = base;
    this.most = most;
  }

  /**
   * Calls are about to be submitted by another process.
   *
   * @param pid which; it may be a worker of this pool
   * @param other stands for it if it is a worker of another pool; else null
   * @throws RejectedExecutionException if no worker might be left to run them
   */
  void begin(NestedJob job, long pid, @Nullable Lender other) {
    var slot = slotOf(pid);
    if (slot == null) {
      if (other != null) {
        foreign.add(other);
        job.lentBy(other);
      }
      return;
    }
    job.nestedIn(place(slot), running(slot) instanceof NestedJob outer ? outer : null);
    var workers = base.getAsInt();
    if (countOwn(slot) >= workers + most) {
      throw new RejectedExecutionException(
          "tasks that wait for tasks of the same pool are nested too deep, and no worker would be"
              + " left: %s; nest less, or raise PoolBuilder.maxNested. pool=%s workers=%d"
                  .formatted(String.join(" > ", chain(job)), pool, workers)
              + " maxNested="
              + most);
    }
    job.lentBy(slot.lender);
    // It may wait from now on, and then would never come to these.
    var _ = dispatch.takeBackAll(slot);
  }

  private @Nullable Slot slotOf(long pid) {
    for (var slot : dispatch.slots()) {
      if (slot.worker().pid() == pid) {
        return slot;
      }
    }
    return null;
  }

  private static @Nullable Job running(Slot slot) {
    var sent = slot.sent.peekFirst();
    return sent == null ? null : sent.batch.job();
  }

  private static String place(Slot slot) {
    var sent = slot.sent.peekFirst();
    var task =
        sent == null
            ? "no task"
            : "task "
                + (sent.batch.firstTask()
                    + Math.min(slot.worker().started(sent.sequence), sent.end)
                    - 1);
    return "%s in %s (pid %d)".formatted(task, slot.name, slot.worker().pid());
  }

  private static List<String> chain(NestedJob job) {
    var chain = new ArrayList<String>();
    for (var each = job; each != null; each = each.outer()) {
      chain.add(each.place());
    }
    Collections.reverse(chain);
    return chain;
  }

  @SuppressWarnings("ReferenceEquality") // the same slot is meant
  private int countOwn(@Nullable Slot also) {
    var count = 0;
    for (var slot : dispatch.slots()) {
      if (slot == also || slot.mayWait()) {
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
    return dispatch.hasWaiting() && living() < wanted();
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
