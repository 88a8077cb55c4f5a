package io.procession.internal.family;

import io.procession.internal.family.Mutex.Entry;
import io.procession.internal.os.Platform;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.QueueLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/**
 * The blocks of the family's memory: who holds them, and which are free.
 *
 * <p>Every change is made by the owner of one mutex. What takes more than one store is announced in
 * the {@link FamilyLayout#INTENT intent} word first, so that the next owner can finish it for one
 * that died.
 */
public final class Heap {

  private static final int SMALLEST_LOG = 9;

  /** From this size on, new pages of zeros are cheaper than zeroing old ones. */
  private static final long LARGE_BYTES = 128 << 10;

  /** From this size on, the pages of a free block go back to the system, if many are kept. */
  private static final long DISCARDED_BYTES = 16 << 10;

  private static final long MOST_DIRTY_BYTES = 64 << 20;
  private static final long PAGE_BYTES = 4096;

  private final MemorySegment memory;
  private final int self;
  private final Mutex mutex;
  private final Platform platform;

  Heap(MemorySegment memory, int self, Mutex mutex, Platform platform) {
    this.memory = memory;
    this.self = self;
    this.mutex = mutex;
    this.platform = platform;
  }

  /** A block that this process holds. */
  public record Block(long offset, long id) {}

  private void enter() {
    if (mutex.enter()) {
      recover();
    }
  }

  /** Where the payload of a block begins. */
  public static long payload(long block) {
    return block + BlockLayout.PAYLOAD;
  }

  /** The payload of a block. */
  public MemorySegment payloadOf(long block) {
    return memory.asSlice(
        payload(block), Words.plain(memory, block + BlockLayout.PAYLOAD_BYTES), Long.BYTES);
  }

  /**
   * Takes a block for this process.
   *
   * @param bytes the size of the payload, which is zeroed
   * @throws IllegalStateException if all the family's memory is in use
   */
  public Block allocate(BlockKind kind, long bytes) {
    return allocate(kind, bytes, true);
  }

  /** Takes a block whose payload holds whatever was there before. */
  public Block allocateDirty(BlockKind kind, long bytes) {
    return allocate(kind, bytes, false);
  }

  private Block allocate(BlockKind kind, long bytes, boolean zeroed) {
    var log = logOf(bytes);
    long block;
    long id;
    boolean dirty;
    enter();
    try {
      var list = free(log, !zeroed);
      if (Words.plain(memory, list) == 0) {
        list = free(log, zeroed);
      }
      block = Words.plain(memory, list);
      if (block == 0) {
        block = extend(log, bytes);
      } else {
        Words.release(memory, FamilyLayout.INTENT, block);
        Seam.at(Step.BLOCK_ANNOUNCED);
        Words.release(memory, list, Words.plain(memory, block + BlockLayout.NEXT));
        Seam.at(Step.BLOCK_UNLINKED);
      }
      id = Words.plain(memory, FamilyLayout.LAST_ID) + 1;
      Words.release(memory, FamilyLayout.LAST_ID, id);
      dirty = Words.plainInt(memory, block + BlockLayout.DIRTY) != 0;
      if (dirty) {
        addDirty(-(1L << log));
      }
      clearHolders(block);
      Words.setPlainInt(memory, block + BlockLayout.KIND, BlockKind.NONE.number());
      Words.setPlainInt(memory, block + BlockLayout.IN_FLIGHT, 0);
      Words.setPlainInt(memory, block + BlockLayout.MAKER, self);
      Words.setPlain(memory, block + BlockLayout.PAYLOAD_BYTES, bytes);
      memory
          .asSlice(block + BlockLayout.OWNER, BlockLayout.PAYLOAD - BlockLayout.OWNER)
          .fill((byte) 0);
      setHolder(block, self);
      Words.release(memory, block + BlockLayout.ID, id);
      Seam.at(Step.BLOCK_MADE);
      Words.release(memory, FamilyLayout.INTENT, 0);
    } finally {
      mutex.exit();
    }
    if (dirty && zeroed) {
      clear(block, bytes);
    }
    Words.releaseInt(memory, block + BlockLayout.DIRTY, zeroed ? 0 : 1);
    Words.releaseInt(memory, block + BlockLayout.KIND, kind.number());
    return new Block(block, id);
  }

