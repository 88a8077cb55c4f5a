package io.procession.internal.wire;

/**
 * A latch.
 *
 * <pre>
 *      0  count, long
 *    128  wait word
 * </pre>
 *
 * <p>The count falls by compare-and-set, so who sees 0 sees what was written before each count.
 */
public final class LatchLayout {

  public static final long COUNT = 0;
  public static final long WAITERS = 128;
  public static final long BYTES = 256;

  private LatchLayout() {}
}
