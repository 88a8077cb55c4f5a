package io.procession;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has somebody look at the workers when time may have ended something. Nothing is noted for each
 * call: who sends a limited call only sees to it that the next look comes early enough, which as a
 * rule it does already. While nothing is limited nobody looks, and before the first limit there is
 * no thread.
 *
 * <p>Guarded by the ledger's lock, which it does not hold while it looks.
 */
final class Watch {

  /** What is done at each look; gives how long until the next one is needed. */
  interface Look {
    long look(long nowNanos);
  }

  static final long NEVER = Long.MAX_VALUE;

  /** No limit is kept more precisely. */
  private static final long SHORTEST_NANOS = 200_000;

  /** Looking takes at most this share of a processor, however many calls wait. */
  private static final int REST = 20;

  private final String name;
  private final ReentrantLock lock;
  private final Condition wake;
  private final Look look;

  /** The shortest time within which a look was asked for since the last one. */
  private long shortest = NEVER;

  /** How long the thread sleeps at the most, from the begin of its sleep; 0 while it looks. */
  private long sleep = NEVER;

  /** Before this there is no other look. */
  private long restedNanos = System.nanoTime();

  private boolean isStarted;
  private boolean isEnded;

  Watch(String name, ReentrantLock lock, Look look) {
    this.name = name;
    this.lock = lock;
    this.wake = lock.newCondition();
    this.look = look;
  }

  /** Has somebody look within this time, or soon after. Called with the lock. */
  void within(long wantedNanos) {
    var nanos = Math.max(wantedNanos, SHORTEST_NANOS);
    if (nanos < shortest) {
      shortest = nanos;
      if (nanos < sleep && !isEnded) {
        start();
        wake.signal();
      }
    }
  }

  private void start() {
    if (!isStarted) {
      isStarted = true;
      Thread.ofPlatform().daemon().name("procession-watch-" + name).start(this::run);
    }
  }

  /** Nobody looks any more. Called with the lock. */
  void end() {
    isEnded = true;
    wake.signal();
  }

  private void run() {
    lock.lock();
    try {
      while (!isEnded) {
        sleep = 0;
        rest();
        var asked = shortest;
        shortest = NEVER;
        var needed = lookUnlocked();
        // What was asked for since the last look may have ended, but more like it may be to come.
        sleep = Math.min(Math.min(needed, asked), shortest);
        if (!isEnded) {
          await(sleep);
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    } finally {
      lock.unlock();
    }
  }

  private long lookUnlocked() {
    lock.unlock();
    try {
      var start = System.nanoTime();
      var needed = look.look(start);
      var end = System.nanoTime();
      restedNanos = end + (end - start) * REST;
      return Math.max(needed, SHORTEST_NANOS);
    } finally {
      lock.lock();
    }
  }

  private void rest() throws InterruptedException {
    var left = restedNanos - System.nanoTime();
    while (left > 0 && !isEnded) {
      left = wake.awaitNanos(left);
    }
  }

  private void await(long nanos) throws InterruptedException {
    if (nanos == NEVER) {
      wake.await();
    } else {
      var _ = wake.awaitNanos(nanos);
    }
  }
}
