package io.procession.internal.family;

import io.procession.internal.os.Doorbell;
import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;

/**
 * The processes of the family that use shared memory: who they are, who is dead, how to wake them.
 *
 * <pre>
 *   a slot's identity:   0 ──► living ──► living | DEAD ──► 0, one generation on
 *                        join        death proven       buried: nothing is held any more
 * </pre>
 */
public final class Roster {

  private static final long DEAD = Long.MIN_VALUE;
  private static final int PID_BITS = 22;
  private static final long PID_MASK = (1L << PID_BITS) - 1;
  private static final long START_MASK = (1L << (Long.SIZE - 1 - PID_BITS)) - 1;

  private final MemorySegment memory;
  private final Platform platform;
  private final AtomicReferenceArray<Doorbell> doorbells =
      new AtomicReferenceArray<>(FamilyLayout.SLOTS);

  Roster(MemorySegment memory, Platform platform) {
    this.memory = memory;
    this.platform = platform;
  }

  private static long pack(ProcessIdentity process) {
    var pid = process.pid() & PID_MASK;
    return ((process.start() & START_MASK) << PID_BITS) | pid;
  }

  /** The process id in a slot's identity, be it living or dead. */
  static long pidOf(long identity) {
    return identity & PID_MASK;
  }

  private long identity(int slot) {
    return Words.acquire(memory, FamilyLayout.slot(slot) + FamilyLayout.SLOT_IDENTITY);
  }

  private int generation(int slot) {
    return Words.acquireInt(memory, FamilyLayout.slot(slot) + FamilyLayout.SLOT_GENERATION);
  }

  /** Takes a slot for this process; 0 if there is none free. */
  int join() {
    var identity = pack(platform.self());
    for (var slot = 0; slot < FamilyLayout.SLOTS; slot++) {
      var at = FamilyLayout.slot(slot);
      if (Words.opaque(memory, at + FamilyLayout.SLOT_IDENTITY) == 0
          && Words.swap(memory, at + FamilyLayout.SLOT_IDENTITY, 0, identity)) {
        Seam.at(Step.SLOT_CLAIMED);
        Words.release(memory, at + FamilyLayout.SLOT_START, platform.self().start());
        Words.release(memory, at + FamilyLayout.SLOT_BLOCKED, 0);
        Words.releaseInt(memory, at + FamilyLayout.SLOT_DOORBELL, 0);
        raiseUsed(slot + 1);
        return FamilyLayout.reference(slot, generation(slot));
      }
    }
    return 0;
  }

  private void raiseUsed(long slots) {
    for (var used = used(); used < slots; used = used()) {
      if (Words.swap(memory, FamilyLayout.SLOTS_USED, used, slots)) {
        return;
      }
    }
  }

  /** How many slots were ever in use: no process has a slot beyond. */
  public int used() {
    return (int) Words.read(memory, FamilyLayout.SLOTS_USED);
  }

  /**
   * Whether this process is known to be dead. Costs a few loads; says no as long as nobody has
   * proven the death.
   */
  public boolean isGone(int reference) {
    var slot = FamilyLayout.slotOf(reference);
    var identity = identity(slot);
    return identity <= 0 || FamilyLayout.reference(slot, generation(slot)) != reference;
  }

  /** Whether this process is dead, asking the system if nobody knows; marks it then. */
  public boolean proveGone(int reference) {
    if (isGone(reference)) {
      return true;
    }
    var slot = FamilyLayout.slotOf(reference);
    var identity = identity(slot);
    return identity > 0 && !isGone(reference) && isDead(slot, identity) && mark(slot, identity);
  }

  private boolean isDead(int slot, long identity) {
    var pid = identity & PID_MASK;
    var current = platform.identify(pid);
    if (current.isEmpty() || pack(current.get()) != identity) {
      return identity(slot) == identity;
    }
    return platform.isDead(current.get());
  }

  private boolean mark(int slot, long identity) {
    var at = FamilyLayout.slot(slot) + FamilyLayout.SLOT_IDENTITY;
    var marked = Words.swap(memory, at, identity, identity | DEAD);
    Seam.at(Step.DEATH_MARKED);
    return marked || identity(slot) != identity;
  }

