package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a call that failed is run again, and has it run again or ends it. The user has
 * a say in it, so this is done on the threads for callbacks; meanwhile the call is set {@link
 * Aside}.
 */
final class Retrying {

  private final ReentrantLock lock;
  private final Dispatch dispatch;
  private final Watch watch;
  private final Executor callbacks;
  private final Runnable endIfDone;

  /** Nothing is run again any more. */
  private boolean isOver;

  /**
   * @param endIfDone is called with the lock when a call has ended
   */
  Retrying(
      ReentrantLock lock, Dispatch dispatch, Watch watch, Executor callbacks, Runnable endIfDone) {
    this.lock = lock;
    this.dispatch = dispatch;
    this.watch = watch;
    this.callbacks = callbacks;
    this.endIfDone = endIfDone;
  }

  /** Whatever fails from now on has failed; called with the lock. */
  void end() {
    isOver = true;
  }

  boolean isOver() {
    return isOver;
  }

  /** Sets a call aside that failed; called with the lock. */
  Aside.Call setAside(Batch call) {
    return dispatch.aside().add(call);
  }

  /**
   * A call's worker died, or was killed because of the call.
   *
   * @param isWanted whether it may be run again
   */
  void died(Aside.Call call, RuntimeException failure, boolean isWanted) {
    if (isWanted && mayRunAgain(call) && failure instanceof WorkerCrashedException) {
      runAgain(call, failure);
    } else {
      callbacks.execute(() -> judge(call, failure, isWanted));
    }
  }

  private static boolean mayRunAgain(Aside.Call call) {
    var terms = call.batch().terms();
    return terms.retries().allows(call.batch().attempt()) && !terms.isExpired(System.nanoTime());
  }

  /**
   * A call ended by itself, but too late, or with a failure after which it may be run again. Called
   * by the engine's thread.
   *
   * @param limit the limit that it had exceeded; null if it was in time
   * @param isWanted whether it may be run again
   */
  void ended(
      Slot slot,
      Batch batch,
      @Nullable Duration limit,
      boolean isWanted,
      boolean failed,
      MemorySegment result,
      Engine.@Nullable Message large) {
    var worker = slot.worker();
    var bytes =
        large != null ? result : MemorySegment.ofArray(result.toArray(ValueLayout.JAVA_BYTE));
    Aside.Call call;
    lock.lock();
    try {
      call = setAside(batch);
    } finally {
      lock.unlock();
    }
    callbacks.execute(() -> {
      var own = failed ? decoded(batch, bytes, large, worker) : null;
      Results.discard(large);
      Throwable failure;
      if (limit == null) {
        failure = own == null ? new IllegalStateException("a call failed without a failure") : own;
      } else {
        failure =
            new TaskTimeoutException(worker.name(), worker.pid(), batch.firstNumber(), limit, null);
        if (own != null) {
          failure.initCause(own);
        }
      }
      judge(call, failure, isWanted);
    });
  }

  private static Throwable decoded(
      Batch batch, MemorySegment bytes, Engine.@Nullable Message large, Engine.Worker worker) {
    try {
      return batch.job().failure(bytes, large, worker);
    } catch (RuntimeException | Error e) {
      // It cannot be read here: that is how the call ends.
      return e;
    }
  }

  private void judge(Aside.Call call, Throwable failure, boolean isWanted) {
    if (isWanted && mayRunAgain(call) && call.batch().terms().retries().covers(failure)) {
      runAgain(call, failure);
    } else {
      giveUp(call, failure);
    }
  }

  private void runAgain(Aside.Call call, Throwable failure) {
    var batch = call.batch();
    var delayNanos = batch.terms().retries().delayNanos(batch.attempt());
    lock.lock();
    try {
      if (isOver) {
        callbacks.execute(() -> giveUp(call, failure));
        return;
      }
      if (dispatch.aside().schedule(call, batch.again(), System.nanoTime() + delayNanos)) {
        batch.job().retried(batch.firstOwnIndex());
        if (delayNanos == 0) {
          dispatch.takeDue(System.nanoTime());
        } else {
          watch.within(delayNanos);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells the job; only then the pool may end. */
  private void giveUp(Aside.Call call, Throwable failure) {
    lock.lock();
    try {
      if (!dispatch.aside().claim(call)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    Ledger.failAll(List.of(call.batch()), failure);
    lock.lock();
    try {
      dispatch.aside().remove(call);
      endIfDone.run();
    } finally {
      lock.unlock();
    }
  }
}
