package io.procession.internal.wire;

/**
 * A reentrant lock. Which thread of the owner has it, and how often, only the owner knows.
 *
 * <pre>
 *      0  owner: reference to a process, long │ 8  inherited, int │ 12  fair, int
 *    128  wait word
 *    256  last ticket, int                      ┐
 *    384  first ticket of each process, 1024 ×  ┘ only if fair
 * </pre>
 *
 * <p>The owner's word goes from {@link #FREE} to a reference, and back, by compare-and-set, which
 * orders all that a lock must order: who takes it sees what was written before it was freed. The
 * word of an owner that died, or that is {@link #ABANDONED}, is replaced by its successor's in one
 * such step, so at no time are there two; what the dead wrote is seen because its death was proven
 * since. {@code inherited} is written by owners only.
 *
 * <p>Tickets order those who wait for a fair lock. Each process shows its first one, and the lowest
 * that a living process shows goes next. Processes only hint at each other here: no more than
 * fairness depends on it.
 */
public final class LockLayout {

  public static final long OWNER = 0;
  public static final long INHERITED = 8;
  public static final long FAIR = 12;
  public static final long WAITERS = 128;
  public static final long BYTES = 256;
  public static final long LAST_TICKET = 256;
  public static final long TICKETS = 384;
  public static final long FAIR_BYTES = TICKETS + FamilyLayout.SLOTS * (long) Long.BYTES;

  /** The owner's word of a lock that has none. */
  public static final long FREE = 0;

  /** The owner's word of a lock whose owner closed it while it had it. */
  public static final long ABANDONED = -1;

  private LockLayout() {}
}
