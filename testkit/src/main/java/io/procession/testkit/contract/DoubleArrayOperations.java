package io.procession.testkit.contract;

import static io.procession.testkit.contract.Operation.done;
import static io.procession.testkit.contract.Operation.of;

import io.procession.shared.SharedDoubleArray;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/** What a {@link SharedDoubleArray} does, and an array of the same bits does. */
final class DoubleArrayOperations {

  private DoubleArrayOperations() {}

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static double value(long bits) {
    return Double.longBitsToDouble(bits);
  }

  private static LongUnaryOperator onBits(DoubleUnaryOperator update) {
    return bits -> bits(update.applyAsDouble(value(bits)));
  }

  static final List<Operation<SharedDoubleArray, AtomicLongArray>> ALL =
      List.of(
          of((s, d) -> s.get(d.index()), (t, d) -> value(t.get(d.index()))),
          of(
              done((s, d) -> s.set(d.index(), d.doubleA())),
              done((t, d) -> t.set(d.index(), bits(d.doubleA())))),
          of(
              done((s, d) -> s.lazySet(d.index(), d.doubleA())),
              done((t, d) -> t.lazySet(d.index(), bits(d.doubleA())))),
          of(
              done((s, d) -> s.setPlain(d.index(), d.doubleA())),
              done((t, d) -> t.setPlain(d.index(), bits(d.doubleA())))),
          of(
              done((s, d) -> s.setOpaque(d.index(), d.doubleA())),
              done((t, d) -> t.setOpaque(d.index(), bits(d.doubleA())))),
          of(
              done((s, d) -> s.setRelease(d.index(), d.doubleA())),
              done((t, d) -> t.setRelease(d.index(), bits(d.doubleA())))),
          of((s, d) -> s.getPlain(d.index()), (t, d) -> value(t.getPlain(d.index()))),
          of((s, d) -> s.getOpaque(d.index()), (t, d) -> value(t.getOpaque(d.index()))),
          of((s, d) -> s.getAcquire(d.index()), (t, d) -> value(t.getAcquire(d.index()))),
          of(
              (s, d) -> s.getAndSet(d.index(), d.doubleA()),
              (t, d) -> value(t.getAndSet(d.index(), bits(d.doubleA())))),
          of(
              (s, d) -> s.compareAndSet(d.index(), d.doubleA(), d.doubleB()),
              (t, d) -> t.compareAndSet(d.index(), bits(d.doubleA()), bits(d.doubleB()))),
          of(
              (s, d) -> s.weakCompareAndSetPlain(d.index(), d.doubleA(), d.doubleB()),
              (t, d) -> t.weakCompareAndSetPlain(d.index(), bits(d.doubleA()), bits(d.doubleB()))),
          of(
              (s, d) -> s.weakCompareAndSetVolatile(d.index(), d.doubleA(), d.doubleB()),
              (t, d) ->
                  t.weakCompareAndSetVolatile(d.index(), bits(d.doubleA()), bits(d.doubleB()))),
          of(
              (s, d) -> s.weakCompareAndSetAcquire(d.index(), d.doubleA(), d.doubleB()),
              (t, d) ->
                  t.weakCompareAndSetAcquire(d.index(), bits(d.doubleA()), bits(d.doubleB()))),
          of(
              (s, d) -> s.weakCompareAndSetRelease(d.index(), d.doubleA(), d.doubleB()),
              (t, d) ->
                  t.weakCompareAndSetRelease(d.index(), bits(d.doubleA()), bits(d.doubleB()))),
          of(
              (s, d) -> s.compareAndExchange(d.index(), d.doubleA(), d.doubleB()),
              (t, d) ->
                  value(t.compareAndExchange(d.index(), bits(d.doubleA()), bits(d.doubleB())))),
          of(
              (s, d) -> s.compareAndExchangeAcquire(d.index(), d.doubleA(), d.doubleB()),
              (t, d) ->
                  value(
                      t.compareAndExchangeAcquire(
                          d.index(), bits(d.doubleA()), bits(d.doubleB())))),
          of(
              (s, d) -> s.compareAndExchangeRelease(d.index(), d.doubleA(), d.doubleB()),
              (t, d) ->
                  value(
                      t.compareAndExchangeRelease(
                          d.index(), bits(d.doubleA()), bits(d.doubleB())))),
          of(
              (s, d) -> s.getAndAdd(d.index(), d.doubleA()),
              (t, d) -> value(t.getAndUpdate(d.index(), onBits(x -> x + d.doubleA())))),
          of(
              (s, d) -> s.addAndGet(d.index(), d.doubleA()),
              (t, d) -> value(t.updateAndGet(d.index(), onBits(x -> x + d.doubleA())))),
          of(
              (s, d) -> s.getAndUpdate(d.index(), x -> d.doubleA() - x),
              (t, d) -> value(t.getAndUpdate(d.index(), onBits(x -> d.doubleA() - x)))),
          of(
              (s, d) -> s.updateAndGet(d.index(), x -> d.doubleA() - x),
              (t, d) -> value(t.updateAndGet(d.index(), onBits(x -> d.doubleA() - x)))),
          of(
              (s, d) -> s.getAndAccumulate(d.index(), d.doubleA(), (x, y) -> x - 2 * y),
              (t, d) -> value(t.getAndUpdate(d.index(), onBits(x -> x - 2 * d.doubleA())))),
          of(
              (s, d) -> s.accumulateAndGet(d.index(), d.doubleA(), (x, y) -> x - 2 * y),
              (t, d) -> value(t.updateAndGet(d.index(), onBits(x -> x - 2 * d.doubleA())))),
          of((s, d) -> s.length(), (t, d) -> t.length()));
}