  /** Marks all slots of a process that is proven dead; gives whether it had any. */
  boolean markDead(ProcessIdentity process) {
    var identity = pack(process);
    var any = false;
    for (var slot = 0; slot < used(); slot++) {
      if (identity(slot) == identity) {
        mark(slot, identity);
        any = true;
      }
    }
    return any;
  }

  void markDead(int reference) {
    var slot = FamilyLayout.slotOf(reference);
    mark(slot, identity(slot));
  }

  /** Asks the system about everyone, and marks who is dead; gives whether anyone is. */
  boolean proveAll() {
    var any = false;
    for (var slot = 0; slot < used(); slot++) {
      var identity = identity(slot);
      if (identity < 0) {
        any = true;
      } else if (identity > 0 && isDead(slot, identity)) {
        any |= mark(slot, identity);
      }
    }
    return any;
  }

  /** Calls {@code burier} with the slot of each that is dead and not buried. */
  void forEachUnburied(IntConsumer burier) {
    for (var slot = 0; slot < used(); slot++) {
      if (identity(slot) < 0) {
        burier.accept(slot);
      }
    }
  }

  /** Whether anyone is known to be dead and still holds what it held. */
  boolean hasUnburied() {
    for (var slot = 0; slot < used(); slot++) {
      if (identity(slot) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Frees the slot of a process that holds nothing any more: one that is dead, or that leaves. */
  void free(int slot) {
    var at = FamilyLayout.slot(slot);
    Words.releaseInt(memory, at + FamilyLayout.SLOT_GENERATION, generation(slot) + 1);
    Seam.at(Step.GENERATION_RAISED);
    Words.write(memory, at + FamilyLayout.SLOT_IDENTITY, 0);
  }

  /** Calls {@code each} with the reference to every process that is not known to be dead. */
  public void forEachLiving(IntConsumer each) {
    for (var slot = 0; slot < used(); slot++) {
      if (identity(slot) > 0) {
        each.accept(FamilyLayout.reference(slot, generation(slot)));
      }
    }
  }

  /** Notes, for those who wonder, that a process waits for room in a queue; 0 ends that. */
  public void noteBlocked(int reference, long queue) {
    Words.release(
        memory,
        FamilyLayout.slot(FamilyLayout.slotOf(reference)) + FamilyLayout.SLOT_BLOCKED,
        queue);
  }

  /** The block of the queue in which this process waits for room; 0 if it does not. */
  long blockedIn(ProcessIdentity process) {
    var identity = pack(process);
    for (var slot = 0; slot < used(); slot++) {
      if (identity(slot) == identity) {
        return Words.acquire(memory, FamilyLayout.slot(slot) + FamilyLayout.SLOT_BLOCKED);
      }
    }
    return 0;
  }

  /** The process behind a reference; empty if it is gone. */
  public Optional<ProcessIdentity> process(int reference) {
    var slot = FamilyLayout.slotOf(reference);
    var identity = identity(slot);
    var start = Words.acquire(memory, FamilyLayout.slot(slot) + FamilyLayout.SLOT_START);
    return isGone(reference)
        ? Optional.empty()
        : Optional.of(new ProcessIdentity(identity & PID_MASK, start));
  }

  /** Its process id, for messages and lists; 0 if it is gone. */
  public long pid(int reference) {
    return process(reference).map(ProcessIdentity::pid).orElse(0L);
  }

  /** Wakes whoever waits in the processes whose slots share this bit of a wait word. */
  void ringBit(int bit) {
    for (var slot = bit; slot < used(); slot += Long.SIZE) {
      ring(slot);
    }
  }

  /** Wakes all who wait, in all processes: they look again, each at what it waits for. */
  public void ringAll() {
    for (var slot = 0; slot < used(); slot++) {
      ring(slot);
    }
  }

  /** Wakes those who wait in the process of this slot, if there is one. */
  public void ring(int slot) {
    if (identity(slot) > 0) {
      doorbell(slot).ring();
    }
  }

  Doorbell doorbell(int slot) {
    var doorbell = doorbells.get(slot);
    if (doorbell == null) {
      var word =
          memory.asSlice(FamilyLayout.slot(slot) + FamilyLayout.SLOT_DOORBELL, Doorbell.WORD_BYTES);
      doorbells.compareAndSet(slot, null, platform.doorbell(word));
      doorbell = doorbells.get(slot);
    }
    return doorbell;
  }
}
