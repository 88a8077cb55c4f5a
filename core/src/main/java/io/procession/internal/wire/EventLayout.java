package io.procession.internal.wire;

/**
 * An event.
 *
 * <pre>
 *      0  how often it was set, and in the lowest bit whether it is, long
 *    128  wait word
 * </pre>
 *
 * <p>The word changes by compare-and-set, so who sees the event set sees what was written before.
 * That it counts lets those who wait see an event that was set and cleared again at once.
 */
public final class EventLayout {

  public static final long STATE = 0;
  public static final long WAITERS = 128;
  public static final long BYTES = 256;

  /** The bit that says that the event is set; the count is above it. */
  public static final long SET = 1;

  private EventLayout() {}
}
