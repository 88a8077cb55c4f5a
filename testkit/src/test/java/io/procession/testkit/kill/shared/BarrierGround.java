package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedBarrier;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A barrier of two, with an action: who dies there breaks it. */
record BarrierGround(SharedBarrier barrier) implements Ground {

  static BarrierGround create() {
    return new BarrierGround(SharedBarrier.create(2, () -> Thread.onSpinWait()));
  }

  @Override
  public String name() {
    return "barrier";
  }

  @Override
  public void turn(Trace trace, Random random) throws Exception {
    trace.at(Phase.ENTERING);
    try {
      var index = barrier.await(Duration.ofMillis(1 + random.nextInt(20)));
      Ground.check(index == 0 || index == 1, "an index of two parties: " + index);
      trace.at(Phase.HOLDING);
    } catch (TimeoutException | BrokenBarrierException _) {
      trace.at(Phase.LEAVING);
      barrier.reset();
    }
    trace.done();
    if (random.nextInt(20) == 0) {
      trace.at(Phase.LEAVING);
      barrier.breakBarrier();
    }
  }

  @Override
  public void survive(int role, Trace trace, Random random, BooleanSupplier over) throws Exception {
    while (!over.getAsBoolean()) {
      try {
        // However long: a death breaks it, as does who gives up.
        barrier.await();
      } catch (BrokenBarrierException _) {
        if (!over.getAsBoolean()) {
          barrier.reset();
        }
      }
    }
  }

  @Override
  public void wake() {
    barrier.breakBarrier();
  }

  @Override
  public void settle(List<Trace> dead, List<Trace> living) throws Exception {
    barrier.reset();
    assertThat(barrier.isBroken()).isFalse();
    assertThat(barrier.getNumberWaiting()).isZero();
    var other = CompletableFuture.supplyAsync(this::arrive);
    assertThat(arrive() + other.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(barrier.isBroken()).isFalse();
  }

  private int arrive() {
    try {
      return barrier.await(LONG);
    } catch (Exception e) {
      throw new AssertionError("a barrier that was reset breaks", e);
    }
  }

  @Override
  public void close() {
    barrier.close();
  }
}
