package io.procession.internal.wire;

/**
 * A condition of a lock.
 *
 * <pre>
 *      0  the slot that was signalled last, int
 *    128  wait word
 *    256  how many threads of each process wait, 1024 ×
 *  8 448  how many of them are signalled and do not know yet, 1024 ×
 * </pre>
 *
 * <p>All of it is written by the owner of the lock, which orders it; others look without the lock,
 * and only to see whether there is reason to take it. What a dead process has left of signals is
 * another one's.
 */
public final class ConditionLayout {

  public static final long LAST_SIGNALLED = 0;
  public static final long WAITERS = 128;
  public static final long WAITING = 256;
  public static final long SIGNALLED = WAITING + FamilyLayout.SLOTS * (long) Long.BYTES;
  public static final long BYTES = SIGNALLED + FamilyLayout.SLOTS * (long) Long.BYTES;

  private ConditionLayout() {}
}
