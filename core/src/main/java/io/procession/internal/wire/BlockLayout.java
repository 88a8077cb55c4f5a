package io.procession.internal.wire;

/**
 * A block of the family's heap. Its size is a power of two.
 *
 * <pre>
 *      0  id, long: 0 in a free block │ 8  kind, int │ 12  log₂ of the size, int
 *     16  next free block, long       │ 24  messages in flight that name it, int │ 28  dirty, int
 *     32  who made it or frees it, int│ 40  bytes of the payload, long
 *     64  holders: 1024 bits, one for each slot of the roster
 *    192  for the kind's own use, 64 bytes
 *    256  payload
 * </pre>
 *
 * <p>A block is free once no process holds it and no message in flight names it. Everything here
 * but the payload changes only under the heap's mutex.
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
  public static final long OWN = 192;
  public static final long PAYLOAD = 256;

  private BlockLayout() {}
}
