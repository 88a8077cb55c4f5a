package io.procession;

/** A running estimate of how long a call takes. Lost updates do no harm. */
final class CallTimes {

  private volatile long callNanos;

  /** How long a call takes; 0 if nothing is known. */
  long callNanos() {
    return callNanos;
  }

  void took(int calls, long durationNanos) {
    var nanos = Math.max(1, durationNanos / Math.max(1, calls));
    var old = callNanos;
    callNanos = old == 0 ? nanos : Math.max(1, (old * 3 + nanos) / 4);
  }
}
