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

  private Leases() {}

  /** The element in this block is about to be taken by this process. */
  static void lease(ElementRing ring, Heap.Block block) {
    addLeased(ring, 1);
    assign(ring, block);
  }

  private static void assign(ElementRing ring, Heap.Block block) {
    var memory = ring.family().memory();
    Words.releaseInt(memory, block.offset() + BlockLayout.LESSEE, ring.family().self());
    Words.releaseInt(memory, block.offset() + BlockLayout.STATE, BlockLayout.LEASED);
    Seam.at(Step.ELEMENT_LEASED);
  }

  private static void addLeased(ElementRing ring, long count) {
    Words.release(
        ring.memory(), QueueLayout.LEASED, Words.plain(ring.memory(), QueueLayout.LEASED) + count);
  }

  /** The first element that came back from a dead process; null if there is none. */
  static @Nullable Taken takeReturned(ElementRing ring) {
    if (Words.read(ring.memory(), QueueLayout.RETURNED) == 0) {
      return null;
    }
    // Whoever returns another one from now on says so again.
    Words.write(ring.memory(), QueueLayout.RETURNED, 0);
    var returned = blocks(ring, BlockLayout.RETURNED);
    var memory = ring.family().memory();
    for (var block : returned) {
      if (deliveries(memory, block) >= MOST_DELIVERIES) {
        giveUp(ring, block);
      }
    }
    var again =
        returned.stream()
            .filter(block -> deliveries(memory, block) < MOST_DELIVERIES)
            .sorted(
                Comparator.comparingLong(
                    block -> Words.plain(memory, block.offset() + BlockLayout.NUMBER)))
            .toList();
    if (again.isEmpty()) {
      return null;
    }
    if (again.size() > 1) {
      Words.write(ring.memory(), QueueLayout.RETURNED, 1);
    }
    var block = again.getFirst();
    assign(ring, block);
    return taken(ring, block);
  }

  private static int deliveries(MemorySegment memory, Heap.Block block) {
    return Words.plainInt(memory, block.offset() + BlockLayout.DELIVERIES);
  }

  private static Taken taken(ElementRing ring, Heap.Block block) {
    var memory = ring.family().memory();
    var bytes = Words.plain(memory, block.offset() + BlockLayout.CONTENT_BYTES);
    return new Taken(
        Words.plain(memory, block.offset() + BlockLayout.NUMBER),
        QueueLayout.OBJECT | QueueLayout.IN_BLOCK,
        0,
        ring.family().heap().payloadOf(block.offset()).asSlice(0, bytes),
        block,
        true);
  }

  private static List<Heap.Block> blocks(ElementRing ring, int... states) {
    var memory = ring.family().memory();
    var owner = ring.owner();
    var found = new ArrayList<Heap.Block>();
    ring.family()
        .heap()
        .forEach(block -> {
          var state = Words.acquireInt(memory, block + BlockLayout.STATE);
          for (var wanted : states) {
            if (state == wanted
                && Words.plain(memory, block + BlockLayout.OWNER) == owner.offset()
                && Words.plain(memory, block + BlockLayout.OWNER_ID) == owner.id()) {
              found.add(ring.family().heap().blockAt(block));
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
  static boolean done(ElementRing ring, Heap.Block block) {
    var memory = ring.family().memory();
    var ended = new boolean[1];
    ring.withHead(() -> {
      if (Words.acquireInt(memory, block.offset() + BlockLayout.STATE) == BlockLayout.LEASED
          && Words.plainInt(memory, block.offset() + BlockLayout.LESSEE) == ring.family().self()) {
        giveUp(ring, block);
        ended[0] = true;
      }
    });
    ring.wakeIfAllDone();
    return ended[0];
  }

  private static void giveUp(ElementRing ring, Heap.Block block) {
    Words.releaseInt(
        ring.family().memory(), block.offset() + BlockLayout.STATE, BlockLayout.UNOWNED);
    Seam.at(Step.LEASE_ENDED);
    addLeased(ring, -1);
    ring.family().heap().freeIfUnheld(block);
  }

  /** An owner of the head's mutex died: some of what it did here may be half done. */
  static void recover(ElementRing ring) {
    var leased = blocks(ring, BlockLayout.LEASED, BlockLayout.RETURNED);
    var memory = ring.family().memory();
    var head = ring.headPosition();
    var count = 0L;
    for (var block : leased) {
      if (Words.plain(memory, block.offset() + BlockLayout.NUMBER) >= head
          && deliveries(memory, block) == 0) {
        // Leased, and not taken after all.
        Words.releaseInt(memory, block.offset() + BlockLayout.STATE, BlockLayout.QUEUED);
      } else {
        count++;
      }
    }
    Words.release(ring.memory(), QueueLayout.LEASED, count);
    Words.write(ring.memory(), QueueLayout.RETURNED, 1);
  }
}
