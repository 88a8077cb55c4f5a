package io.procession.internal.wire;

/**
 * A block of the family's heap. Its size is a power of two.
 *
 * <pre>
 *      0  id, long: 0 in a free block │ 8  kind, int │ 12  log₂ of the size, int
 *     16  next free block, long       │ 24  messages in flight that name it, int │ 28  dirty, int
 *     32  who made it or frees it, int│ 40  bytes of the payload, long
 *     64  holders: 1024 bits, one for each slot of the roster
 *    192  owner: its block, its id  │ 208  owned: up to two blocks (rings)
 *    224  delivery, long: state, and in the high half by whom it is leased │ 232  deliveries, int
 *    240  number, long: orders what is delivered again │ 248  bytes of the message, long
 *    256  payload
 * </pre>
 *
 * <p>A block is freed once no process holds it, no message in flight names it, and no owner owns
 * it: a ring is owned while its owner names it, a message while it has a state. What is above 192
 * changes only under the heap's mutex; the rest under the owner's.
 *
 * <pre>
 *   a message's state:   UNOWNED ──► QUEUED ──► UNOWNED, or where it may be delivered again:
 *                                      └──► LEASED ──► UNOWNED      done
 *                                             └──► RETURNED         the lessee died
 *                                                     └──► LEASED, or UNOWNED if it was before
 * </pre>
 */
public final class BlockLayout {

  public static final long ID = 0;
  public static final long KIND = 8;
  public static final long SIZE_LOG = 12;
  public static final long NEXT = 16;
  public static final long IN_FLIGHT = 24;
  public static final long DIRTY = 28;
  public static final long MAKER = 32;
  public static final long PAYLOAD_BYTES = 40;
  public static final long HOLDERS = 64;
  public static final long HOLDERS_BYTES = FamilyLayout.SLOTS / 8;
  public static final long OWNER = 192;
  public static final long OWNER_ID = 200;
  public static final long OWNED = 208;
  public static final int MOST_OWNED = 2;
  public static final long STATE = 224;
  public static final long DELIVERIES = 232;
  public static final long NUMBER = 240;
  public static final long CONTENT_BYTES = 248;
  public static final long PAYLOAD = 256;

  public static final int UNOWNED = 0;
  public static final int QUEUED = 1;
  public static final int LEASED = 2;
  public static final int RETURNED = 3;

  private BlockLayout() {}

  /** A message's state, by this process where it is leased. */
  public static long state(int state, int lessee) {
    return (long) lessee << Integer.SIZE | state;
  }

  /** The state alone. */
  public static int stateOf(long word) {
    return (int) word;
  }

  /** By whom it is leased, or was when it came back; else 0. */
  public static int lesseeOf(long word) {
    return (int) (word >>> Integer.SIZE);
  }
}
