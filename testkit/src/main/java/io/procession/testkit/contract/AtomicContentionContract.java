package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedDoubleArray;
import io.procession.shared.SharedIntArray;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedLongArray;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What several processes change at the same time is changed by one after the other. */
public abstract class AtomicContentionContract extends SharedContract {

  private static final int ROUNDS = 20_000;

  /** In how many ways a value is set if it is what is expected. */
  private static final int SWAPS = 8;

  /** For subclasses. */
  protected AtomicContentionContract() {}

  private static boolean add(SharedLong value, SharedIntArray ints, int times) {
    for (var i = 0; i < times; i++) {
      value.getAndIncrement();
      value.incrementAndGet();
      value.getAndDecrement();
      value.decrementAndGet();
      value.getAndAdd(3);
      value.addAndGet(-2);
      ints.getAndIncrement(0);
      ints.incrementAndGet(1);
      ints.getAndDecrement(2);
      ints.decrementAndGet(3);
      ints.getAndAdd(4, 2);
      ints.addAndGet(5, 2);
      ints.getAndUpdate(6, v -> v + 1);
      ints.updateAndGet(7, v -> v + 1);
      ints.getAndAccumulate(8, 1, Integer::sum);
      ints.accumulateAndGet(9, 1, Integer::sum);
    }
    return true;
  }

  private static boolean add(SharedLongArray longs, SharedDoubleArray doubles, int times) {
    for (var i = 0; i < times; i++) {
      longs.getAndIncrement(0);
      longs.incrementAndGet(1);
      longs.getAndDecrement(2);
      longs.decrementAndGet(3);
      longs.getAndAdd(4, 2);
      longs.addAndGet(5, 2);
      longs.getAndUpdate(6, v -> v + 1);
      longs.updateAndGet(7, v -> v + 1);
      longs.getAndAccumulate(8, 1, Long::sum);
      longs.accumulateAndGet(9, 1, Long::sum);
      doubles.getAndAdd(0, 0.5);
      doubles.addAndGet(1, 0.5);
      doubles.getAndUpdate(2, v -> v + 1);
      doubles.updateAndGet(3, v -> v + 1);
      doubles.getAndAccumulate(4, 1, Double::sum);
      doubles.accumulateAndGet(5, 1, Double::sum);
    }
    return true;
  }

  @Test
  void nothingThatIsAddedIsLost() throws Exception {
    try (var party = party();
        var another = party();
        var value = SharedLong.create(0);
        var ints = SharedIntArray.create(10);
        var longs = SharedLongArray.create(10);
        var doubles = SharedDoubleArray.create(6)) {
      var there = party.begin(() -> add(value, ints, ROUNDS) && add(longs, doubles, ROUNDS));
      var elsewhere = another.begin(() -> add(longs, doubles, ROUNDS) && add(value, ints, ROUNDS));
      var here = start(() -> add(value, ints, ROUNDS) && add(longs, doubles, ROUNDS));
      here.get();
      there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      elsewhere.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      var n = 3 * ROUNDS;
      assertThat(value.get()).isEqualTo(n);
      assertThat(ints.toArray()).containsExactly(n, n, -n, -n, 2 * n, 2 * n, n, n, n, n);
      assertThat(longs.toArray()).containsExactly(n, n, -n, -n, 2 * n, 2 * n, n, n, n, n);
      assertThat(doubles.toArray()).containsExactly(n / 2.0, n / 2.0, n, n, n, n);
    }
  }

  /** Sets an element, if it is what is expected, in one of the ways there are. */
  @FunctionalInterface
  private interface Swap<S> {
    boolean swap(S shared, int index, int expected, int next);
  }

  private static final List<Swap<SharedLong>> OF_LONG =
      List.of(
          (s, i, e, n) -> s.compareAndSet(e, n),
          (s, i, e, n) -> s.compareAndExchange(e, n) == e,
          (s, i, e, n) -> s.compareAndExchangeAcquire(e, n) == e,
          (s, i, e, n) -> s.compareAndExchangeRelease(e, n) == e,
          (s, i, e, n) -> s.weakCompareAndSetPlain(e, n),
          (s, i, e, n) -> s.weakCompareAndSetVolatile(e, n),
          (s, i, e, n) -> s.weakCompareAndSetAcquire(e, n),
          (s, i, e, n) -> s.weakCompareAndSetRelease(e, n));

