package io.procession.shared;

import io.procession.internal.codec.StandardCodec;
import io.procession.internal.family.Family;
import io.procession.internal.family.Heap;
import io.procession.internal.wire.BlockKind;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an element, made before any queue is touched: small ones in scratch memory of this
 * process, large ones in the block in which they will travel.
 */
final class Encoded extends Output implements AutoCloseable {

  /** What is longer travels in a block of its own. */
  static final int LARGEST_INLINE_BYTES = 32 << 10;

  private static final StandardCodec CODEC = new StandardCodec();

  /** A power of two. */
  private static final int STRIPES = 16;

  private static final AtomicReferenceArray<@Nullable MemorySegment> SCRATCH =
      new AtomicReferenceArray<>(STRIPES);

  private final Family family;
  private final int stripe;
  private final MemorySegment scratch;
  private final ArrayList<Transferable> kept = new ArrayList<>(0);
  private Heap.@Nullable Block block;
  private boolean departed;
  private boolean sent;

  private Encoded(Family family, int stripe, MemorySegment scratch) {
    super(scratch);
    this.family = family;
    this.stripe = stripe;
    this.scratch = scratch;
  }

  private static Encoded create(Family family) {
    var stripe = (int) (Thread.currentThread().threadId() & (STRIPES - 1));
    var scratch = SCRATCH.getAndSet(stripe, null);
    if (scratch == null) {
      scratch = Arena.ofAuto().allocate(LARGEST_INLINE_BYTES, Long.BYTES);
    }
    return new Encoded(family, stripe, scratch);
  }

  /**
   * Encodes an object.
   *
   * @param inBlock whether it must have a block of its own, however small
   * @throws io.procession.NotTransferableException if it cannot travel
   */
  static Encoded of(@Nullable Object object, Family family, boolean inBlock) {
    var encoded = create(family);
    try {
      CODEC.write(object, encoded);
      if (inBlock) {
        encoded.moveToBlock();
      }
      return encoded;
    } catch (RuntimeException | Error e) {
      encoded.close();
      throw e;
    }
  }

  /** Takes bytes as they are. */
  static Encoded ofBytes(MemorySegment bytes, Family family) {
    var encoded = create(family);
    try {
      encoded.putSegment(bytes);
      return encoded;
    } catch (RuntimeException | Error e) {
      encoded.close();
      throw e;
    }
  }

  @Override
  protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
    // Generously: of what is not written only the numbers are used up.
    var larger =
        family.heap().allocateDirty(BlockKind.MESSAGE, Math.max(neededBytes, 8 * usedBytes));
    family.holdNew(larger);
    var target = family.heap().payloadOf(larger.offset());
    MemorySegment.copy(memory, 0, target, 0, usedBytes);
    freeBlock();
    block = larger;
    return target;
  }

  private void moveToBlock() {
    if (block == null) {
      var bytes = written();
      var own = family.heap().allocateDirty(BlockKind.MESSAGE, Math.max(1, bytes.byteSize()));
      family.holdNew(own);
      MemorySegment.copy(bytes, 0, family.heap().payloadOf(own.offset()), 0, bytes.byteSize());
      block = own;
    }
  }

  @Override
  public boolean isReadOnce() {
    return true;
  }

  @Override
  public void keep(Transferable object) {
    kept.add(object);
  }

  /** The block that holds the bytes; null if they are in scratch memory. */
  Heap.@Nullable Block block() {
    return block;
  }

  /** Counts the handles in it, before it is committed. */
  void depart() {
    if (!departed && !kept.isEmpty()) {
      departed = true;
      kept.forEach(Transferable::depart);
    }
  }

  /** It was committed: its block is the queue's. */
  void sent() {
    sent = true;
  }

  /** Gives back what was not sent. */
  @Override
  public void close() {
    if (departed && !sent) {
      kept.forEach(Transferable::stay);
    }
    freeBlock();
    SCRATCH.setRelease(stripe, scratch);
  }

  private void freeBlock() {
    var used = block;
    if (used != null) {
      block = null;
      // Where it was sent, the queue has it, and this process's hold ends.
      family.release(used);
    }
  }
}
