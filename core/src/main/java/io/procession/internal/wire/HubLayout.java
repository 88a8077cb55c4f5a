package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;

/**
 * The segment that a parent shares with all its children: the words on which it waits for them.
 *
 * <pre>
 *     0  doorbell: responses
 *   128  doorbell: control
 * </pre>
 */
public final class HubLayout {

  public static final long BYTES = 256;

  private static final long RESPONSE_DOORBELL = 0;
  private static final long CONTROL_DOORBELL = 128;

  private HubLayout() {}

  /** The word on which the parent waits for responses and deaths. */
  public static MemorySegment responseDoorbell(MemorySegment memory) {
    return memory.asSlice(RESPONSE_DOORBELL, Integer.BYTES);
  }

  /** The word on which the parent's control thread waits. */
  public static MemorySegment controlDoorbell(MemorySegment memory) {
    return memory.asSlice(CONTROL_DOORBELL, Integer.BYTES);
  }
}