  private static final List<Swap<SharedIntArray>> OF_INTS =
      List.of(
          (s, i, e, n) -> s.compareAndSet(i, e, n),
          (s, i, e, n) -> s.compareAndExchange(i, e, n) == e,
          (s, i, e, n) -> s.compareAndExchangeAcquire(i, e, n) == e,
          (s, i, e, n) -> s.compareAndExchangeRelease(i, e, n) == e,
          (s, i, e, n) -> s.weakCompareAndSetPlain(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetVolatile(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetAcquire(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetRelease(i, e, n));

  private static final List<Swap<SharedLongArray>> OF_LONGS =
      List.of(
          (s, i, e, n) -> s.compareAndSet(i, e, n),
          (s, i, e, n) -> s.compareAndExchange(i, e, n) == e,
          (s, i, e, n) -> s.compareAndExchangeAcquire(i, e, n) == e,
          (s, i, e, n) -> s.compareAndExchangeRelease(i, e, n) == e,
          (s, i, e, n) -> s.weakCompareAndSetPlain(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetVolatile(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetAcquire(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetRelease(i, e, n));

  private static final List<Swap<SharedDoubleArray>> OF_DOUBLES =
      List.of(
          (s, i, e, n) -> s.compareAndSet(i, e, n),
          (s, i, e, n) -> s.compareAndExchange(i, e, n) == e,
          (s, i, e, n) -> s.compareAndExchangeAcquire(i, e, n) == e,
          (s, i, e, n) -> s.compareAndExchangeRelease(i, e, n) == e,
          (s, i, e, n) -> s.weakCompareAndSetPlain(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetVolatile(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetAcquire(i, e, n),
          (s, i, e, n) -> s.weakCompareAndSetRelease(i, e, n));

  /** How often each way of swapping set something. */
  private static long[] swap(
      SharedLong value,
      SharedIntArray ints,
      SharedLongArray longs,
      SharedDoubleArray doubles,
      int times) {
    var won = new long[4 * SWAPS];
    for (var i = 0; i < times; i++) {
      var way = i % SWAPS;
      var last = (int) value.get();
      won[way] += OF_LONG.get(way).swap(value, 0, last, last + 1) ? 1 : 0;
      var lastInt = ints.get(way);
      won[SWAPS + way] += OF_INTS.get(way).swap(ints, way, lastInt, lastInt + 1) ? 1 : 0;
      var lastLong = (int) longs.get(way);
      won[2 * SWAPS + way] += OF_LONGS.get(way).swap(longs, way, lastLong, lastLong + 1) ? 1 : 0;
      var lastDouble = (int) doubles.get(way);
      won[3 * SWAPS + way] +=
          OF_DOUBLES.get(way).swap(doubles, way, lastDouble, lastDouble + 1) ? 1 : 0;
    }
    return won;
  }

  @Test
  void whatIsComparedIsSetByOneOnly() throws Exception {
    try (var party = party();
        var value = SharedLong.create(0);
        var ints = SharedIntArray.create(SWAPS);
        var longs = SharedLongArray.create(SWAPS);
        var doubles = SharedDoubleArray.create(SWAPS)) {
      var there = party.begin(() -> swap(value, ints, longs, doubles, 4 * ROUNDS));
      var won = swap(value, ints, longs, doubles, 4 * ROUNDS);
      var wonThere = there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      Arrays.setAll(won, i -> won[i] + wonThere[i]);
      assertThat(Arrays.stream(won, 0, SWAPS).sum()).isEqualTo(value.get());
      for (var way = 0; way < SWAPS; way++) {
        assertThat(won[SWAPS + way]).as("ints, way %d", way).isEqualTo(ints.get(way));
        assertThat(won[2 * SWAPS + way]).as("longs, way %d", way).isEqualTo(longs.get(way));
        assertThat((double) won[3 * SWAPS + way])
            .as("doubles, %d", way)
            .isEqualTo(doubles.get(way));
        assertThat(ints.get(way)).isPositive();
      }
    }
  }

  /** Gives what it got for its own numbers. */
  private static long[] exchange(
      SharedLong value, SharedLongArray longs, SharedIntArray ints, int first, int count) {
    var got = new long[3 * count];
    for (var i = 0; i < count; i++) {
      got[3 * i] = value.getAndSet(first + i);
      got[3 * i + 1] = longs.getAndSet(0, first + i);
      got[3 * i + 2] = ints.getAndSet(0, first + i);
    }
    return got;
  }

  @Test
  void whatIsExchangedIsGotByOneOnly() throws Exception {
    try (var party = party();
        var value = SharedLong.create(0);
        var longs = SharedLongArray.create(1);
        var ints = SharedIntArray.create(1)) {
      var there = party.begin(() -> exchange(value, longs, ints, 1 + ROUNDS, ROUNDS));
      var here = exchange(value, longs, ints, 1, ROUNDS);
      var all = there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      var last = new long[] {value.get(), longs.get(0), ints.get(0)};
      for (var kind = 0; kind < last.length; kind++) {
        var own = kind;
        var got =
            LongStream.range(0, ROUNDS)
                .flatMap(i -> LongStream.of(here[3 * (int) i + own], all[3 * (int) i + own]));
        assertThat(LongStream.concat(got, LongStream.of(last[kind])).sorted().toArray())
            .isEqualTo(LongStream.rangeClosed(0, 2 * ROUNDS).toArray());
      }
    }
  }

  /** Offers numbers of which the largest stays, and gives whether it only ever saw larger ones. */
  private static boolean raise(SharedLong value, SharedDoubleArray doubles, int first) {
    var last = 0L;
    for (var number = first; number < 2 * ROUNDS; number += 2) {
      var now = value.accumulateAndGet(number, Math::max);
      var nowDouble = doubles.accumulateAndGet(0, number, Math::max);
      if (now < last || now < number || nowDouble < number) {
        return false;
      }
      last = now;
    }
    return true;
  }

  @Test
  void theLargestStays() throws Exception {
    try (var party = party();
        var value = SharedLong.create(0);
        var doubles = SharedDoubleArray.create(1)) {
      var there = party.begin(() -> raise(value, doubles, 1));
      assertThat(raise(value, doubles, 0)).isTrue();
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(value.get()).isEqualTo(2 * ROUNDS - 1);
      assertThat(doubles.get(0)).isEqualTo(2 * ROUNDS - 1);
    }
  }
}
