package io.procession.internal.family;

import io.procession.internal.family.WaitingRoom.Outcome;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A lock whose owner is a process, for a few instructions at a time. When the owner has died, the
 * next one to enter learns it, and puts right what the dead may have left half done.
 *
 * <pre>
 *   the word:   FREE = 0 ──► owner ──► FREE
 *                       enter │  ▲ exit
 *                             ▼  │ enter, once the owner is known to be dead
 *                        another owner
 *   +128        the wait word
 * </pre>
 *
 * <p>Entering acquires what was written before the last exit, or by the dead owner.
 */
public final class Mutex {

  /** The size of the word and the wait word, two cache lines apart from each other. */
  public static final long BYTES = 256;

  /** Where the wait word lies. */
  public static final long WAITERS = 128;

  private static final int SPINS = 64;
  private static final int YIELDS = 8;

  /** How an attempt to enter ended. */
  public enum Entry {
    ENTERED,
    /** Entered, and the owner before has died inside. */
    AFTER_DEATH,
    TIMED_OUT,
    INTERRUPTED;

    /** Whether the caller is inside. */
    public boolean isInside() {
      return this == ENTERED || this == AFTER_DEATH;
    }
  }

  private final MemorySegment memory;
  private final long offset;
  private final int self;
  private final Roster roster;
  private final WaitingRoom room;
  private final WaitWord waiters;
  private final WaitingRoom.Spin spin = new WaitingRoom.Spin();

  Mutex(MemorySegment memory, long offset, int self, Roster roster, WaitingRoom room) {
    this.memory = memory;
    this.offset = offset;
    this.self = self;
    this.roster = roster;
    this.room = room;
    this.waiters = new WaitWord(memory, offset + WAITERS, roster);
  }

  /** Enters, waiting as long as it takes; gives whether the owner before has died inside. */
  public boolean enter() {
    return Words.swap(memory, offset, 0, self)
        ? false
        : enterSlowly(Long.MAX_VALUE, false) == Entry.AFTER_DEATH;
  }

  /** Enters, unless that takes too long or the thread is interrupted. */
  public Entry enter(long timeoutNanos, boolean interruptible) {
    return Words.swap(memory, offset, 0, self)
        ? Entry.ENTERED
        : enterSlowly(timeoutNanos, interruptible);
  }

  /** Enters if that is possible at once; null if not. */
  public @Nullable Entry tryEnter() {
    var owner = (int) Words.opaque(memory, offset);
    if (owner == 0) {
      return Words.swap(memory, offset, 0, self) ? Entry.ENTERED : null;
    }
    return roster.isGone(owner) && Words.swap(memory, offset, owner, self)
        ? Entry.AFTER_DEATH
        : null;
  }

  @SuppressWarnings("ThreadPriorityCheck") // it is only a try, before the thread waits
  private Entry enterSlowly(long timeoutNanos, boolean interruptible) {
    for (var spins = 0; spins < SPINS; spins++) {
      Thread.onSpinWait();
      var entry = tryEnter();
      if (entry != null) {
        return entry;
      }
    }
    for (var yields = 0; yields < YIELDS; yields++) {
      // Whoever is inside is so for nanoseconds, unless it lost this very processor.
      Thread.yield();
      var entry = tryEnter();
      if (entry != null) {
        return entry;
      }
    }
    var start = System.nanoTime();
    while (true) {
      var left =
          timeoutNanos == Long.MAX_VALUE
              ? Long.MAX_VALUE
              : timeoutNanos - (System.nanoTime() - start);
      var outcome = room.await(waiters, new Entering(), true, left, interruptible, spin);
      if (outcome == Outcome.OVER) {
        var entry = tryEnter();
        if (entry != null) {
          return entry;
        }
      } else {
        return outcome == Outcome.TIMED_OUT ? Entry.TIMED_OUT : Entry.INTERRUPTED;
      }
    }
  }

  /** Leaves; the caller must be inside. */
  public void exit() {
    Seam.at(Step.MUTEX_LEFT);
    Words.write(memory, offset, 0);
    waiters.wakeOne();
  }

  /** Who is inside; 0 for nobody. */
  public int owner() {
    return (int) Words.opaque(memory, offset);
  }

  private final class Entering implements Waiting {
    @Override
    public boolean isOver() {
      var owner = owner();
      return owner == 0 || roster.isGone(owner);
    }

    @Override
    public void suspects(java.util.function.IntConsumer each) {
      each.accept(owner());
    }
  }
}
