package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedDoubleArray;
import io.procession.shared.SharedIntArray;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedLongArray;
import io.procession.testkit.NoLeaks;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Random operations, through two memberships by turns, do what they do to the JDK's twin. */
@NoLeaks
class TwinTest {

  private static final int LENGTH = 5;
  private static final int OPERATIONS = 20_000;
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  /** The arguments of an operation. */
  private record Draw(int index, long a, long b) {
    int intA() {
      return (int) a;
    }

    int intB() {
      return (int) b;
    }
  }

  /** An operation, on the shared object and on its twin. */
  private record Operation<S, T>(BiFunction<S, Draw, ?> shared, BiFunction<T, Draw, ?> twin) {}

  private static <S, T> Operation<S, T> of(
      BiFunction<S, Draw, ?> shared, BiFunction<T, Draw, ?> twin) {
    return new Operation<>(shared, twin);
  }

  @FunctionalInterface
  private interface Change<S> {
    void apply(S shared, Draw draw);
  }

  private static <S> BiFunction<S, Draw, Object> done(Change<S> change) {
    return (shared, draw) -> {
      change.apply(shared, draw);
      return "done";
    };
  }

  private static <S, T> void compare(S here, S there, T twin, List<Operation<S, T>> operations) {
    var random = new Random(SEED);
    for (var i = 0; i < OPERATIONS; i++) {
      var number = random.nextInt(operations.size());
      var operation = operations.get(number);
      // Few values, so that expected ones are met.
      var draw = new Draw(random.nextInt(LENGTH), random.nextInt(4) - 1, random.nextInt(4) - 1);
      var result = operation.shared.apply(random.nextBoolean() ? here : there, draw);
      assertThat(result)
          .as("operation %d of kind %d with %s; procession.seed=%d", i, number, draw, SEED)
          .isEqualTo(operation.twin.apply(twin, draw));
      assertThat(here.toString()).isEqualTo(there.toString()).isEqualTo(twin.toString());
    }
  }

  @Test
  void aLongIsAnAtomicLong() {
    try (var elsewhere = new Elsewhere();
        var here = SharedLong.create(3);
        var there = elsewhere.handle(here)) {
      List<Operation<SharedLong, AtomicLong>> operations =
          List.of(
              of((s, d) -> s.get(), (t, d) -> t.get()),
              of(done((s, d) -> s.set(d.a)), done((t, d) -> t.set(d.a))),
              of(done((s, d) -> s.lazySet(d.a)), done((t, d) -> t.lazySet(d.a))),
              of((s, d) -> s.getAndSet(d.a), (t, d) -> t.getAndSet(d.a)),
              of((s, d) -> s.compareAndSet(d.a, d.b), (t, d) -> t.compareAndSet(d.a, d.b)),
              of((s, d) -> s.getAndIncrement(), (t, d) -> t.getAndIncrement()),
              of((s, d) -> s.getAndDecrement(), (t, d) -> t.getAndDecrement()),
              of((s, d) -> s.getAndAdd(d.a), (t, d) -> t.getAndAdd(d.a)),
              of((s, d) -> s.incrementAndGet(), (t, d) -> t.incrementAndGet()),
              of((s, d) -> s.decrementAndGet(), (t, d) -> t.decrementAndGet()),
              of((s, d) -> s.addAndGet(d.a), (t, d) -> t.addAndGet(d.a)),
              of((s, d) -> s.getAndUpdate(v -> v ^ d.a), (t, d) -> t.getAndUpdate(v -> v ^ d.a)),
              of((s, d) -> s.updateAndGet(v -> v ^ d.a), (t, d) -> t.updateAndGet(v -> v ^ d.a)),
              of(
                  (s, d) -> s.getAndAccumulate(d.a, (v, x) -> v - 2 * x),
                  (t, d) -> t.getAndAccumulate(d.a, (v, x) -> v - 2 * x)),
              of(
                  (s, d) -> s.accumulateAndGet(d.a, (v, x) -> v - 2 * x),
                  (t, d) -> t.accumulateAndGet(d.a, (v, x) -> v - 2 * x)),
              of((s, d) -> s.getPlain(), (t, d) -> t.getPlain()),
              of(done((s, d) -> s.setPlain(d.a)), done((t, d) -> t.setPlain(d.a))),
              of((s, d) -> s.getOpaque(), (t, d) -> t.getOpaque()),
              of(done((s, d) -> s.setOpaque(d.a)), done((t, d) -> t.setOpaque(d.a))),
              of((s, d) -> s.getAcquire(), (t, d) -> t.getAcquire()),
              of(done((s, d) -> s.setRelease(d.a)), done((t, d) -> t.setRelease(d.a))),
              of(
                  (s, d) -> s.compareAndExchange(d.a, d.b),
                  (t, d) -> t.compareAndExchange(d.a, d.b)),
              of(
                  (s, d) -> s.compareAndExchangeAcquire(d.a, d.b),
                  (t, d) -> t.compareAndExchangeAcquire(d.a, d.b)),
              of(
                  (s, d) -> s.compareAndExchangeRelease(d.a, d.b),
                  (t, d) -> t.compareAndExchangeRelease(d.a, d.b)),
              of(
                  (s, d) -> s.weakCompareAndSetPlain(d.a, d.b),
                  (t, d) -> t.weakCompareAndSetPlain(d.a, d.b)),
              of(
                  (s, d) -> s.weakCompareAndSetVolatile(d.a, d.b),
                  (t, d) -> t.weakCompareAndSetVolatile(d.a, d.b)),
              of(
                  (s, d) -> s.weakCompareAndSetAcquire(d.a, d.b),
                  (t, d) -> t.weakCompareAndSetAcquire(d.a, d.b)),
              of(
                  (s, d) -> s.weakCompareAndSetRelease(d.a, d.b),
                  (t, d) -> t.weakCompareAndSetRelease(d.a, d.b)),
              of((s, d) -> s.intValue(), (t, d) -> t.intValue()),
              of((s, d) -> s.longValue(), (t, d) -> t.longValue()),
              of((s, d) -> s.floatValue(), (t, d) -> t.floatValue()),
              of((s, d) -> s.doubleValue(), (t, d) -> t.doubleValue()));
      compare(here, there, new AtomicLong(3), operations);
    }
  }

