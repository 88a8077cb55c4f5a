package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedDoubleArray;
import io.procession.shared.SharedIntArray;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedLongArray;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random operations, here and elsewhere by turns, do what they do to the JDK's twin. {@code
 * procession.seed} repeats a run.
 */
public abstract class TwinContract extends SharedContract {

  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());
  private static final int TURNS = 500;
  private static final int MOST_OPERATIONS = 60;

  /** For subclasses. */
  protected TwinContract() {}

  /** Somebody who does some operations and tells what they gave. */
  @FunctionalInterface
  private interface Turn {
    List<Object> take(long seed, int count) throws Exception;
  }

  private static void compare(Object shared, Object twin, Turn here, Turn there, Turn atTwin)
      throws Exception {
    var random = new Random(SEED);
    for (var turn = 0; turn < TURNS; turn++) {
      var seed = random.nextLong();
      var count = 1 + random.nextInt(MOST_OPERATIONS);
      var actual = (random.nextBoolean() ? here : there).take(seed, count);
      assertThat(actual)
          .as("turn %d; procession.seed=%d", turn, SEED)
          .isEqualTo(atTwin.take(seed, count));
      assertThat(shared.toString()).as("procession.seed=%d", SEED).isEqualTo(twin.toString());
    }
  }

  @Test
  void aLongIsAnAtomicLong() throws Exception {
    var twin = new AtomicLong(3);
    try (var party = party();
        var shared = SharedLong.create(3)) {
      compare(
          shared,
          twin,
          (seed, count) -> Operation.onShared(LongOperations.ALL, shared, seed, count),
          (seed, count) ->
              party.call(() -> Operation.onShared(LongOperations.ALL, shared, seed, count)),
          (seed, count) -> Operation.onTwin(LongOperations.ALL, twin, seed, count));
    }
  }

  @Test
  void anArrayOfIntIsAnAtomicIntegerArray() throws Exception {
    var twin = new AtomicIntegerArray(Operation.LENGTH);
    try (var party = party();
        var shared = SharedIntArray.create(Operation.LENGTH)) {
      compare(
          shared,
          twin,
          (seed, count) -> Operation.onShared(IntArrayOperations.ALL, shared, seed, count),
          (seed, count) ->
              party.call(() -> Operation.onShared(IntArrayOperations.ALL, shared, seed, count)),
          (seed, count) -> Operation.onTwin(IntArrayOperations.ALL, twin, seed, count));
    }
  }

  @Test
  void anArrayOfLongIsAnAtomicLongArray() throws Exception {
    var twin = new AtomicLongArray(Operation.LENGTH);
    try (var party = party();
        var shared = SharedLongArray.create(Operation.LENGTH)) {
      compare(
          shared,
          twin,
          (seed, count) -> Operation.onShared(LongArrayOperations.ALL, shared, seed, count),
          (seed, count) ->
              party.call(() -> Operation.onShared(LongArrayOperations.ALL, shared, seed, count)),
          (seed, count) -> Operation.onTwin(LongArrayOperations.ALL, twin, seed, count));
    }
  }

  @Test
  void anArrayOfDoubleIsAnAtomicLongArrayOfItsBits() throws Exception {
    var twin = new AtomicLongArray(Operation.LENGTH);
    var text =
        new Object() {
          @Override
          public String toString() {
            return Arrays.toString(
                IntStream.range(0, Operation.LENGTH)
                    .mapToDouble(i -> Double.longBitsToDouble(twin.get(i)))
                    .toArray());
          }
        };
    try (var party = party();
        var shared = SharedDoubleArray.create(Operation.LENGTH)) {
      compare(
          shared,
          text,
          (seed, count) -> Operation.onShared(DoubleArrayOperations.ALL, shared, seed, count),
          (seed, count) ->
              party.call(() -> Operation.onShared(DoubleArrayOperations.ALL, shared, seed, count)),
          (seed, count) -> Operation.onTwin(DoubleArrayOperations.ALL, twin, seed, count));
    }
  }

  @Test
  void anArrayOfDoubleComparesBits() throws Exception {
    var nan = Double.longBitsToDouble(0x7ff8_0000_0000_0001L);
    try (var party = party();
        var here = SharedDoubleArray.copyOf(new double[] {nan, 0.0, -0.0, 1, 2})) {
      assertThat(party.call(() -> here.compareAndSet(0, Double.NaN, 5))).as("another").isFalse();
      assertThat(party.call(() -> here.compareAndSet(0, nan, 5))).as("the same").isTrue();
      assertThat(party.call(() -> here.compareAndSet(1, -0.0, 5))).isFalse();
      assertThat(party.call(() -> here.compareAndSet(2, -0.0, 5))).isTrue();
      assertThat(here.compareAndExchange(3, 1, nan)).isEqualTo(1);
      assertThat(here.updateAndGet(3, value -> value)).as("ends with a NaN, too").isNaN();
      assertThat(party.call(() -> here.toArray())).containsExactly(5, 0, 5, nan, 2);
      assertThat(party.call(() -> here.stream().filter(value -> value > 0).sum())).isEqualTo(12);
    }
  }
}
