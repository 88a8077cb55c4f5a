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

  /** It rests no longer than this: a look that took long may have been stopped, not at work. */
  private static final long LONGEST_REST_NANOS = 1_000_000_000;

  /** When it looks again after it could not, for lack of memory say. */
  private static final long AFTER_FAILURE_NANOS = 1_000_000_000;

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
        // However it wakes, it looks: a look too many does no harm.
        if (!isEnded) {
          var _ = await(sleep);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits; gives how much of the time is left. An interrupt can only be a mistake. */
  @SuppressWarnings("WaitNotInLoop") // whoever calls it does not mind why it returns
  private long await(long nanos) {
    try {
      if (nanos < NEVER) {
        return wake.awaitNanos(nanos);
      }
      wake.await();
    } catch (InterruptedException e) {
      // Without this thread no limit would be kept.
    }
    return 0;
  }

  private long lookUnlocked() {
    lock.unlock();
    try {
      var start = System.nanoTime();
      var needed = look.look(start);
      var end = System.nanoTime();
      restedNanos = end + Math.min((end - start) * REST, LONGEST_REST_NANOS);
      return Math.max(needed, SHORTEST_NANOS);
    } catch (RuntimeException | Error e) {
      log(e);
      return AFTER_FAILURE_NANOS;
    } finally {
      lock.lock();
    }
  }

  private void rest() {
    var left = restedNanos - System.nanoTime();
    while (left > 0 && !isEnded) {
      left = await(left);
    }
  }

  /** Says what went wrong, even where that cannot be said: the next look matters more. */
  private void log(Throwable failure) {
    try {
      System.getLogger(Watch.class.getName())
          .log(
              System.Logger.Level.ERROR, "the limits of calls could not be kept: " + name, failure);
    } catch (RuntimeException | Error _) {
      return;
    }
  }
}
