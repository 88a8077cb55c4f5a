package io.procession.internal.family;

import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/**
 * A number for each process of the family, which is 0 again once the process is dead. Each lies in
 * one word with the reference to its process, so that it can neither be torn nor be mistaken for
 * one of the slot's next process:
 *
 * <pre>
 *   slot × 8   number, int │ reference, int
 * </pre>
 *
 * <p>Numbers are written one store each, which releases; reading them acquires. Who may write is up
 * to the user.
 */
public final class PerProcess {

  /** The size of the numbers of all processes. */
  public static final long BYTES = (long) FamilyLayout.SLOTS * Long.BYTES;

  private final MemorySegment memory;
  private final long offset;
  private final int self;
  private final Roster roster;

  PerProcess(MemorySegment memory, long offset, int self, Roster roster) {
    this.memory = memory;
    this.offset = offset;
    this.self = self;
    this.roster = roster;
  }

  private long at(int slot) {
    return offset + (long) slot * Long.BYTES;
  }

  private static int reference(long word) {
    return (int) (word >>> Integer.SIZE);
  }

  /** How many slots there are to look at. */
  public int slots() {
    return roster.used();
  }

  /** The number of the process in this slot; 0 if there is none, or it is known to be dead. */
  public int get(int slot) {
    var word = Words.acquire(memory, at(slot));
    return (int) word == 0 || roster.isGone(reference(word)) ? 0 : (int) word;
  }

  /** The number of a dead process that was in this slot last; 0 if that one lives or had none. */
  public int left(int slot) {
    var word = Words.acquire(memory, at(slot));
    return (int) word == 0 || !roster.isGone(reference(word)) ? 0 : (int) word;
  }

  /** Sets the number of the process in this slot to 0, be it dead. */
  public void clear(int slot) {
    Words.release(memory, at(slot), 0);
  }

  /** Sets the number of the process in this slot, which has one already. */
  public void set(int slot, int number) {
    var reference = reference(Words.acquire(memory, at(slot)));
    Words.release(memory, at(slot), pack(reference, number));
  }

  private static long pack(int reference, int number) {
    return (long) reference << Integer.SIZE | Integer.toUnsignedLong(number);
  }

  /** The number of this process. */
  public int own() {
    var word = Words.acquire(memory, at(FamilyLayout.slotOf(self)));
    return reference(word) == self ? (int) word : 0;
  }

  /** Sets the number of this process; what a dead one left in its slot is lost. */
  public void setOwn(int number) {
    Words.release(memory, at(FamilyLayout.slotOf(self)), pack(self, number));
  }

  /** The sum over all that live. */
  public int sum() {
    var sum = 0;
    for (var slot = 0; slot < slots(); slot++) {
      sum += get(slot);
    }
    return sum;
  }

  /** Whether a process died that had a number. */
  public boolean anyLeft() {
    for (var slot = 0; slot < slots(); slot++) {
      if (left(slot) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Names all processes that have a number. */
  public void forEachReference(IntConsumer each) {
    for (var slot = 0; slot < slots(); slot++) {
      var word = Words.acquire(memory, at(slot));
      if ((int) word != 0) {
        each.accept(reference(word));
      }
    }
  }
}
