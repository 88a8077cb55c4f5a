package io.procession.internal.os;

/**
 * How long it pays to spin before a thread sleeps: as long as allowed, while spinning succeeds;
 * half as long after each time in vain.
 *
 * <p>That a wait was short proves nothing: the other side may have needed this very processor, and
 * had it only because this thread slept. So what was halved comes back by a try now and then.
 *
 * <p>For one thread at a time.
 */
public final class SpinBudget {
  private static final int WAITS_PER_TRY = 16;

  private long nanos = Long.MAX_VALUE;
  private long mostNanos;
  private int waits;

  /** How long to spin now; at most {@code most}. */
  public long nanos(long most) {
    mostNanos = most;
    return ++waits % WAITS_PER_TRY == 0 ? most : Math.min(nanos, most);
  }

  /** Tells whether what was waited for came while this thread spun. */
  public void spun(boolean inTime) {
    nanos = inTime ? mostNanos : Math.min(nanos, mostNanos) / 2;
  }
}
