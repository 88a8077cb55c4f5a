package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.function.RemoteFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code Pool.map} and {@code forEach}, as long as nothing fails. */
public abstract class PoolMapContract extends PoolContract {

  /** For subclasses. */
  protected PoolMapContract() {}

  @Test
  void everyKindOfInputIsMappedInItsOrder() {
    try (var pool = pool(2)) {
      assertThat(pool.map(n -> n * n, List.of(3, 1, 2))).containsExactly(9, 1, 4);
      assertThat(pool.map(s -> s + "!", new String[] {"a", "b"})).containsExactly("a!", "b!");
      assertThat(pool.map(n -> n + 1, new int[] {1, 2, 3})).containsExactly(2, 3, 4);
      assertThat(pool.map(n -> n + 1, new long[] {1L << 40, 2}))
          .containsExactly((1L << 40) + 1, 3L);
      assertThat(pool.map(n -> n / 2, new double[] {1, 3})).containsExactly(0.5, 1.5);
      assertThat(pool.map(n -> n * 10, IntStream.range(0, 4))).containsExactly(0, 10, 20, 30);
      Iterable<Integer> onlyIterable = () -> List.of(5, 6).iterator();
      assertThat(pool.map(PoolContract::square, onlyIterable)).containsExactly(25, 36);
    }
  }

  @Test
  void noItemsGiveNoResults() {
    try (var pool = pool(1)) {
      assertThat(pool.map(n -> n * n, List.<Integer>of())).isEmpty();
      assertThat(pool.map(n -> n * n, new int[0])).isEmpty();
      assertThat(pool.map((a, b) -> a + b, List.of(1), List.<Integer>of())).isEmpty();
      assertThat(pool.mapAsync(n -> n * n, List.<Integer>of())).isEmpty();
    }
  }

  @Test
  void twoInputsEndWithTheShorter() {
    try (var pool = pool(2)) {
      assertThat(pool.map((a, b) -> a + b, List.of("a", "b", "c"), List.of(1, 2)))
          .containsExactly("a1", "b2");
      assertThat(pool.map((a, b) -> a * b, List.of(2, 3), List.of(5, 7, 11)))
          .containsExactly(10, 21);
    }
  }

  @Test
  void itemsAndResultsMayBeNull() {
    RemoteFunction<@Nullable String, @Nullable String> swap =
        text -> text == null ? "was null" : null;
    try (var pool = pool(2)) {
      assertThat(pool.<@Nullable String, @Nullable String>map(swap, Arrays.asList("a", null, "b")))
          .containsExactly(null, "was null", null);
    }
  }

  @Test
  void manySmallItemsKeepTheirOrder() {
    try (var pool = pool(2)) {
      var results = pool.map(n -> n + 1L, IntStream.range(0, 100_000));
      assertThat(results).hasSize(100_000);
      assertThat(results.getFirst()).isEqualTo(1L);
      assertThat(new HashSet<>(results)).hasSize(100_000);
      assertThat(results).isSorted();
    }
  }

  @Test
  void itemsThatTakeUnequalTimesKeepTheirOrder() {
    try (var pool = pool(3)) {
      var results =
          pool.map(
              n -> {
                Thread.sleep(n % 7 == 0 ? 20 : 0);
                return n;
              },
              IntStream.range(0, 100));
      assertThat(results).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }
  }

  @Test
  void aChunkSizeChangesNothingButTheWayThere() {
    var items = IntStream.range(0, 1000).boxed().toList();
    var wanted = items.stream().map(n -> n * 2).toList();
    try (var pool = pool(2)) {
      for (var size : List.of(1, 7, 1000, 5000)) {
        var view = pool.withChunkSize(size);
        assertThat(view.map(n -> n * 2, items)).as("chunkSize=%d", size).isEqualTo(wanted);
        var tasks = view.mapAsync(n -> n * 2, items);
        assertThat(tasks.stream().map(task -> task.join()).toList()).isEqualTo(wanted);
      }
    }
  }

  @Test
  void aChunkSizeMustBePositive() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> pool.withChunkSize(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("chunkSize=0");
    }
  }

  @Test
  void theResultIsTheCallersOwn() {
    try (var pool = pool(1)) {
      var results = pool.map(n -> n, List.of(3, 1, 2));
      Collections.sort(results);
      results.add(4);
      assertThat(results).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void forEachRunsTheActionOnEachItemBeforeItReturns() throws Exception {
    var flags = List.of(flag("a"), flag("b"), flag("c"), flag("d"), flag("e"));
    var array = flags.subList(2, 4).toArray(Flag[]::new);
    var directoryName = directory.toString();
    try (var pool = pool(2)) {
      pool.forEach(Flag::raise, flags.subList(0, 2));
      assertThat(flags.subList(0, 2)).allMatch(Flag::isRaised);
      assertThat(flags.subList(2, 5)).noneMatch(Flag::isRaised);

      pool.forEach(Flag::raise, array);
      pool.forEach(
          n -> new Flag(directoryName + "/" + (char) n.intValue()).raise(), IntStream.of('e'));
      assertThat(flags).allMatch(Flag::isRaised);
    }
  }

  @Test
  void theInputIsReadWhileTheWorkersAreBusy() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var first = flag("first");
    Iterable<Integer> items =
        () ->
            IntStream.range(0, 200)
                .mapToObj(n -> {
                  if (n == 199) {
                    awaitFlag(first);
                  }
                  return n;
                })
                .iterator();
    try (var pool = pool(1)) {
      var results =
          pool.map(
              n -> {
                first.raise();
                return n;
              },
              items);
      assertThat(results).hasSize(200);
    }
  }

  private static void awaitFlag(Flag flag) {
    try {
      flag.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void severalCallersMapAtOnce() throws Exception {
    var wanted = IntStream.range(0, 2000).map(n -> n * 3).boxed().toList();
    try (var pool = pool(2)) {
      var results = Collections.synchronizedList(new ArrayList<List<Integer>>());
      var callers = new ArrayList<Thread>();
      for (var i = 0; i < 8; i++) {
        callers.add(
            Thread.ofVirtual()
                .start(() -> results.add(pool.map(n -> n * 3, IntStream.range(0, 2000)))));
      }
      for (var caller : callers) {
        caller.join();
      }
      assertThat(results).hasSize(8).allMatch(wanted::equals);
    }
  }

  @Test
  void aNullFunctionIsRefused() {
    try (var pool = pool(1)) {
      assertThatThrownBy(
              () -> pool.map(PoolContract.<RemoteFunction<Integer, Integer>>nothing(), List.of(1)))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() ->
              pool.mapAsync(PoolContract.<RemoteFunction<Integer, Integer>>nothing(), List.of(1)))
          .isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void afterCloseNothingIsMapped() {
    var pool = pool(1);
    pool.close();
    assertThatThrownBy(() -> pool.map(n -> n, List.of(1)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.mapAsync(n -> n, List.of(1)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.forEach(n -> {}, List.of(1)))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
