package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Looks at a family's heap while nobody uses it. */
final class HeapCheck {

  private HeapCheck() {}

  /** The blocks in use, as text. */
  static List<String> used(Family family) {
    var used = new ArrayList<String>();
    family.heap().forEach(block -> used.add(describe(family, block)));
    return used;
  }

  private static String describe(Family family, long block) {
    var memory = family.memory();
    var holders = new ArrayList<Integer>();
    for (var slot = 0; slot < FamilyLayout.SLOTS; slot++) {
      var word =
          Words.plain(memory, block + BlockLayout.HOLDERS + (long) (slot / Long.SIZE) * Long.BYTES);
      if ((word & 1L << slot) != 0) {
        holders.add(slot);
      }
    }
    return "%s@%d id=%d holders=%s inFlight=%d state=%d owner=%d"
        .formatted(
            BlockKind.of(Words.plainInt(memory, block + BlockLayout.KIND)),
            block,
            Words.plain(memory, block + BlockLayout.ID),
            holders,
            Words.plainInt(memory, block + BlockLayout.IN_FLIGHT),
            Words.plain(memory, block + BlockLayout.STATE),
            Words.plain(memory, block + BlockLayout.OWNER));
  }

  /** Every block that is not in use is in the list of its size, once; nothing is announced. */
  static void check(Family family) {
    var memory = family.memory();
    var free = new HashSet<Long>();
    for (var list = 0; list < 2 * Long.SIZE; list++) {
      var block = Words.plain(memory, FamilyLayout.FREE + (long) list * Long.BYTES);
      for (; block != 0; block = Words.plain(memory, block + BlockLayout.NEXT)) {
        assertThat(free.add(block)).as("block %d is free twice", block).isTrue();
        assertThat(Words.plainInt(memory, block + BlockLayout.SIZE_LOG))
            .isEqualTo(list % Long.SIZE);
        assertThat(Words.plainInt(memory, block + BlockLayout.DIRTY) == 0)
            .isEqualTo(list >= Long.SIZE);
        assertThat(Words.plain(memory, block + BlockLayout.ID)).isZero();
      }
    }
    var dirty = 0L;
    var end = Words.plain(memory, FamilyLayout.HEAP_END);
    for (var block = FamilyLayout.HEAP; block < end; ) {
      var size = 1L << Words.plainInt(memory, block + BlockLayout.SIZE_LOG);
      var isFree = Words.plain(memory, block + BlockLayout.ID) == 0;
      assertThat(free.contains(block)).as("block %d is free", block).isEqualTo(isFree);
      if (isFree && Words.plainInt(memory, block + BlockLayout.DIRTY) != 0) {
        dirty += size;
      }
      block += size;
    }
    assertThat(Words.plain(memory, FamilyLayout.DIRTY_BYTES)).as("dirty bytes").isEqualTo(dirty);
    assertThat(Words.plain(memory, FamilyLayout.INTENT)).as("intent").isZero();
    assertThat(Words.plain(memory, FamilyLayout.MUTEX)).as("owner of the mutex").isZero();
  }
}
