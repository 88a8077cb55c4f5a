package io.procession;

import io.procession.spi.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Kills workers that use more memory than they may. Those that have no work are not looked at. */
final class MemoryWatch {

  /** How often a worker that has work is looked at. */
  static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReentrantLock lock;
  private final Dispatch dispatch;
  private final long limitBytes;
  private long nextNanos = System.nanoTime();

  /**
   * @param limitBytes how much a worker may use; 0 if there is no limit
   */
  MemoryWatch(ReentrantLock lock, Dispatch dispatch, long limitBytes) {
    this.lock = lock;
    this.dispatch = dispatch;
    this.limitBytes = limitBytes;
  }

  /** Looks, if it is time; gives how long it is until the next look. Called without the lock. */
  long look(long nowNanos) {
    if (limitBytes == 0) {
      return Watch.NEVER;
    }
    var busy = busy();
    if (busy.isEmpty()) {
      return Watch.NEVER;
    }
    if (nowNanos - nextNanos < 0) {
      return nextNanos - nowNanos;
    }
    nextNanos = nowNanos + EVERY_NANOS;
    for (var slot : busy) {
      var usedBytes = slot.worker().memoryBytes();
      if (usedBytes > limitBytes) {
        kill(slot, usedBytes);
      }
    }
    return EVERY_NANOS;
  }

  private List<Slot> busy() {
    lock.lock();
    try {
      var busy = new ArrayList<Slot>();
      for (var slot : dispatch.slots()) {
        if (!slot.sent.isEmpty() && slot.shortage == null) {
          busy.add(slot);
        }
      }
      return busy;
    } finally {
      lock.unlock();
    }
  }

  private void kill(Slot slot, long usedBytes) {
    lock.lock();
    try {
      if (dispatch.slots().contains(slot)) {
        slot.shortage =
            new Engine.Shortage(limitBytes, usedBytes, "it used more than a worker may");
        slot.isFull = true;
        if (slot.state != WorkerInfo.State.STARTING) { // then it has its initializer, and no more
          var _ = dispatch.takeBackAll(slot);
        }
        slot.worker().kill();
        dispatch.dispatch();
      }
    } finally {
      lock.unlock();
    }
  }
}
