package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The segment that a parent shares with one child. The parent creates it; the child maps it.
 *
 * <pre>
 *        0 ┌──────────────────────────────────┐
 *          │ version, child's state           │
 *       64 │ limit and use of memory          │
 *      128 │ child's doorbell: requests       │
 *      256 │ child's doorbell: control        │
 *      512 ├──────────────────────────────────┤
 *          │ requests        parent ──► child │
 *          │ responses       child ──► parent │
 *          │ control down    parent ──► child │
 *          │ control up      child ──► parent │
 *          └──────────────────────────────────┘
 * </pre>
 */
public final class ChannelLayout {

  /** The version of everything in this package; parent and child must agree. */
  public static final int VERSION = 3;

  private static final long STATE = 4;
  private static final long MEMORY_LIMIT = 64;
  private static final long MEMORY_USED = 72;
  private static final long REQUEST_DOORBELL = 128;
  private static final long CONTROL_DOORBELL = 256;
  private static final long RINGS = 512;

  private static final long DATA_CAPACITY_BYTES = 256 << 10;
  private static final long CONTROL_CAPACITY_BYTES = 64 << 10;

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  /** The child boots; so a new segment says. */
  public static final int BOOTING = 0;

  /** The child takes requests. */
  public static final int READY = 1;

  /** The child is about to exit by itself. */
  public static final int EXITING = 2;

  /** The size of the whole. */
  public static final long BYTES =
      RINGS + 2 * Ring.sizeBytes(DATA_CAPACITY_BYTES) + 2 * Ring.sizeBytes(CONTROL_CAPACITY_BYTES);

  private final MemorySegment memory;

  public ChannelLayout(MemorySegment memory) {
    this.memory = memory;
  }

  /** Makes the rings, before the child is started. */
  public void format() {
    Ring.format(requests(), DATA_CAPACITY_BYTES);
    Ring.format(responses(), DATA_CAPACITY_BYTES);
    Ring.format(controlDown(), CONTROL_CAPACITY_BYTES);
    Ring.format(controlUp(), CONTROL_CAPACITY_BYTES);
    memory.set(ValueLayout.JAVA_INT, 0, VERSION);
  }

  /** The child's state: {@link #BOOTING}, {@link #READY} or {@link #EXITING}. */
  public int state() {
    return (int) INT.getAcquire(memory, STATE);
  }

  public void setState(int state) {
    INT.setRelease(memory, STATE, state);
  }

  /** The child ends because its heap has no room: the largest heap, and how much of it is used. */
  public void setOutOfMemory(long limitBytes, long usedBytes) {
    LONG.setRelease(memory, MEMORY_USED, usedBytes);
    LONG.setRelease(memory, MEMORY_LIMIT, limitBytes);
  }

  /** The largest heap of a child that ended because it has no room; else 0. */
  public long memoryLimitBytes() {
    return (long) LONG.getAcquire(memory, MEMORY_LIMIT);
  }

  /** How much of it was used then. */
  public long memoryUsedBytes() {
    return (long) LONG.getAcquire(memory, MEMORY_USED);
  }

  /** The word on which the child waits for requests. */
  public MemorySegment requestDoorbell() {
    return memory.asSlice(REQUEST_DOORBELL, Integer.BYTES);
  }

  /** The word on which the child's control thread waits. */
  public MemorySegment controlDoorbell() {
    return memory.asSlice(CONTROL_DOORBELL, Integer.BYTES);
  }

  public MemorySegment requests() {
    return memory.asSlice(RINGS, Ring.sizeBytes(DATA_CAPACITY_BYTES));
  }

  public MemorySegment responses() {
    var bytes = Ring.sizeBytes(DATA_CAPACITY_BYTES);
    return memory.asSlice(RINGS + bytes, bytes);
  }

  public MemorySegment controlDown() {
    return memory.asSlice(
        RINGS + 2 * Ring.sizeBytes(DATA_CAPACITY_BYTES), Ring.sizeBytes(CONTROL_CAPACITY_BYTES));
  }

  public MemorySegment controlUp() {
    var bytes = Ring.sizeBytes(CONTROL_CAPACITY_BYTES);
    return memory.asSlice(RINGS + 2 * Ring.sizeBytes(DATA_CAPACITY_BYTES) + bytes, bytes);
  }
}
