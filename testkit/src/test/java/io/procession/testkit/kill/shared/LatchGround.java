package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedLatch;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A latch that counts what was done, and one that is opened by whoever is first. */
record LatchGround(SharedLatch many, SharedLatch one) implements Ground {

  private static final long COUNT = 1L << 40;

  static LatchGround create() {
    return new LatchGround(SharedLatch.create(COUNT), SharedLatch.create(1));
  }

  @Override
  public String name() {
    return "latch";
  }

  @Override
  public void turn(Trace trace, Random random) {
    if (random.nextInt(100) == 0) {
      trace.at(Phase.LEAVING);
      one.countDown();
    }
    trace.at(Phase.ENTERING);
    many.countDown();
    trace.done();
    trace.at(Phase.HOLDING);
  }

  @Override
  public void survive(int role, Trace trace, Random random, BooleanSupplier over) throws Exception {
    assertThat(one.await(LONG)).isTrue();
    while (!over.getAsBoolean()) {
      turn(trace, random);
      assertThat(many.await(Duration.ofMillis(1))).isFalse();
    }
  }

  @Override
  public void wake() {
    one.countDown();
  }

  @Override
  public void settle(List<Trace> dead, List<Trace> living) throws Exception {
    assertThat(one.getCount()).isZero();
    assertThat(one.await(Duration.ZERO)).isTrue();
    var sure =
        dead.stream().mapToLong(Trace::turns).sum() + living.stream().mapToLong(Trace::turns).sum();
    var unsure = dead.stream().filter(trace -> trace.phase() == Phase.ENTERING).count();
    assertThat(COUNT - many.getCount()).isBetween(sure, sure + unsure);
  }

  @Override
  public void close() {
    many.close();
    one.close();
  }
}
