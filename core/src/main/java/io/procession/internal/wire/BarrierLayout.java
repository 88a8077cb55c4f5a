package io.procession.internal.wire;

/**
 * A barrier.
 *
 * <pre>
 *      0  mutex and its wait word
 *    256  generation, long │ 264  who runs the action: reference or 0, long
 *    272  parties, int     │ 276  bytes of the action, int
 *    384  wait word
 *    512  broken generations: {@value #REMEMBERED} bits, that of g at g mod {@value #REMEMBERED}
 *    640  how many threads of each process have arrived, 1024 ×
 *  8 832  in which generation they did, 1024 × long
 * 17 024  the action, encoded
 * </pre>
 *
 * <p>All is written within the mutex, which orders it; others look without, and only to see whether
 * there is reason to enter it. A generation begins with one store, which makes all arrivals before
 * it void; the bit that it uses was cleared before. So it has begun or it has not, whoever dies.
 */
public final class BarrierLayout {

  public static final long MUTEX = 0;
  public static final long GENERATION = 256;
  public static final long RUNNER = 264;
  public static final long PARTIES = 272;
  public static final long ACTION_BYTES = 276;
  public static final long WAITERS = 384;
  public static final long BROKEN = 512;
  public static final long ARRIVED = 640;
  public static final long ARRIVED_IN = ARRIVED + FamilyLayout.SLOTS * (long) Long.BYTES;
  public static final long ACTION = ARRIVED_IN + FamilyLayout.SLOTS * (long) Long.BYTES;

  /** Of how many generations it is known whether they were broken. */
  public static final int REMEMBERED = 1024;

  private BarrierLayout() {}
}
