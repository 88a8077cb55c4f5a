package io.procession.testkit.contract;

import static io.procession.testkit.contract.Operation.done;
import static io.procession.testkit.contract.Operation.of;

import io.procession.shared.SharedIntArray;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** What a {@link SharedIntArray} does, and its twin does. */
final class IntArrayOperations {

  private IntArrayOperations() {}

  static final List<Operation<SharedIntArray, AtomicIntegerArray>> ALL =
      List.of(
          of((s, d) -> s.get(d.index()), (t, d) -> t.get(d.index())),
          of(
              done((s, d) -> s.set(d.index(), d.intA())),
              done((t, d) -> t.set(d.index(), d.intA()))),
          of(
              done((s, d) -> s.lazySet(d.index(), d.intA())),
              done((t, d) -> t.lazySet(d.index(), d.intA()))),
          of(
              (s, d) -> s.getAndSet(d.index(), d.intA()),
              (t, d) -> t.getAndSet(d.index(), d.intA())),
          of(
              (s, d) -> s.compareAndSet(d.index(), d.intA(), d.intB()),
              (t, d) -> t.compareAndSet(d.index(), d.intA(), d.intB())),
          of((s, d) -> s.getAndIncrement(d.index()), (t, d) -> t.getAndIncrement(d.index())),
          of((s, d) -> s.getAndDecrement(d.index()), (t, d) -> t.getAndDecrement(d.index())),
          of((s, d) -> s.incrementAndGet(d.index()), (t, d) -> t.incrementAndGet(d.index())),
          of((s, d) -> s.decrementAndGet(d.index()), (t, d) -> t.decrementAndGet(d.index())),
          of(
              (s, d) -> s.getAndAdd(d.index(), d.intA()),
              (t, d) -> t.getAndAdd(d.index(), d.intA())),
          of(
              (s, d) -> s.addAndGet(d.index(), d.intA()),
              (t, d) -> t.addAndGet(d.index(), d.intA())),
          of(
              (s, d) -> s.getAndUpdate(d.index(), v -> v ^ d.intA()),
              (t, d) -> t.getAndUpdate(d.index(), v -> v ^ d.intA())),
          of(
              (s, d) -> s.updateAndGet(d.index(), v -> v ^ d.intA()),
              (t, d) -> t.updateAndGet(d.index(), v -> v ^ d.intA())),
          of(
              (s, d) -> s.getAndAccumulate(d.index(), d.intA(), (v, x) -> v - 2 * x),
              (t, d) -> t.getAndAccumulate(d.index(), d.intA(), (v, x) -> v - 2 * x)),
          of(
              (s, d) -> s.accumulateAndGet(d.index(), d.intA(), (v, x) -> v - 2 * x),
              (t, d) -> t.accumulateAndGet(d.index(), d.intA(), (v, x) -> v - 2 * x)),
          of((s, d) -> s.getPlain(d.index()), (t, d) -> t.getPlain(d.index())),
          of(
              done((s, d) -> s.setPlain(d.index(), d.intA())),
              done((t, d) -> t.setPlain(d.index(), d.intA()))),
          of((s, d) -> s.getOpaque(d.index()), (t, d) -> t.getOpaque(d.index())),
          of(
              done((s, d) -> s.setOpaque(d.index(), d.intA())),
              done((t, d) -> t.setOpaque(d.index(), d.intA()))),
          of((s, d) -> s.getAcquire(d.index()), (t, d) -> t.getAcquire(d.index())),
          of(
              done((s, d) -> s.setRelease(d.index(), d.intA())),
              done((t, d) -> t.setRelease(d.index(), d.intA()))),
          of(
              (s, d) -> s.compareAndExchange(d.index(), d.intA(), d.intB()),
              (t, d) -> t.compareAndExchange(d.index(), d.intA(), d.intB())),
          of(
              (s, d) -> s.compareAndExchangeAcquire(d.index(), d.intA(), d.intB()),
              (t, d) -> t.compareAndExchangeAcquire(d.index(), d.intA(), d.intB())),
          of(
              (s, d) -> s.compareAndExchangeRelease(d.index(), d.intA(), d.intB()),
              (t, d) -> t.compareAndExchangeRelease(d.index(), d.intA(), d.intB())),
          of(
              (s, d) -> s.weakCompareAndSetPlain(d.index(), d.intA(), d.intB()),
              (t, d) -> t.weakCompareAndSetPlain(d.index(), d.intA(), d.intB())),
          of(
              (s, d) -> s.weakCompareAndSetVolatile(d.index(), d.intA(), d.intB()),
              (t, d) -> t.weakCompareAndSetVolatile(d.index(), d.intA(), d.intB())),
          of(
              (s, d) -> s.weakCompareAndSetAcquire(d.index(), d.intA(), d.intB()),
              (t, d) -> t.weakCompareAndSetAcquire(d.index(), d.intA(), d.intB())),
          of(
              (s, d) -> s.weakCompareAndSetRelease(d.index(), d.intA(), d.intB()),
              (t, d) -> t.weakCompareAndSetRelease(d.index(), d.intA(), d.intB())),
          of((s, d) -> s.length(), (t, d) -> t.length()));
}
