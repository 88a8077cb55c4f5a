package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.function.RemoteFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code stream}, {@code streamUnordered} and their gatherers, as long as nothing fails. */
public abstract class PoolStreamContract extends PoolContract {

  /** For subclasses. */
  protected PoolStreamContract() {}

  @Test
  void everyKindOfInputIsStreamedInItsOrder() {
    try (var pool = pool(2)) {
      assertThat(pool.stream(n -> n * n, Stream.of(3, 1, 2))).containsExactly(9, 1, 4);
      assertThat(pool.stream(n -> n * n, List.of(3, 1, 2))).containsExactly(9, 1, 4);
      assertThat(pool.stream(s -> s + "!", new String[] {"a", "b"})).containsExactly("a!", "b!");
      assertThat(pool.stream(n -> n * 10, IntStream.range(0, 4))).containsExactly(0, 10, 20, 30);
      assertThat(pool.stream((a, b) -> a + b, List.of("a", "b", "c"), List.of(1, 2)))
          .containsExactly("a1", "b2");
      assertThat(Stream.of(3, 1, 2).gather(pool.mapping(n -> n * n))).containsExactly(9, 1, 4);
    }
  }

  @Test
  void everyKindOfInputIsStreamedAsItComes() {
    try (var pool = pool(2)) {
      assertThat(pool.streamUnordered(n -> n * n, Stream.of(3, 1, 2)))
          .containsExactlyInAnyOrder(9, 1, 4);
      assertThat(pool.streamUnordered(n -> n * n, List.of(3, 1, 2)))
          .containsExactlyInAnyOrder(9, 1, 4);
      assertThat(pool.streamUnordered(s -> s + "!", new String[] {"a", "b"}))
          .containsExactlyInAnyOrder("a!", "b!");
      assertThat(pool.streamUnordered(n -> n * 10, IntStream.range(0, 4)))
          .containsExactlyInAnyOrder(0, 10, 20, 30);
      assertThat(pool.streamUnordered((a, b) -> a + b, List.of("a", "b", "c"), List.of(1, 2)))
          .containsExactlyInAnyOrder("a1", "b2");
      assertThat(Stream.of(3, 1, 2).gather(pool.mappingUnordered(n -> n * n)))
          .containsExactlyInAnyOrder(9, 1, 4);
    }
  }

  @Test
  void noItemsGiveNoResults() {
    try (var pool = pool(1)) {
      assertThat(pool.stream(n -> n * n, List.<Integer>of())).isEmpty();
      assertThat(pool.streamUnordered(n -> n * n, Stream.<Integer>of())).isEmpty();
      assertThat(Stream.<Integer>of().gather(pool.mapping(n -> n * n))).isEmpty();
    }
  }

  @Test
  void itemsAndResultsMayBeNull() {
    RemoteFunction<@Nullable String, @Nullable String> swap =
        text -> text == null ? "was null" : null;
    try (var pool = pool(2)) {
      var items = Arrays.<@Nullable String>asList("a", null, "b");
      assertThat(pool.<@Nullable String, @Nullable String>stream(swap, items).toList())
          .containsExactly(null, "was null", null);
      assertThat(
              items.stream()
                  .gather(pool.<@Nullable String, @Nullable String>mapping(swap))
                  .toList())
          .containsExactly(null, "was null", null);
    }
  }

  @Test
  void manySmallItemsKeepTheirOrder() {
    try (var pool = pool(2)) {
      var results = pool.stream(n -> n + 1, IntStream.range(0, 100_000)).toList();
      assertThat(results).isEqualTo(IntStream.rangeClosed(1, 100_000).boxed().toList());
      var gathered = IntStream.range(0, 100_000).boxed().gather(pool.mapping(n -> n + 1)).toList();
      assertThat(gathered).isEqualTo(results);
      var unordered = pool.streamUnordered(n -> n + 1, IntStream.range(0, 100_000)).toList();
      assertThat(unordered).hasSize(100_000);
      assertThat(new HashSet<>(unordered)).isEqualTo(new HashSet<>(results));
    }
  }