  @Test
  void anArrayOfIntIsAnAtomicIntegerArray() {
    try (var elsewhere = new Elsewhere();
        var here = SharedIntArray.create(LENGTH);
        var there = elsewhere.handle(here)) {
      List<Operation<SharedIntArray, AtomicIntegerArray>> operations =
          List.of(
              of((s, d) -> s.get(d.index), (t, d) -> t.get(d.index)),
              of(
                  done((s, d) -> s.set(d.index, d.intA())),
                  done((t, d) -> t.set(d.index, d.intA()))),
              of(
                  done((s, d) -> s.lazySet(d.index, d.intA())),
                  done((t, d) -> t.lazySet(d.index, d.intA()))),
              of(
                  (s, d) -> s.getAndSet(d.index, d.intA()),
                  (t, d) -> t.getAndSet(d.index, d.intA())),
              of(
                  (s, d) -> s.compareAndSet(d.index, d.intA(), d.intB()),
                  (t, d) -> t.compareAndSet(d.index, d.intA(), d.intB())),
              of((s, d) -> s.getAndIncrement(d.index), (t, d) -> t.getAndIncrement(d.index)),
              of((s, d) -> s.getAndDecrement(d.index), (t, d) -> t.getAndDecrement(d.index)),
              of((s, d) -> s.incrementAndGet(d.index), (t, d) -> t.incrementAndGet(d.index)),
              of((s, d) -> s.decrementAndGet(d.index), (t, d) -> t.decrementAndGet(d.index)),
              of(
                  (s, d) -> s.getAndAdd(d.index, d.intA()),
                  (t, d) -> t.getAndAdd(d.index, d.intA())),
              of(
                  (s, d) -> s.addAndGet(d.index, d.intA()),
                  (t, d) -> t.addAndGet(d.index, d.intA())),
              of(
                  (s, d) -> s.getAndUpdate(d.index, v -> v ^ d.intA()),
                  (t, d) -> t.getAndUpdate(d.index, v -> v ^ d.intA())),
              of(
                  (s, d) -> s.updateAndGet(d.index, v -> v ^ d.intA()),
                  (t, d) -> t.updateAndGet(d.index, v -> v ^ d.intA())),
              of(
                  (s, d) -> s.getAndAccumulate(d.index, d.intA(), (v, x) -> v - 2 * x),
                  (t, d) -> t.getAndAccumulate(d.index, d.intA(), (v, x) -> v - 2 * x)),
              of(
                  (s, d) -> s.accumulateAndGet(d.index, d.intA(), (v, x) -> v - 2 * x),
                  (t, d) -> t.accumulateAndGet(d.index, d.intA(), (v, x) -> v - 2 * x)),
              of((s, d) -> s.getPlain(d.index), (t, d) -> t.getPlain(d.index)),
              of(
                  done((s, d) -> s.setPlain(d.index, d.intA())),
                  done((t, d) -> t.setPlain(d.index, d.intA()))),
              of((s, d) -> s.getOpaque(d.index), (t, d) -> t.getOpaque(d.index)),
              of(
                  done((s, d) -> s.setOpaque(d.index, d.intA())),
                  done((t, d) -> t.setOpaque(d.index, d.intA()))),
              of((s, d) -> s.getAcquire(d.index), (t, d) -> t.getAcquire(d.index)),
              of(
                  done((s, d) -> s.setRelease(d.index, d.intA())),
                  done((t, d) -> t.setRelease(d.index, d.intA()))),
              of(
                  (s, d) -> s.compareAndExchange(d.index, d.intA(), d.intB()),
                  (t, d) -> t.compareAndExchange(d.index, d.intA(), d.intB())),
              of(
                  (s, d) -> s.compareAndExchangeAcquire(d.index, d.intA(), d.intB()),
                  (t, d) -> t.compareAndExchangeAcquire(d.index, d.intA(), d.intB())),
              of(
                  (s, d) -> s.compareAndExchangeRelease(d.index, d.intA(), d.intB()),
                  (t, d) -> t.compareAndExchangeRelease(d.index, d.intA(), d.intB())),
              of(
                  (s, d) -> s.weakCompareAndSetPlain(d.index, d.intA(), d.intB()),
                  (t, d) -> t.weakCompareAndSetPlain(d.index, d.intA(), d.intB())),
              of(
                  (s, d) -> s.weakCompareAndSetVolatile(d.index, d.intA(), d.intB()),
                  (t, d) -> t.weakCompareAndSetVolatile(d.index, d.intA(), d.intB())),
              of(
                  (s, d) -> s.weakCompareAndSetAcquire(d.index, d.intA(), d.intB()),
                  (t, d) -> t.weakCompareAndSetAcquire(d.index, d.intA(), d.intB())),
              of(
                  (s, d) -> s.weakCompareAndSetRelease(d.index, d.intA(), d.intB()),
                  (t, d) -> t.weakCompareAndSetRelease(d.index, d.intA(), d.intB())),
              of((s, d) -> s.length(), (t, d) -> t.length()));
      compare(here, there, new AtomicIntegerArray(LENGTH), operations);
    }
  }

