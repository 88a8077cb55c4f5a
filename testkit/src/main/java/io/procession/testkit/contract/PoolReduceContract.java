package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.function.RemoteBiFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code reduce}, and the calls that take two inputs at once. */
public abstract class PoolReduceContract extends PoolContract {

  /** For subclasses. */
  protected PoolReduceContract() {}

  @Test
  void allItemsAreCombined() {
    try (var pool = pool(2)) {
      assertThat(pool.reduce(Integer::sum, List.of(1, 2, 3))).contains(6);
      assertThat(pool.reduce(Math::max, new Integer[] {1, 3, 2})).contains(3);
      assertThat(pool.reduce(Integer::sum, IntStream.range(0, 60_000))).contains(1_799_970_000);
      assertThat(pool.reduce(0, Integer::sum, IntStream.rangeClosed(1, 100))).isEqualTo(5050);
      assertThat(pool.reduce(1L, (a, b) -> a * b, new Long[] {2L, 3L})).isEqualTo(6);
      assertThat(
              pool.reduce(0, (sum, word) -> sum + word.length(), Integer::sum, List.of("a", "bc")))
          .isEqualTo(3);
    }
  }

  @Test
  void nothingGivesNothingOrTheIdentity() {
    try (var pool = pool(1)) {
      assertThat(pool.reduce(Integer::sum, List.<Integer>of())).isEmpty();
      assertThat(pool.reduce(7, Integer::sum, List.<Integer>of())).isEqualTo(7);
      assertThat(pool.reduce("-", (a, n) -> a + n, String::concat, List.<Integer>of()))
          .isEqualTo("-");
    }
  }

  @Test
  void oneItemIsNotCombined() {
    RemoteBiFunction<Integer, Integer, Integer> never =
        (a, b) -> {
          throw new CheckedException("there is only one");
        };
    try (var pool = pool(1)) {
      assertThat(pool.reduce(never, List.of(5))).contains(5);
    }
  }

  @Test
  void neighboursAreCombinedInTheirOrder() {
    try (var pool = pool(3)) {
      for (var count : List.of(1, 2, 3, 7, 100, 3000)) {
        var words = IntStream.range(0, count).mapToObj(n -> n + ",").toList();
        var wanted = words.stream().collect(Collectors.joining());
        assertThat(pool.reduce(String::concat, words)).contains(wanted);
        assertThat(pool.reduce("", String::concat, words)).isEqualTo(wanted);
        for (var size : List.of(1, 2, 1000)) {
          assertThat(pool.withChunkSize(size).reduce(String::concat, words)).contains(wanted);
        }
        assertThat(
                pool.reduce(
                    List.<String>of(),
                    (list, word) -> with(list, List.of(word)),
                    PoolReduceContract::with,
                    words))
            .isEqualTo(words);
      }
    }
  }

  private static List<String> with(List<String> list, List<String> more) {
    var longer = new ArrayList<>(list);
    longer.addAll(more);
    return longer;
  }

  @Test
  void countsOfWordsAreMerged() {
    var words = IntStream.range(0, 5000).mapToObj(n -> "w" + n % 17).toList();
    var wanted = words.stream().collect(Collectors.groupingBy(w -> w, Collectors.counting()));
    try (var pool = pool(2)) {
      var counts =
          pool.<String, Map<String, Long>>reduce(
              new HashMap<>(),
              (map, word) -> merged(map, Map.of(word, 1L)),
              PoolReduceContract::merged,
              words);
      assertThat(counts).isEqualTo(wanted);
    }
  }

  private static Map<String, Long> merged(Map<String, Long> map, Map<String, Long> more) {
    var sum = new HashMap<>(map);
    more.forEach((word, count) -> sum.merge(word, count, Long::sum));
    return sum;
  }

  @Test
  void itemsAndPartsMayBeNull() {
    RemoteBiFunction<@Nullable Integer, @Nullable Integer, @Nullable Integer> sum =
        (a, b) -> a == null || b == null ? null : Integer.valueOf(a + b);
    try (var pool = pool(1)) {
      assertThat(pool.<@Nullable Integer>reduce(1, sum, java.util.Arrays.asList(1, null, 2)))
          .isNull();
      assertThatThrownBy(
              () -> pool.<@Nullable Integer>reduce(sum, java.util.Arrays.asList(1, null, 2)))
          .isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void aFailureIsThrown() {
    try (var pool = pool(2)) {
      assertThatThrownBy(() ->
              pool.reduce(
                  (a, b) -> {
                    throw new CheckedException("no");
                  },
                  IntStream.range(0, 1000)))
          .isExactlyInstanceOf(CompletionException.class)
          .hasCauseExactlyInstanceOf(CheckedException.class);
      assertThatThrownBy(() ->
              pool.reduce(
                  0,
                  (a, b) -> {
                    throw new IllegalStateException("no");
                  },
                  IntStream.range(0, 10)))
          .isExactlyInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() ->
              pool.reduce(
                  PoolContract.<RemoteBiFunction<Integer, Integer, Integer>>nothing(), List.of(1)))
          .isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void afterCloseNothingIsReduced() {
    var pool = pool(1);
    pool.close();
    assertThatThrownBy(() -> pool.reduce(Integer::sum, List.of(1, 2)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void twoInputsAtOnceEndWithTheShorter() {
    var flags = List.of(flag("a"), flag("b"), flag("c"));
    try (var pool = pool(2)) {
      var tasks = pool.mapAsync((a, b) -> a + b, List.of("a", "b", "c"), List.of(1, 2));
      assertThat(tasks).extracting(task -> task.join()).containsExactly("a1", "b2");
      pool.forEach(
          (flag, wanted) -> {
            if (wanted) {
              flag.raise();
            }
          },
          flags,
          List.of(true, false));
      assertThat(flags).extracting(Flag::isRaised).containsExactly(true, false, false);
    }
  }
}
