package io.procession.internal.wire;

/**
 * A semaphore.
 *
 * <pre>
 *      0  mutex and its wait word
 *    256  total of permits, long │ 264  bound, long; -1 for none
 *    384  wait word
 *    512  permits that each process has, 1024 ×
 * </pre>
 *
 * <p>Available is the total less what living processes have: so what a dead one had is back with
 * its death, and nobody has to see to it. All is written within the mutex, which orders it. Each
 * change is one store, but for a release of more than the process has: that raises the total first,
 * and a process that dies between the two stores has given back all.
 */
public final class SemaphoreLayout {

  public static final long MUTEX = 0;
  public static final long TOTAL = 256;
  public static final long BOUND = 264;
  public static final long WAITERS = 384;
  public static final long TAKEN = 512;
  public static final long BYTES = TAKEN + FamilyLayout.SLOTS * (long) Long.BYTES;

  private SemaphoreLayout() {}
}