  @Test
  void anArrayOfLongIsAnAtomicLongArray() {
    try (var elsewhere = new Elsewhere();
        var here = SharedLongArray.create(LENGTH);
        var there = elsewhere.handle(here)) {
      List<Operation<SharedLongArray, AtomicLongArray>> operations =
          List.of(
              of((s, d) -> s.get(d.index), (t, d) -> t.get(d.index)),
              of(done((s, d) -> s.set(d.index, d.a)), done((t, d) -> t.set(d.index, d.a))),
              of(done((s, d) -> s.lazySet(d.index, d.a)), done((t, d) -> t.lazySet(d.index, d.a))),
              of((s, d) -> s.getAndSet(d.index, d.a), (t, d) -> t.getAndSet(d.index, d.a)),
              of(
                  (s, d) -> s.compareAndSet(d.index, d.a, d.b),
                  (t, d) -> t.compareAndSet(d.index, d.a, d.b)),
              of((s, d) -> s.getAndIncrement(d.index), (t, d) -> t.getAndIncrement(d.index)),
              of((s, d) -> s.getAndDecrement(d.index), (t, d) -> t.getAndDecrement(d.index)),
              of((s, d) -> s.incrementAndGet(d.index), (t, d) -> t.incrementAndGet(d.index)),
              of((s, d) -> s.decrementAndGet(d.index), (t, d) -> t.decrementAndGet(d.index)),
              of((s, d) -> s.getAndAdd(d.index, d.a), (t, d) -> t.getAndAdd(d.index, d.a)),
              of((s, d) -> s.addAndGet(d.index, d.a), (t, d) -> t.addAndGet(d.index, d.a)),
              of(
                  (s, d) -> s.getAndUpdate(d.index, v -> v ^ d.a),
                  (t, d) -> t.getAndUpdate(d.index, v -> v ^ d.a)),
              of(
                  (s, d) -> s.updateAndGet(d.index, v -> v ^ d.a),
                  (t, d) -> t.updateAndGet(d.index, v -> v ^ d.a)),
              of(
                  (s, d) -> s.getAndAccumulate(d.index, d.a, (v, x) -> v - 2 * x),
                  (t, d) -> t.getAndAccumulate(d.index, d.a, (v, x) -> v - 2 * x)),
              of(
                  (s, d) -> s.accumulateAndGet(d.index, d.a, (v, x) -> v - 2 * x),
                  (t, d) -> t.accumulateAndGet(d.index, d.a, (v, x) -> v - 2 * x)),
              of((s, d) -> s.getPlain(d.index), (t, d) -> t.getPlain(d.index)),
              of(
                  done((s, d) -> s.setPlain(d.index, d.a)),
                  done((t, d) -> t.setPlain(d.index, d.a))),
              of((s, d) -> s.getOpaque(d.index), (t, d) -> t.getOpaque(d.index)),
              of(
                  done((s, d) -> s.setOpaque(d.index, d.a)),
                  done((t, d) -> t.setOpaque(d.index, d.a))),
              of((s, d) -> s.getAcquire(d.index), (t, d) -> t.getAcquire(d.index)),
              of(
                  done((s, d) -> s.setRelease(d.index, d.a)),
                  done((t, d) -> t.setRelease(d.index, d.a))),
              of(
                  (s, d) -> s.compareAndExchange(d.index, d.a, d.b),
                  (t, d) -> t.compareAndExchange(d.index, d.a, d.b)),
              of(
                  (s, d) -> s.compareAndExchangeAcquire(d.index, d.a, d.b),
                  (t, d) -> t.compareAndExchangeAcquire(d.index, d.a, d.b)),
              of(
                  (s, d) -> s.compareAndExchangeRelease(d.index, d.a, d.b),
                  (t, d) -> t.compareAndExchangeRelease(d.index, d.a, d.b)),
              of(
                  (s, d) -> s.weakCompareAndSetPlain(d.index, d.a, d.b),
                  (t, d) -> t.weakCompareAndSetPlain(d.index, d.a, d.b)),
              of(
                  (s, d) -> s.weakCompareAndSetVolatile(d.index, d.a, d.b),
                  (t, d) -> t.weakCompareAndSetVolatile(d.index, d.a, d.b)),
              of(
                  (s, d) -> s.weakCompareAndSetAcquire(d.index, d.a, d.b),
                  (t, d) -> t.weakCompareAndSetAcquire(d.index, d.a, d.b)),
              of(
                  (s, d) -> s.weakCompareAndSetRelease(d.index, d.a, d.b),
                  (t, d) -> t.weakCompareAndSetRelease(d.index, d.a, d.b)),
              of((s, d) -> s.length(), (t, d) -> t.length()));
      compare(here, there, new AtomicLongArray(LENGTH), operations);
    }
  }

