package io.procession;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls in the threads that submit them, where the workers have none: one worker for each
 * batch, which takes nothing else and of which nothing goes elsewhere.
 */
final class CallerRuns {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ReentrantLock lock;
  private final Dispatch dispatch;
  private final Supplier<Slot> starter;

  /**
   * @param starter makes a worker; called with the lock
   */
  CallerRuns(ReentrantLock lock, Dispatch dispatch, Supplier<Slot> starter) {
    this.lock = lock;
    this.dispatch = dispatch;
    this.starter = starter;
  }

  /**
   * Gives a batch to a new worker, without running it; called with the lock.
   *
   * @param batch makes the batch for the worker
   */
  Slot begin(Function<Slot, Batch> batch) {
    var slot = starter.get();
    slot.state = WorkerInfo.State.ENDING;
    dispatch.send(slot, batch.apply(slot));
    return slot;
  }

  /** Runs a batch that has begun, until all of it has ended. */
  void run(Slot slot, Batch batch) {
    slot.worker().runHere();
    var interrupted = false;
    while (batch.load().isOpen()) {
      // A part was taken back so that another could be dropped, or waits to be run again.
      var next = beginWaiting();
      if (next != null) {
        next.worker().runHere();
      } else {
        LockSupport.parkNanos(this, LOOK_NANOS);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Slot beginWaiting() {
    lock.lock();
    try {
      var batch = dispatch.takeFirst();
      return batch == null ? null : begin(_ -> batch);
    } finally {
      lock.unlock();
    }
  }
}
