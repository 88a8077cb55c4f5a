package io.procession.shared;

import io.procession.internal.family.Heap;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.QueueLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was taken out of a joinable queue and is not done with. Each such element is in a block of
 * its own, whose state is drawn at {@link BlockLayout}; the burial of a dead lessee returns it.
 *
 * <p>All is done by the owner of the head's mutex. The count of leases is raised before an element
 * is taken and lowered after it is done with, so it is never too low; after a death it is counted
 * anew.
 */
final class Leases {

  /** Delivered to two processes, both of which died: it is not delivered to a third one. */
  private static final int MOST_DELIVERIES = 2;

  private final RingState state;
  private final MemorySegment memory;
  private final MemorySegment whole;

  Leases(RingState state) {
    this.state = state;
    memory = state.memory;
    whole = state.family.memory();
  }

  /** The element in this block is about to be taken by this process. */
  void lease(Heap.Block block) {
    addLeased(1);
    assign(block);
  }

  private void assign(Heap.Block block) {
    Words.release(
        whole,
        block.offset() + BlockLayout.STATE,
        BlockLayout.state(BlockLayout.LEASED, state.family.self()));
    Seam.at(Step.ELEMENT_LEASED);
  }

  /** The element in this block is taken: that is one delivery more. */
  void count(Heap.Block block) {
    Words.releaseInt(whole, block.offset() + BlockLayout.DELIVERIES, deliveries(block) + 1);
  }

  private void addLeased(long count) {
    Words.release(memory, QueueLayout.LEASED, Words.plain(memory, QueueLayout.LEASED) + count);
  }

  /** The first element that came back from a dead process; null if there is none. */
  @Nullable Taken takeReturned() {
    if (Words.read(memory, QueueLayout.RETURNED) == 0) {
      return null;
    }
    // Whoever returns another one from now on says so again.
    Words.write(memory, QueueLayout.RETURNED, 0);
    var again = returned();
    if (again.isEmpty()) {
      return null;
    }
    if (again.size() > 1) {
      var _ = Words.swap(memory, QueueLayout.RETURNED, 0, QueueLayout.SIFTED);
    }
    var block = again.getFirst();
    assign(block);
    count(block);
    return taken(block);
  }

  /** Whether some may have come back. */
  boolean haveReturned() {
    return Words.acquire(memory, QueueLayout.RETURNED) != 0;
  }

  /** Whether some came back, of which nobody knows yet whether they are delivered again. */
  boolean areToBeSifted() {
    return Words.acquire(memory, QueueLayout.RETURNED) == QueueLayout.UNSIFTED;
  }

  /** Gives up what is not delivered again, though nobody takes. */
  void sift() {
    if (!areToBeSifted()) {
      return;
    }
    // Before they are looked at, as above.
    Words.write(memory, QueueLayout.RETURNED, QueueLayout.SIFTED);
    if (returned().isEmpty()) {
      var _ = Words.swap(memory, QueueLayout.RETURNED, QueueLayout.SIFTED, 0);
    }
  }

  /** Those that came back and are delivered again, in their order; gives up the others. */
  private List<Heap.Block> returned() {
    var again = new ArrayList<Heap.Block>();
    for (var block : blocks(BlockLayout.RETURNED)) {
      if (deliveries(block) < MOST_DELIVERIES) {
        again.add(block);
      } else {
        giveUp(block);
      }
    }
    again.sort(
        Comparator.comparingLong(block -> Words.plain(whole, block.offset() + BlockLayout.NUMBER)));
    return again;
  }

  private int deliveries(Heap.Block block) {
    return Words.plainInt(whole, block.offset() + BlockLayout.DELIVERIES);
  }

  private Taken taken(Heap.Block block) {
    var bytes = Words.plain(whole, block.offset() + BlockLayout.CONTENT_BYTES);
    return new Taken(
        Words.plain(whole, block.offset() + BlockLayout.NUMBER),
        QueueLayout.OBJECT | QueueLayout.IN_BLOCK,
        0,
        state.family.heap().payloadOf(block.offset()).asSlice(0, bytes),
        block,
        true);
  }

  private List<Heap.Block> blocks(int... states) {
    var owner = state.owner;
    var found = new ArrayList<Heap.Block>();
    state
        .family
        .heap()
        .forEach(block -> {
          var actual = BlockLayout.stateOf(Words.acquire(whole, block + BlockLayout.STATE));
          for (var wanted : states) {
            if (actual == wanted
                && Words.plain(whole, block + BlockLayout.OWNER) == owner.offset()
                && Words.plain(whole, block + BlockLayout.OWNER_ID) == owner.id()) {
              found.add(state.family.heap().blockAt(block));
            }
          }
        });
    return found;
  }

  /**
   * Ends a lease of this process.
   *
   * @return whether there was one: not if it was returned, because this process was held dead
   */
  boolean done(Heap.Block block) {
    if (Words.acquire(whole, block.offset() + BlockLayout.STATE)
        != BlockLayout.state(BlockLayout.LEASED, state.family.self())) {
      return false;
    }
    giveUp(block);
    return true;
  }

  private void giveUp(Heap.Block block) {
    Words.release(whole, block.offset() + BlockLayout.STATE, BlockLayout.UNOWNED);
    Seam.at(Step.LEASE_ENDED);
    addLeased(-1);
    state.family.heap().freeIfUnheld(block);
  }

  /** An owner of the head's mutex died: some of what it did here may be half done. */
  void recover() {
    var leased = blocks(BlockLayout.LEASED, BlockLayout.RETURNED);
    var head = Words.acquire(memory, QueueLayout.HEAD + QueueLayout.POSITION);
    var count = 0L;
    for (var block : leased) {
      if (Words.plain(whole, block.offset() + BlockLayout.NUMBER) >= head) {
        // Leased, and not taken after all, whether its lessee is buried or not.
        Words.write(whole, block.offset() + BlockLayout.STATE, BlockLayout.QUEUED);
      } else {
        count++;
      }
    }
    Words.release(memory, QueueLayout.LEASED, count);
    Words.write(memory, QueueLayout.RETURNED, QueueLayout.UNSIFTED);
  }
}
