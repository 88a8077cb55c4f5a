package io.procession.async;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** The timers of one loop. */
final class Timers {

  /** So many cancelled ones may lie about before the queue is searched for them. */
  private static final int MANY = 100;

  private final Scheduler scheduler;
  private final long startNanos = System.nanoTime();
  private final PriorityQueue<LoopTimer> queue = new PriorityQueue<>();
  private long made;
  private int cancelled;

  Timers(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  LoopTimer add(Duration delay, Runnable action) {
    var delayNanos = Math.max(0, TimeUnit.NANOSECONDS.convert(delay)); // saturates
    var now = now();
    var due = now + delayNanos < 0 ? Long.MAX_VALUE : now + delayNanos;
    var timer = new LoopTimer(this, due, made++, action);
    queue.add(timer);
    return timer;
  }

  void requireLoop(String what) {
    scheduler.requireLoop(what);
  }

  /** A timer that is in the queue was cancelled. A server cancels nearly each time-out it sets. */
  void cancelledOne() {
    cancelled++;
    if (cancelled > MANY && cancelled > queue.size() / 2) {
      queue.removeIf(LoopTimer::isCancelled);
      cancelled = 0;
    }
  }

  /** Runs the actions of those that are due: each makes something ready. */
  void runDue() {
    if (queue.isEmpty()) {
      return;
    }
    var now = now();
    for (var first = queue.peek(); first != null && first.dueNanos <= now; first = queue.peek()) {
      queue.remove();
      first.done();
      if (first.isCancelled()) {
        cancelled--;
      } else {
        first.action.run();
      }
    }
  }

  int size() {
    return queue.size();
  }

  /** How long until the first is due; the largest long if there is none. */
  long nanosUntilNext() {
    var first = queue.peek();
    return first == null ? Long.MAX_VALUE : Math.max(0, first.dueNanos - now());
  }

  private long now() {
    return System.nanoTime() - startNanos;
  }
}