  @Test
  void itemsThatTakeUnequalTimesKeepTheirOrder() {
    RemoteFunction<Integer, Integer> uneven =
        n -> {
          Thread.sleep(n % 7 == 0 ? 20 : 0);
          return n;
        };
    var wanted = IntStream.range(0, 100).boxed().toList();
    try (var pool = pool(3)) {
      assertThat(pool.stream(uneven, wanted).toList()).isEqualTo(wanted);
      assertThat(wanted.stream().gather(pool.mapping(uneven)).toList()).isEqualTo(wanted);
    }
  }

  @Test
  void nothingHappensBeforeAResultIsWanted() {
    var touched = new AtomicInteger();
    Iterable<Integer> items =
        () -> {
          touched.incrementAndGet();
          return List.of(1, 2).iterator();
        };
    try (var pool = pool(1)) {
      var results = pool.stream(n -> n + 1, items);
      var peeked = pool.stream(n -> n + 1, Stream.of(1, 2).peek(n -> touched.incrementAndGet()));
      assertThat(touched.get()).isZero();
      assertThat(results.toList()).containsExactly(2, 3);
      assertThat(touched.get()).isEqualTo(1);
      assertThat(peeked.toList()).containsExactly(2, 3);
      assertThat(touched.get()).isEqualTo(3);
    }
  }

  @Test
  void noMoreThanTheWindowIsBetweenInputAndOutput() {
    try (var pool = pool(2)) {
      for (var window : List.of(1, 2, 3, 16, 1000)) {
        var view = pool.withWindow(window);
        for (var unordered : List.of(false, true)) {
          var taken = new AtomicLong();
          var seen = new AtomicLong();
          var most = new AtomicLong();
          var items =
              Stream.iterate(0, n -> n + 1)
                  .limit(3000)
                  .peek(
                      n -> most.accumulateAndGet(taken.incrementAndGet() - seen.get(), Math::max));
          var results =
              unordered ? view.streamUnordered(n -> n, items) : view.stream(n -> n, items);
          assertThat(results.peek(n -> seen.incrementAndGet()).count()).isEqualTo(3000);
          // The one whose result the reader has, but not yet asked for the next, may be counted.
          assertThat(most.get()).as("window=%d", window).isLessThanOrEqualTo(window);
        }
      }
    }
  }

  @Test
  void aGathererKeepsToTheWindow() {
    try (var pool = pool(2)) {
      var five = pool.withWindow(5);
      var taken = new AtomicLong();
      var seen = new AtomicLong();
      var most = new AtomicLong();
      var count =
          IntStream.range(0, 2000)
              .boxed()
              .peek(n -> taken.incrementAndGet())
              .gather(five.mapping(n -> n))
              .peek(n -> {
                most.accumulateAndGet(taken.get() - seen.getAndIncrement(), Math::max);
              })
              .count();
      assertThat(count).isEqualTo(2000);
      // One more is in the hands of the thread that waits for room.
      assertThat(most.get()).isLessThanOrEqualTo(6);
    }
  }

  @Test
  void anEndlessInputIsReadAsFarAsIsWanted() {
    try (var pool = pool(2)) {
      assertThat(pool.stream(n -> 2 * n, Stream.iterate(0, n -> n + 1)).limit(1000))
          .isEqualTo(IntStream.range(0, 1000).map(n -> 2 * n).boxed().toList());
      assertThat(Stream.iterate(0, n -> n + 1).gather(pool.mapping(n -> 2 * n)).limit(1000))
          .isEqualTo(IntStream.range(0, 1000).map(n -> 2 * n).boxed().toList());
      assertThat(pool.streamUnordered(n -> n, Stream.iterate(0, n -> n + 1)).anyMatch(n -> n > 500))
          .isTrue();
      assertThat(pool.map(n -> n + 1, List.of(1))).containsExactly(2);
    }
  }

  @Test
  void aSlowReaderSlowsTheInput() {
    var taken = new AtomicInteger();
    var items = Stream.generate(taken::incrementAndGet);
    try (var pool = pool(1);
        var results = pool.withWindow(8).stream(n -> n, items)) {
      Iterator<Integer> each = results.iterator();
      for (var n = 1; n <= 200; n++) {
        assertThat(each.next()).isEqualTo(n);
        assertThat(taken.get()).isBetween(n, n + 8);
      }
    }
  }

