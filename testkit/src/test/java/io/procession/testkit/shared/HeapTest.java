package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.os.Platform;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedMemory;
import io.procession.testkit.NoLeaks;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The family's memory is used again, goes back to the system, and stays whole. */
@NoLeaks
class HeapTest {

  private static final long MEBIBYTE = 1 << 20;

  /** What may be kept for the next use, and some. */
  private static final long KEPT_BYTES = 66 * MEBIBYTE;

  /** The first and the last page of a block stay, because its neighbours or its header use them. */
  private static final long EDGE_BYTES = 2 * 4096;

  /** Elsewhere it is only used again. */
  private static final boolean GIVES_BACK = Platform.current().name().equals("linux");

  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  @Test
  void whatIsClosedIsUsedAgain() {
    try (var elsewhere = new Elsewhere();
        var last = SharedLong.create(0)) {
      var ends = new ArrayList<Long>();
      for (var round = 0; round < 1000; round++) {
        try (var value = SharedLong.create(round);
            var memory = SharedMemory.create(50_000)) {
          memory.memory().fill((byte) round);
          last.set(value.get());
        }
        ends.add(Blocks.end(elsewhere.family()));
      }
      assertThat(ends).containsOnly(ends.getFirst());
      assertThat(last.get()).isEqualTo(999);
      Blocks.check(elsewhere.family());
    }
  }

  @Test
  void pagesGoBackToTheSystem() throws Exception {
    try (var elsewhere = new Elsewhere()) {
      var blocks = 0;
      for (var bytes : new long[] {200 * MEBIBYTE, 500_000, 100_000, 20_000}) {
        var handles =
            IntStream.range(0, (int) (200 * MEBIBYTE / bytes))
                .mapToObj(i -> SharedMemory.create(bytes))
                .toList();
        blocks += handles.size();
        handles.forEach(handle -> handle.memory().fill((byte) 1));
        var memory = elsewhere.family().memory();
        assertThat(SharedPages.bytes(memory)).isGreaterThan(190 * MEBIBYTE);
        handles.forEach(SharedMemory::close);
        if (GIVES_BACK) {
          assertThat(SharedPages.bytes(memory))
              .as("after blocks of %d", bytes)
              .isLessThan(KEPT_BYTES + blocks * EDGE_BYTES);
          assertThat(Blocks.keptDirty(elsewhere.family())).isLessThan(KEPT_BYTES);
        }
        var end = Blocks.end(elsewhere.family());
        handles.stream()
            .map(handle -> SharedMemory.create(bytes))
            .toList()
            .forEach(SharedMemory::close);
        assertThat(Blocks.end(elsewhere.family())).as("used again").isEqualTo(end);
        Blocks.check(elsewhere.family());
      }
    }
  }

  @Test
  void memoryIsZeroWhateverWasThereBefore() {
    try (var elsewhere = new Elsewhere()) {
      var most = (int) MEBIBYTE - 256;
      close(filled(most));
      var smaller = SharedMemory.create(most * 2L / 3);
      fillWhatMayBeKept();
      smaller.close();
      try (var again = SharedMemory.create(most)) {
        assertZero(again);
      }
      var random = new Random(SEED);
      for (var round = 0; round < 300; round++) {
        try (var memory = SharedMemory.create(random.nextInt(1 << random.nextInt(22)))) {
          assertZero(memory);
          memory.memory().fill((byte) 7);
        }
      }
      Blocks.check(elsewhere.family());
    }
  }

  private static void fillWhatMayBeKept() {
    var handles = IntStream.range(0, 80).mapToObj(i -> filled((int) MEBIBYTE / 2)).toList();
    var others = IntStream.range(0, 80).mapToObj(i -> filled((int) MEBIBYTE / 4)).toList();
    handles.forEach(HeapTest::close);
    others.forEach(HeapTest::close);
  }

  private static SharedMemory filled(int bytes) {
    var memory = SharedMemory.create(bytes);
    memory.memory().fill((byte) 7);
    return memory;
  }

  private static void close(SharedMemory memory) {
    memory.close();
  }

  private static void assertZero(SharedMemory memory) {
    var zeros = MemorySegment.ofArray(new byte[Math.toIntExact(memory.byteSize())]);
    assertThat(memory.memory().mismatch(zeros))
        .as("the first byte that is not zero of %d; procession.seed=%d", memory.byteSize(), SEED)
        .isEqualTo(-1);
  }

  @Test
  void theHeapStaysWholeWhateverIsMadeSentAndClosed() {
    var random = new Random(SEED);
    try (var elsewhere = new Elsewhere()) {
      var before = Blocks.used(elsewhere.family());
      List<SharedMemory> handles = new ArrayList<>();
      for (var round = 0; round < 3000; round++) {
        switch (random.nextInt(5)) {
          case 0 -> handles.add(SharedMemory.create(random.nextInt(1 << random.nextInt(20))));
          case 1 ->
              handles.add(
                  elsewhere.act(
                      () -> SharedMemory.create(random.nextInt(1 << random.nextInt(20)))));
          case 2 -> {
            if (!handles.isEmpty()) {
              var sent = handles.get(random.nextInt(handles.size()));
              var arrived = elsewhere.handle(sent);
              if (!handles.contains(arrived)) {
                handles.add(arrived);
              }
            }
          }
          default -> {
            if (!handles.isEmpty()) {
              handles.remove(random.nextInt(handles.size())).close();
            }
          }
        }
        if (round % 100 == 0) {
          Blocks.check(elsewhere.family());
        }
      }
      handles.forEach(SharedMemory::close);
      Blocks.check(elsewhere.family());
      assertThat(Blocks.used(elsewhere.family())).as("procession.seed=%d", SEED).isEqualTo(before);
    }
  }
}
