package io.procession.testkit.contract;

import static io.procession.testkit.contract.Operation.done;
import static io.procession.testkit.contract.Operation.of;

import io.procession.shared.SharedLong;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What a {@link SharedLong} does, and its twin does. */
final class LongOperations {

  private LongOperations() {}

  static final List<Operation<SharedLong, AtomicLong>> ALL =
      List.of(
          of((s, d) -> s.get(), (t, d) -> t.get()),
          of(done((s, d) -> s.set(d.a())), done((t, d) -> t.set(d.a()))),
          of(done((s, d) -> s.lazySet(d.a())), done((t, d) -> t.lazySet(d.a()))),
          of((s, d) -> s.getAndSet(d.a()), (t, d) -> t.getAndSet(d.a())),
          of((s, d) -> s.compareAndSet(d.a(), d.b()), (t, d) -> t.compareAndSet(d.a(), d.b())),
          of((s, d) -> s.getAndIncrement(), (t, d) -> t.getAndIncrement()),
          of((s, d) -> s.getAndDecrement(), (t, d) -> t.getAndDecrement()),
          of((s, d) -> s.getAndAdd(d.a()), (t, d) -> t.getAndAdd(d.a())),
          of((s, d) -> s.incrementAndGet(), (t, d) -> t.incrementAndGet()),
          of((s, d) -> s.decrementAndGet(), (t, d) -> t.decrementAndGet()),
          of((s, d) -> s.addAndGet(d.a()), (t, d) -> t.addAndGet(d.a())),
          of((s, d) -> s.getAndUpdate(v -> v ^ d.a()), (t, d) -> t.getAndUpdate(v -> v ^ d.a())),
          of((s, d) -> s.updateAndGet(v -> v ^ d.a()), (t, d) -> t.updateAndGet(v -> v ^ d.a())),
          of(
              (s, d) -> s.getAndAccumulate(d.a(), (v, x) -> v - 2 * x),
              (t, d) -> t.getAndAccumulate(d.a(), (v, x) -> v - 2 * x)),
          of(
              (s, d) -> s.accumulateAndGet(d.a(), (v, x) -> v - 2 * x),
              (t, d) -> t.accumulateAndGet(d.a(), (v, x) -> v - 2 * x)),
          of((s, d) -> s.getPlain(), (t, d) -> t.getPlain()),
          of(done((s, d) -> s.setPlain(d.a())), done((t, d) -> t.setPlain(d.a()))),
          of((s, d) -> s.getOpaque(), (t, d) -> t.getOpaque()),
          of(done((s, d) -> s.setOpaque(d.a())), done((t, d) -> t.setOpaque(d.a()))),
          of((s, d) -> s.getAcquire(), (t, d) -> t.getAcquire()),
          of(done((s, d) -> s.setRelease(d.a())), done((t, d) -> t.setRelease(d.a()))),
          of(
              (s, d) -> s.compareAndExchange(d.a(), d.b()),
              (t, d) -> t.compareAndExchange(d.a(), d.b())),
          of(
              (s, d) -> s.compareAndExchangeAcquire(d.a(), d.b()),
              (t, d) -> t.compareAndExchangeAcquire(d.a(), d.b())),
          of(
              (s, d) -> s.compareAndExchangeRelease(d.a(), d.b()),
              (t, d) -> t.compareAndExchangeRelease(d.a(), d.b())),
          of(
              (s, d) -> s.weakCompareAndSetPlain(d.a(), d.b()),
              (t, d) -> t.weakCompareAndSetPlain(d.a(), d.b())),
          of(
              (s, d) -> s.weakCompareAndSetVolatile(d.a(), d.b()),
              (t, d) -> t.weakCompareAndSetVolatile(d.a(), d.b())),
          of(
              (s, d) -> s.weakCompareAndSetAcquire(d.a(), d.b()),
              (t, d) -> t.weakCompareAndSetAcquire(d.a(), d.b())),
          of(
              (s, d) -> s.weakCompareAndSetRelease(d.a(), d.b()),
              (t, d) -> t.weakCompareAndSetRelease(d.a(), d.b())),
          of((s, d) -> s.intValue(), (t, d) -> t.intValue()),
          of((s, d) -> s.longValue(), (t, d) -> t.longValue()),
          of((s, d) -> s.floatValue(), (t, d) -> t.floatValue()),
          of((s, d) -> s.doubleValue(), (t, d) -> t.doubleValue()));
}