  @Test
  void aSlowInputIsNotWaitedForInVain() {
    var taken = new AtomicInteger();
    try (var pool = pool(1)) {
      pool.map(n -> n, IntStream.range(0, 10_000)); // items are known to be quick
      var items =
          Stream.generate(() -> {
            pause();
            return taken.incrementAndGet();
          });
      try (var results = pool.stream(n -> n, items)) {
        Iterator<Integer> each = results.iterator();
        for (var n = 1; n <= 20; n++) {
          assertThat(each.next()).isEqualTo(n);
          assertThat(taken.get()).isLessThan(n + 10);
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aParallelStreamKeepsOrderAndContent() {
    var wanted = IntStream.range(0, 5000).map(n -> n * 3).boxed().toList();
    try (var pool = pool(2)) {
      var items = IntStream.range(0, 5000).boxed().toList();
      assertThat(pool.stream(n -> n * 3, items.parallelStream()).toList()).isEqualTo(wanted);
      assertThat(pool.stream(n -> n * 3, items).parallel().map(n -> n).toList()).isEqualTo(wanted);
      assertThat(pool.stream(n -> n * 3, items.parallelStream().sorted()).parallel().toList())
          .isEqualTo(wanted);
      assertThat(items.parallelStream().gather(pool.mapping(n -> n * 3)).toList())
          .isEqualTo(wanted);
      assertThat(items.parallelStream().gather(pool.mappingUnordered(n -> n * 3)).toList())
          .containsExactlyInAnyOrderElementsOf(wanted);
      assertThat(pool.streamUnordered(n -> n, items).parallel().mapToLong(n -> n).sum())
          .isEqualTo(4999L * 5000 / 2);
    }
  }

  @Test
  void aGathererCanBeUsedAgain() {
    try (var pool = pool(2)) {
      var twice = pool.<Integer, Integer>mapping(n -> 2 * n);
      assertThat(Stream.of(1, 2).gather(twice)).containsExactly(2, 4);
      assertThat(Stream.of(3).gather(twice).gather(twice)).containsExactly(12);
      assertThat(Stream.of(1, 2).gather(twice.andThen(pool.mapping(n -> n + 1))))
          .containsExactly(3, 5);
    }
  }

  @Test
  void severalStreamsRunAtOnce() {
    try (var pool = pool(2)) {
      var streams = new ArrayList<Iterator<Integer>>();
      for (var i = 0; i < 5; i++) {
        var base = i * 1000;
        streams.add(pool.stream(n -> n + base, IntStream.range(0, 500)).iterator());
      }
      for (var n = 0; n < 500; n++) {
        for (var i = 0; i < 5; i++) {
          assertThat(streams.get(i).next()).isEqualTo(i * 1000 + n);
        }
      }
      assertThat(streams).noneMatch(Iterator::hasNext);
    }
  }

  @Test
  void aStreamOfStreamsRuns() {
    try (var pool = pool(2)) {
      var inner = pool.stream(n -> n + 1, IntStream.range(0, 1000));
      assertThat(pool.stream(n -> n * 2, inner).mapToLong(n -> n).sum()).isEqualTo(1001L * 1000);
    }
  }

  @Test
  void chunkSizeAndWindowChangeNothingButTheWayThere() {
    var items = IntStream.range(0, 1000).boxed().toList();
    var wanted = items.stream().map(n -> n * 2).toList();
    try (var pool = pool(2)) {
      for (var size : List.of(1, 7, 1000, Integer.MAX_VALUE)) {
        for (var window : List.of(1, 10, Integer.MAX_VALUE)) {
          var view = pool.withChunkSize(size).withWindow(window);
          assertThat(view.stream(n -> n * 2, items).toList()).isEqualTo(wanted);
          assertThat(items.stream().gather(view.mapping(n -> n * 2)).toList()).isEqualTo(wanted);
        }
        assertThat(pool.withChunkSize(size).stream(n -> n * 2, items).toList()).isEqualTo(wanted);
      }
      assertThatThrownBy(() -> pool.withWindow(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("window=0");
    }
  }
}
