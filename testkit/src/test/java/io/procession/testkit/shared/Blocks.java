package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.Words;
import java.util.HashSet;
import java.util.Set;

/** The blocks of a family's heap, as they lie in its memory. */
final class Blocks {

  private Blocks() {}

  /** How many are in use. */
  static int used(Family family) {
    var count = new int[1];
    family.heap().forEach(block -> count[0]++);
    return count[0];
  }

  /** Where the heap ends. */
  static long end(Family family) {
    return Words.read(family.memory(), FamilyLayout.HEAP_END);
  }

  /** Bytes of free blocks that are kept as they are. */
  static long keptDirty(Family family) {
    return Words.read(family.memory(), FamilyLayout.DIRTY_BYTES);
  }

  /**
   * Fails unless the heap is whole: the blocks fill it, each is either free, and in the list of its
   * size once, or has an id of its own and a reason to be kept. Nobody changes it meanwhile.
   */
  static void check(Family family) {
    family.heap().forEach(block -> {}); // repairs what a dead process left half done
    var memory = family.memory();
    assertThat(Words.plain(memory, FamilyLayout.INTENT)).as("intent").isZero();
    var all = new HashSet<Long>();
    var ids = new HashSet<Long>();
    var dirty = 0L;
    var end = end(family);
    var block = FamilyLayout.HEAP;
    while (block < end) {
      var log = Words.plainInt(memory, block + BlockLayout.SIZE_LOG);
      assertThat(log).as("size of the block at %d", block).isBetween(9, 62);
      var id = Words.plain(memory, block + BlockLayout.ID);
      var size = 1L << log;
      if (id == 0) {
        all.add(block);
        dirty += Words.plainInt(memory, block + BlockLayout.DIRTY) == 0 ? 0 : size;
      } else {
        assertThat(ids.add(id)).as("the id %d is unique", id).isTrue();
        assertThat(isKept(family, block)).as("someone needs block %d", id).isTrue();
        assertThat(Words.plain(memory, block + BlockLayout.PAYLOAD_BYTES))
            .isBetween(0L, size - BlockLayout.PAYLOAD);
      }
      block += size;
    }
    assertThat(block).as("the last block ends where the heap does").isEqualTo(end);
    assertThat(listed(family)).isEqualTo(all);
    assertThat(keptDirty(family)).isEqualTo(dirty);
  }

  private static boolean isKept(Family family, long block) {
    var memory = family.memory();
    for (var at = 0L; at < BlockLayout.HOLDERS_BYTES; at += Long.BYTES) {
      if (Words.plain(memory, block + BlockLayout.HOLDERS + at) != 0) {
        return true;
      }
    }
    return Words.plainInt(memory, block + BlockLayout.IN_FLIGHT) > 0
        || Words.plain(memory, block + BlockLayout.OWNER) != 0;
  }

  private static Set<Long> listed(Family family) {
    var memory = family.memory();
    var listed = new HashSet<Long>();
    for (var list = 0; list < 2 * Long.SIZE; list++) {
      var next = Words.plain(memory, FamilyLayout.FREE + (long) list * Long.BYTES);
      while (next != 0) {
        assertThat(Words.plainInt(memory, next + BlockLayout.SIZE_LOG)).isEqualTo(list % Long.SIZE);
        assertThat(Words.plainInt(memory, next + BlockLayout.DIRTY) == 0)
            .isEqualTo(list >= Long.SIZE);
        assertThat(listed.add(next)).as("block %d is in one list, once", next).isTrue();
        next = Words.plain(memory, next + BlockLayout.NEXT);
      }
    }
    return listed;
  }
}
