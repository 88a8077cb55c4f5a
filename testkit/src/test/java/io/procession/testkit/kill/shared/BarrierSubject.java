package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.shared.SharedBarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A barrier for one or two: its action, its time-outs, its resets. */
final class BarrierSubject implements Subject {

  private static final int MOST_CALLS = 5;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final int parties;
  private final List<Thread> others = new ArrayList<>();
  private SharedBarrier barrier;

  BarrierSubject(int parties) {
    this.parties = parties;
  }

  @Override
  public void begin(Family root) {
    barrier = SharedBarrier.create(parties, () -> Thread.onSpinWait());
  }

  @Override
  public void use(Family member, int number, long seed) throws Exception {
    var here = Handover.to(member, barrier);
    var random = new Random(seed);
    member.act(() -> {
      for (var call = 0; call < MOST_CALLS; call++) {
        if (random.nextInt(3) == 0) {
          here.reset();
        } else if (random.nextInt(6) == 0) {
          here.breakBarrier();
        } else {
          meet(here, random);
        }
      }
      return null;
    });
  }

  /** With the root as the other party, or nobody. */
  private void meet(SharedBarrier here, Random random) throws Exception {
    if (parties > 1 && random.nextInt(3) > 0) {
      others.add(Thread.ofPlatform().start(this::arrive));
    }
    try {
      here.await(random.nextBoolean() ? Duration.ofMillis(1) : Duration.ofMillis(20));
    } catch (TimeoutException | BrokenBarrierException _) {
      here.reset();
    }
  }

  private void arrive() {
    try {
      barrier.await(LONG);
    } catch (BrokenBarrierException _) {
      // the other one died, or gave up
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void touch() {
    barrier.breakBarrier();
    assertThat(barrier.isBroken()).isTrue();
  }

  @Override
  public void settle() throws Exception {
    for (var other : others) {
      while (!other.join(Duration.ofMillis(1))) {
        barrier.breakBarrier();
      }
    }
    barrier.reset();
    assertThat(barrier.isBroken()).isFalse();
    assertThat(barrier.getNumberWaiting()).isZero();
    if (parties == 1) {
      assertThat(meetAgain()).isZero();
    } else {
      var other = CompletableFuture.supplyAsync(this::meetAgain);
      assertThat(meetAgain() + other.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }
    assertThat(barrier.isBroken()).isFalse();
  }

  private int meetAgain() {
    try {
      return barrier.await(LONG);
    } catch (Exception e) {
      throw new AssertionError("a barrier that was reset breaks", e);
    }
  }

  @Override
  public void end() {
    barrier.close();
  }
}