  @Test
  void anArrayOfDoubleComparesBits() {
    var nan = Double.longBitsToDouble(0x7ff8_0000_0000_0001L);
    try (var elsewhere = new Elsewhere();
        var here = SharedDoubleArray.copyOf(new double[] {nan, 0.0, -0.0, 1, 2});
        var there = elsewhere.handle(here)) {
      assertThat(there.compareAndSet(0, Double.NaN, 5)).as("another NaN").isFalse();
      assertThat(there.compareAndSet(0, nan, 5)).as("the same NaN").isTrue();
      assertThat(there.compareAndSet(1, -0.0, 5)).isFalse();
      assertThat(there.compareAndSet(2, -0.0, 5)).isTrue();
      assertThat(here.compareAndExchange(3, 1, nan)).isEqualTo(1);
      assertThat(here.updateAndGet(3, value -> value)).as("ends with a NaN, too").isNaN();
      assertThat(here.getAndAdd(4, 0.5)).isEqualTo(2);
      assertThat(there.addAndGet(4, 0.5)).isEqualTo(3);
      assertThat(there.getAndAccumulate(4, 4, Math::max)).isEqualTo(3);
      assertThat(here.accumulateAndGet(4, 1, Math::max)).isEqualTo(4);
      assertThat(here.getAndSet(4, 7)).isEqualTo(4);
      assertThat(there.toArray()).containsExactly(5, 0, 5, nan, 7);
      assertThat(there.stream().filter(value -> value > 0).sum()).isEqualTo(17);
      assertThat(here.toString()).isEqualTo(Arrays.toString(here.toArray()));
    }
  }
}
