package io.procession.internal.wire;

/**
 * The segment that a whole family of processes shares. The root of the family owns it; it is large
 * and sparse, so only what was touched takes memory.
 *
 * <pre>
 *          0  version │ slots ever used │ last object id │ bytes kept dirty
 *        128  mutex of the heap: word │ 256  its waiters
 *        384  the heap's end │ intent: block, action
 *        512  free blocks by size, 64 × first block │ 1024  those that are zeroed, the same
 *       2048  roster: 1024 × slot
 *             ┌────────────────────────────────────────────────────────────┐
 *             │ 0  identity, long │ 8  generation, int │ 16  start, long   │
 *             │ 24 queue that has no room for it, long │ 64 doorbell, int  │
 *             └────────────────────────────────────────────────────────────┘
 *    256 KiB  heap: blocks, one after the other, see {@link BlockLayout}
 * </pre>
 *
 * <p>A <em>reference</em> to a process is an int that is never 0: its slot in the low {@value
 * #SLOT_BITS} bits, the slot's generation above. A slot is used again only after its process was
 * proven dead and everything that it held was given back; the generation tells the two apart.
 */
public final class FamilyLayout {

  /** "FAMILY" and a number; it also tells the family's segment from others. */
  public static final long VERSION = 0x46414D494C590003L;

  public static final long VERSION_OFFSET = 0;
  public static final long SLOTS_USED = 8;
  public static final long LAST_ID = 16;
  public static final long DIRTY_BYTES = 24;
  public static final long MUTEX = 128;
  public static final long HEAP_END = 384;

  /** The block that the owner of the mutex is linking or unlinking; 0 if none. */
  public static final long INTENT = 392;

  public static final long FREE = 512;
  public static final long FREE_ZEROED = 1024;

  public static final int SLOT_BITS = 10;
  public static final int SLOTS = 1 << SLOT_BITS;
  public static final long ROSTER = 2048;
  public static final long SLOT_BYTES = 128;
  public static final long SLOT_IDENTITY = 0;
  public static final long SLOT_GENERATION = 8;
  public static final long SLOT_START = 16;
  public static final long SLOT_BLOCKED = 24;
  public static final long SLOT_DOORBELL = 64;

  public static final long HEAP = 256 << 10;

  private FamilyLayout() {}

  /** Where the slot of this number lies. */
  public static long slot(int slot) {
    return ROSTER + slot * SLOT_BYTES;
  }

  /** The slot of a reference. */
  public static int slotOf(int reference) {
    return reference & (SLOTS - 1);
  }

  /** The reference to the process in this slot, at this generation of it. */
  public static int reference(int slot, int generation) {
    var most = 1 << (Integer.SIZE - SLOT_BITS);
    return (generation % (most - 1) + 1) << SLOT_BITS | slot;
  }
}
