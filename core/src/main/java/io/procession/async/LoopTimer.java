package io.procession.async;

/** A callback that {@link EventLoop#callLater} has scheduled. */
public final class LoopTimer implements Comparable<LoopTimer> {

  private final Timers timers;
  final long dueNanos;
  private final long sequence;
  final Runnable action;
  private boolean isCancelled;
  private boolean isDone;

  LoopTimer(Timers timers, long dueNanos, long sequence, Runnable action) {
    this.timers = timers;
    this.dueNanos = dueNanos;
    this.sequence = sequence;
    this.action = action;
  }

  /**
   * Sees to it that the callback does not run. Does nothing if it has run, or was cancelled.
   *
   * @throws IllegalStateException outside the loop
   */
  public void cancel() {
    timers.requireLoop("LoopTimer.cancel");
    if (!isCancelled && !isDone) {
      isCancelled = true;
      timers.cancelledOne();
    }
  }

  public boolean isCancelled() {
    return isCancelled;
  }

  /** It leaves the queue of timers. */
  void done() {
    isDone = true;
  }

  /** By time; those of one time in the order in which they were made. */
  @Override
  public int compareTo(LoopTimer other) {
    var byTime = Long.compare(dueNanos, other.dueNanos);
    return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
  }
}