  private static int logOf(long bytes) {
    if (bytes < 0 || bytes > Long.MAX_VALUE >> 2) {
      throw new IllegalArgumentException(
          "shared memory cannot have a negative size, or one beyond all memory; bytes=" + bytes);
    }
    var whole = bytes + BlockLayout.PAYLOAD;
    return Math.max(SMALLEST_LOG, Long.SIZE - Long.numberOfLeadingZeros(whole - 1));
  }

  /** The free blocks of a size that hold the bytes of their last use, or those that are zeroed. */
  private static long free(int log, boolean dirty) {
    return (dirty ? FamilyLayout.FREE : FamilyLayout.FREE_ZEROED) + (long) log * Long.BYTES;
  }

  private long extend(int log, long bytes) {
    var block = Words.plain(memory, FamilyLayout.HEAP_END);
    var size = 1L << log;
    if (size > memory.byteSize() - block) {
      throw new IllegalStateException(
          "the memory that this family of processes may share is used up; close what is not needed,"
              + " or start the first process with a larger -D"
              + Family.BYTES_PROPERTY
              + "; wantedBytes="
              + bytes
              + " familyBytes="
              + memory.byteSize());
    }
    Words.setPlainInt(memory, block + BlockLayout.SIZE_LOG, log);
    Seam.at(Step.BLOCK_SIZED);
    Words.release(memory, FamilyLayout.INTENT, block);
    Words.release(memory, FamilyLayout.HEAP_END, block + size);
    return block;
  }

  private void clear(long block, long bytes) {
    if (bytes < LARGE_BYTES || !discard(block, bytes)) {
      memory.asSlice(payload(block), bytes).fill((byte) 0);
    }
  }

