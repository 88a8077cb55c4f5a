package io.procession;

import org.jspecify.annotations.Nullable;

/**
 * What calls are nested in: a task that submitted them, and may be waiting for them. Guarded by the
 * ledger's lock, but for {@link #endedOne}.
 */
final class Nest {

  /** Calls that no task submitted. */
  static final Nest NONE = new Nest(null, 0, null, null);

  /** Above what users ask for: whoever waits in a worker goes before what has not begun. */
  private static final int DEPTH_SHIFT = 32;

  private static final int DEEPEST = 1 << 20;

  private final @Nullable Origin origin;
  private final int depth;
  private final @Nullable Slot waiter;
  private final @Nullable Lender lender;
  private boolean isUrgent;

  private Nest(@Nullable Origin origin, int depth, @Nullable Slot waiter, @Nullable Lender lender) {
    this.origin = origin;
    this.depth = depth;
    this.waiter = waiter;
    this.lender = lender;
  }

  /** Calls of a task for which no worker of their own pool waits. */
  static Nest of(@Nullable Origin origin) {
    return origin == null ? NONE : new Nest(origin, 0, null, null);
  }

  /** Calls of another pool's worker. A worker of their own may be waiting for that, who knows. */
  static Nest of(@Nullable Origin origin, Lender other) {
    var nest = new Nest(origin, 1, null, other);
    nest.isUrgent = true;
    return nest;
  }

  /**
   * Calls for which a worker of their own pool may be waiting.
   *
   * @param own the nearest task of their pool, which that worker runs
   */
  static Nest in(Origin own, Origin origin) {
    var depth = Math.min(DEEPEST, own.nest().depth + 1);
    return new Nest(origin, depth, own.slot(), own.slot().lenderNow());
  }

  /** The task that submitted them; null if it is of no pool of this process. */
  @Nullable Origin origin() {
    return origin;
  }

  /** So many calls are about to be submitted. */
  void submitted(int calls) {
    if (lender != null) {
      lender.submitted(calls);
    }
  }

  /** One of the calls has ended. */
  void endedOne() {
    if (lender != null) {
      lender.endedOne();
    }
  }

  /** Whether they are not urgent, and may come to be. */
  boolean mayBeUrged() {
    return !isUrgent && waiter != null;
  }

  /** Whether they should be urgent, and are not. */
  boolean isToUrge() {
    return !isUrgent && waiter != null && waiter.waits();
  }

  /** Somebody waits for them: they go before all that is not urgent, and have workers added. */
  void urge() {
    isUrgent = true;
  }

  boolean isUrgent() {
    return isUrgent;
  }

  /** What it adds to a priority: the deeper, the sooner, for those that wait hold workers. */
  long rank() {
    return isUrgent ? (long) depth << DEPTH_SHIFT : 0;
  }
}
