package io.procession;

import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much a pool takes at a time: so many bytes of calls that are not settled, and so many calls.
 * What has no room waits in line; nothing overtakes it, so that large messages get their turn.
 */
final class Flow {

  /** No limit, and no end to waiting. */
  static final long FOREVER = Long.MAX_VALUE;

  private final String pool;
  private final long mostBytes;
  private long mostCalls;

  private final boolean countsCalls;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Condition> line = new ArrayDeque<>();
  private long bytes;
  private long calls;
  private boolean ended;

  /**
   * @param mostBytes how many bytes; {@link #FOREVER} for any number
   * @param mostCalls how many calls, likewise
   */
  Flow(String pool, long mostBytes, long mostCalls) {
    this.pool = pool;
    this.mostBytes = mostBytes;
    this.mostCalls = mostCalls;
    this.countsCalls = mostCalls != FOREVER;
  }

  /** How many calls should come together at the most, so that there is room for others. */
  int largestChunk() {
    lock.lock();
    try {
      return Math.clamp(mostCalls / 2, 1, Integer.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Admits calls, once there is room for them.
   *
   * @param waitNanos how long they may wait; {@link #FOREVER} if need be
   * @return false if there was no room in time; nothing was admitted
   * @throws InterruptedException if the thread was interrupted while it waited; nothing was
   *     admitted
   */
  boolean admit(Load load, long waitNanos) throws InterruptedException {
    var loadBytes = load.bytes();
    lock.lock();
    try {
      if ((!line.isEmpty() || !hasRoom(load.calls(), loadBytes))
          && !awaitRoom(load.calls(), loadBytes, waitNanos)) {
        return false;
      }
      calls += load.calls();
      bytes += loadBytes;
      load.admitted(this, loadBytes);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What is larger than the limit goes alone. */
  private boolean hasRoom(int moreCalls, long moreBytes) {
    return ended
        || calls == 0
        || (moreCalls <= mostCalls - calls && (bytes == 0 || moreBytes <= mostBytes - bytes));
  }

  private boolean awaitRoom(int moreCalls, long moreBytes, long waitNanos)
      throws InterruptedException {
    if (waitNanos <= 0) {
      return false;
    }
    var turn = lock.newCondition();
    line.addLast(turn);
    var nanos = waitNanos;
    try {
      while (!isFirst(turn) || !hasRoom(moreCalls, moreBytes)) {
        if (nanos <= 0) {
          return false;
        }
        if (waitNanos == FOREVER) {
          turn.await();
        } else {
          nanos = turn.awaitNanos(nanos);
        }
      }
      return true;
    } finally {
      line.remove(turn);
      // There may be room for the next, also where this one gave up.
      callFirst();
    }
  }

  @SuppressWarnings("ReferenceEquality") // a turn is only ever itself
  private boolean isFirst(Condition turn) {
    return ended || line.peekFirst() == turn;
  }

  private void callFirst() {
    var first = line.peekFirst();
    if (first != null) {
      first.signal();
    }
  }

  /** One call of a load was settled; where nobody counts calls, only the last one matters. */
  void settledOne(boolean isLast, int loadCalls, long loadBytes) {
    if (countsCalls) {
      leave(1, isLast ? loadBytes : 0);
    } else if (isLast) {
      leave(loadCalls, loadBytes);
    }
  }

  /** So much is not in flight any more. */
  void leave(int fewerCalls, long fewerBytes) {
    lock.lock();
    try {
      calls -= fewerCalls;
      bytes -= fewerBytes;
      callFirst();
    } finally {
      lock.unlock();
    }
  }

  /** The pool has so many workers more than before, each of which runs a call. */
  void resized(int moreWorkers) {
    lock.lock();
    try {
      if (countsCalls) {
        mostCalls += moreWorkers;
        callFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The pool takes no more: nobody waits here any longer, to be told so there. */
  void end() {
    lock.lock();
    try {
      ended = true;
      line.forEach(Condition::signal);
    } finally {
      lock.unlock();
    }
  }

  /** What to throw where a thread that waited for room was interrupted; its flag is set again. */
  static RejectedExecutionException interrupted(InterruptedException cause) {
    return new RejectedExecutionException(
        "the thread was interrupted while it waited for room in the pool; nothing was submitted",
        cause);
  }

  /** What to throw where calls are refused because there is no room. */
  RejectedExecutionException rejection() {
    lock.lock();
    try {
      return new RejectedExecutionException(
          "the pool has no room for another task now; use submit, which waits, or let it take more"
              + " (PoolBuilder.backlog, inFlightBytes). pool=%s tasks=%d of=%s bytes=%d of=%d"
                  .formatted(
                      pool,
                      calls,
                      mostCalls == FOREVER ? "any" : Long.toString(mostCalls),
                      bytes,
                      mostBytes));
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of calls that are not settled. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }
}