  /** Zeroes a payload by giving its pages back to the system; if not, nothing has changed. */
  private boolean discard(long block, long bytes) {
    var payload = memory.asSlice(payload(block), bytes);
    var start = payload.address();
    var firstPage = (start + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES - start;
    var pages = (bytes - firstPage) / PAGE_BYTES * PAGE_BYTES;
    if (pages <= 0 || !platform.discard(payload.asSlice(firstPage, pages))) {
      return false;
    }
    payload.asSlice(0, firstPage).fill((byte) 0);
    payload.asSlice(firstPage + pages).fill((byte) 0);
    return true;
  }

  private void addDirty(long bytes) {
    Words.release(
        memory, FamilyLayout.DIRTY_BYTES, Words.plain(memory, FamilyLayout.DIRTY_BYTES) + bytes);
  }

  /**
   * Holds a block that another process holds, or a message.
   *
   * @param counted whether the message was counted in flight, and is not any more
   * @return whether it is there; false if it was freed
   */
  public boolean attach(Block block, boolean counted) {
    enter();
    try {
      if (!isThere(block)) {
        return false;
      }
      // In this order: a message whose reader dies in between is gone, too, and counts no more.
      if (counted) {
        Words.getAndAddInt(memory, block.offset + BlockLayout.IN_FLIGHT, -1);
      }
      setHolder(block.offset, self);
      Seam.at(Step.BLOCK_HELD);
      return true;
    } finally {
      mutex.exit();
    }
  }

  private boolean isThere(Block block) {
    return block.id != 0
        && block.offset >= FamilyLayout.HEAP
        && block.offset < Words.plain(memory, FamilyLayout.HEAP_END)
        && Words.acquire(memory, block.offset + BlockLayout.ID) == block.id;
  }

  /** Counts a message in flight that names a block which this process holds. */
  public void depart(Block block) {
    Words.getAndAddInt(memory, block.offset + BlockLayout.IN_FLIGHT, 1);
  }

  /** A message that was counted will not be read. */
  public void cancel(Block block) {
    enter();
    try {
      if (isThere(block)) {
        Words.getAndAddInt(memory, block.offset + BlockLayout.IN_FLIGHT, -1);
        freeIfUnheld(block.offset);
      }
    } finally {
      mutex.exit();
    }
  }

  /** Holds a block no more. */
  public void detach(Block block) {
    enter();
    try {
      if (isThere(block)) {
        unsetHolder(block.offset, FamilyLayout.slotOf(self));
        Seam.at(Step.BLOCK_LEFT);
        freeIfUnheld(block.offset);
      }
    } finally {
      mutex.exit();
    }
  }

  private void freeIfUnheld(long block) {
    // First whether it is owned: whoever takes a message holds it before it is not.
    if (Words.plainInt(memory, block + BlockLayout.IN_FLIGHT) > 0
        || isOwned(block)
        || isHeld(block)) {
      return;
    }
    var id = Words.plain(memory, block + BlockLayout.ID);
    var owns = Words.plain(memory, block + BlockLayout.OWNED) != 0;
    var log = Words.plainInt(memory, block + BlockLayout.SIZE_LOG);
    Words.releaseInt(memory, block + BlockLayout.KIND, BlockKind.NONE.number());
    Words.release(memory, FamilyLayout.INTENT, block);
    Words.release(memory, block + BlockLayout.ID, 0);
    Seam.at(Step.BLOCK_UNMADE);
    var size = 1L << log;
    var kept = Words.plain(memory, FamilyLayout.DIRTY_BYTES);
    // The whole block, because its last use may have been smaller than the one before.
    if (size >= DISCARDED_BYTES
        && kept + size > MOST_DIRTY_BYTES
        && discard(block, size - BlockLayout.PAYLOAD)) {
      Words.setPlainInt(memory, block + BlockLayout.DIRTY, 0);
    } else {
      Words.setPlainInt(memory, block + BlockLayout.DIRTY, 1);
      addDirty(size);
    }
    link(block, log);
    Words.release(memory, FamilyLayout.INTENT, 0);
    if (owns) {
      freeOwnedBy(block, id);
    }
  }

  /** Frees what a block owned that is gone; whoever is killed here leaves it to the next burial. */
  private void freeOwnedBy(long owner, long id) {
    walk(block -> {
      if (Words.plain(memory, block + BlockLayout.ID) != 0
          && Words.plain(memory, block + BlockLayout.OWNER) == owner
          && Words.plain(memory, block + BlockLayout.OWNER_ID) == id) {
        freeIfUnheld(block);
      }
    });
  }

  private boolean isOwned(long block) {
    if (!hasOwner(block)) {
      return false;
    }
    var owner = Words.plain(memory, block + BlockLayout.OWNER);
    if (Words.acquire(memory, block + BlockLayout.STATE) != BlockLayout.UNOWNED) {
      return true;
    }
    for (var i = 0; i < BlockLayout.MOST_OWNED; i++) {
      if (Words.acquire(memory, ownedWord(owner, i)) == block) {
        return true;
      }
    }
    return false;
  }

  private boolean hasOwner(long block) {
    var owner = Words.plain(memory, block + BlockLayout.OWNER);
    return owner != 0
        && Words.plain(memory, owner + BlockLayout.ID)
            == Words.plain(memory, block + BlockLayout.OWNER_ID);
  }

  private static long ownedWord(long block, int index) {
    return block + BlockLayout.OWNED + (long) index * Long.BYTES;
  }

  /** Says to whom a new block will belong, before it does. */
  public void promise(Block block, Block owner) {
    Words.release(memory, block.offset + BlockLayout.OWNER_ID, owner.id);
    Words.release(memory, block.offset + BlockLayout.OWNER, owner.offset);
  }

  /** Makes {@code block}, which was promised to {@code owner}, its ring of this index. */
  public void own(Block owner, int index, Block block) {
    Words.write(memory, ownedWord(owner.offset, index), block.offset);
  }

  /** The ring of this index; 0 if there is none. */
  public long owned(Block owner, int index) {
    return Words.acquire(memory, ownedWord(owner.offset, index));
  }

  /** The block at this place, which someone owns. */
  public Block blockAt(long offset) {
    return new Block(offset, Words.acquire(memory, offset + BlockLayout.ID));
  }

  /** Its owner gives a message up; nothing is done if it was freed. */
  public void disown(Block block) {
    enter();
    try {
      if (isThere(block)) {
        Words.release(memory, block.offset + BlockLayout.STATE, BlockLayout.UNOWNED);
        freeIfUnheld(block.offset);
      }
    } finally {
      mutex.exit();
    }
  }

  /** Frees a block if nobody has it; for what an owner gave up. */
  public void freeIfUnheld(Block block) {
    enter();
    try {
      if (isThere(block)) {
        freeIfUnheld(block.offset);
      }
    } finally {
      mutex.exit();
    }
  }

  /** Holds a block that the caller's mutex keeps from being freed. */
  public void hold(Block block) {
    setHolder(block.offset, self);
  }

  private void link(long block, int log) {
    var list = free(log, Words.plainInt(memory, block + BlockLayout.DIRTY) != 0);
    Words.release(memory, block + BlockLayout.NEXT, Words.plain(memory, list));
    Seam.at(Step.BLOCK_LINKED);
    Words.release(memory, list, block);
  }

  /** Finishes, or undoes, what an owner of the mutex had announced when it died. */
  private void recover() {
    var block = Words.plain(memory, FamilyLayout.INTENT);
    if (block != 0 && block < Words.plain(memory, FamilyLayout.HEAP_END)) {
      // Made or unmade in part, it is nobody's: whoever made it never knew.
      var log = Words.plainInt(memory, block + BlockLayout.SIZE_LOG);
      Words.release(memory, block + BlockLayout.ID, 0);
      if (Words.plain(memory, free(log, true)) != block
          && Words.plain(memory, free(log, false)) != block) {
        Words.setPlainInt(memory, block + BlockLayout.DIRTY, 1);
        link(block, log);
      }
    }
    Words.release(memory, FamilyLayout.INTENT, 0);
    Words.release(memory, FamilyLayout.DIRTY_BYTES, countDirty());
  }

  private long countDirty() {
    var dirty = new long[1];
    walk(block -> {
      if (Words.plain(memory, block + BlockLayout.ID) == 0
          && Words.plainInt(memory, block + BlockLayout.DIRTY) != 0) {
        dirty[0] += 1L << Words.plainInt(memory, block + BlockLayout.SIZE_LOG);
      }
    });
    return dirty[0];
  }

  private void walk(LongConsumer each) {
    var end = Words.plain(memory, FamilyLayout.HEAP_END);
    for (var block = FamilyLayout.HEAP;
        block < end;
        block += 1L << Words.plainInt(memory, block + BlockLayout.SIZE_LOG)) {
      each.accept(block);
    }
  }

  /** Calls {@code each} with every block in use, under the mutex; it must not come back here. */
  public void forEach(LongConsumer each) {
    enter();
    try {
      walk(block -> {
        if (Words.plain(memory, block + BlockLayout.ID) != 0) {
          each.accept(block);
        }
      });
    } finally {
      mutex.exit();
    }
  }

  /**
   * Takes all that a dead process held from it, frees its slot, and what nobody holds now.
   *
   * @param wait whether to wait for the mutex; else nothing may be done
   * @return whether it was done
   */
  boolean bury(Roster roster, boolean wait) {
    if (wait) {
      enter();
    } else {
      var entry = mutex.tryEnter();
      if (entry == null) {
        return false;
      }
      if (entry == Entry.AFTER_DEATH) {
        recover();
      }
    }
    try {
      roster.forEachUnburied(slot -> {
        walk(block -> unhold(block, slot));
        roster.free(slot);
      });
    } finally {
      mutex.exit();
    }
    return true;
  }

  /** Takes all that this process holds from it. */
  void leave() {
    enter();
    try {
      walk(block -> unhold(block, FamilyLayout.slotOf(self)));
    } finally {
      mutex.exit();
    }
  }

  private void unhold(long block, int slot) {
    if (Words.plain(memory, block + BlockLayout.ID) == 0) {
      return;
    }
    unsetHolder(block, slot);
    if (hasOwner(block)) {
      endLease(block, slot);
    }
    // Even if it was not the dead one's: who gave it up may have died before it was freed.
    freeIfUnheld(block);
  }

  /**
   * Has what a dead process leased come back. By a swap: the next owner of the queue's mutex may
   * find meanwhile that it was not taken after all. Who died while doing this is repeated.
   */
  private void endLease(long block, int slot) {
    var state = Words.acquire(memory, block + BlockLayout.STATE);
    var lessee = BlockLayout.lesseeOf(state);
    if (lessee == 0 || FamilyLayout.slotOf(lessee) != slot) {
      return;
    }
    if (BlockLayout.stateOf(state) == BlockLayout.RETURNED
        || Words.swap(
            memory,
            block + BlockLayout.STATE,
            state,
            BlockLayout.state(BlockLayout.RETURNED, lessee))) {
      var owner = Words.plain(memory, block + BlockLayout.OWNER);
      Words.write(memory, payload(owner) + QueueLayout.RETURNED, QueueLayout.UNSIFTED);
    }
  }

  private static long holderWord(long block, int slot) {
    return block + BlockLayout.HOLDERS + (long) (slot / Long.SIZE) * Long.BYTES;
  }

  private void setHolder(long block, int reference) {
    var slot = FamilyLayout.slotOf(reference);
    Words.getAndOr(memory, holderWord(block, slot), 1L << slot);
  }

  private boolean unsetHolder(long block, int slot) {
    return (Words.getAndAnd(memory, holderWord(block, slot), ~(1L << slot)) & 1L << slot) != 0;
  }

  private void clearHolders(long block) {
    memory.asSlice(block + BlockLayout.HOLDERS, BlockLayout.HOLDERS_BYTES).fill((byte) 0);
  }

  /** The reference to the process that made it. */
  public int maker(Block block) {
    return Words.acquireInt(memory, block.offset + BlockLayout.MAKER);
  }

  /** Whether it is there; may have changed at once. */
  public boolean exists(Block block) {
    return Words.acquire(memory, block.offset + BlockLayout.ID) == block.id;
  }

  /** Whether another process than this holds it, or a message in flight names it. */
  public boolean isHeldByOthers(Block block) {
    var own = holderWord(block.offset, FamilyLayout.slotOf(self));
    for (var at = 0L; at < BlockLayout.HOLDERS_BYTES; at += Long.BYTES) {
      var word = block.offset + BlockLayout.HOLDERS + at;
      var mine = word == own ? 1L << FamilyLayout.slotOf(self) : 0;
      if ((Words.acquire(memory, word) & ~mine) != 0) {
        return true;
      }
    }
    return Words.acquireInt(memory, block.offset + BlockLayout.IN_FLIGHT) > 0;
  }

  private boolean isHeld(long block) {
    for (var at = 0L; at < BlockLayout.HOLDERS_BYTES; at += Long.BYTES) {
      if (Words.opaque(memory, block + BlockLayout.HOLDERS + at) != 0) {
        return true;
      }
    }
    return false;
  }
}
