package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.SharedBarrier;
import io.procession.shared.SharedLong;
import io.procession.testkit.Await;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What a {@link SharedBarrier} promises. */
@SuppressWarnings("try") // what is closed early is closed again
public abstract class BarrierContract extends SharedContract {

  /** For subclasses. */
  protected BarrierContract() {}

  private static long meet(SharedBarrier barrier, int rounds) throws Exception {
    var sum = 0L;
    for (var round = 0; round < rounds; round++) {
      sum += barrier.await(LONG);
    }
    return sum;
  }

  @Test
  void allGoOnTogetherAgainAndAgainAfterTheAction() throws Exception {
    var rounds = 100;
    try (var party = party();
        var actions = SharedLong.create(0);
        var barrier = SharedBarrier.create(3, () -> actions.incrementAndGet())) {
      var there = party.begin(() -> meet(barrier, rounds));
      var here = start(() -> meet(barrier, rounds));
      var virtual = startVirtual(() -> meet(barrier, rounds));
      var indexes =
          here.get() + virtual.get() + there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(indexes).isEqualTo(3L * rounds); // 0 + 1 + 2 in each round
      assertThat(actions.get()).isEqualTo(rounds);
      assertThat(barrier.isBroken()).isFalse();
      assertThat(barrier.getParties()).isEqualTo(3);
      assertThat(barrier.getNumberWaiting()).isZero();
    }
  }

  private static Waiter<Integer> waiting(SharedBarrier barrier, int before) throws Exception {
    var waiter = start(() -> barrier.await(LONG));
    Await.until(() -> barrier.getNumberWaiting() == before + 1, "a party waits");
    return waiter;
  }

  @Test
  void aTimeOutBreaksItUntilItIsReset() throws Exception {
    try (var party = party();
        var barrier = SharedBarrier.create(3)) {
      var waiter = waiting(barrier, 0);
      assertThatThrownBy(() -> barrier.await(SHORT)).isInstanceOf(TimeoutException.class);
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(BrokenBarrierException.class);
      assertThat(barrier.isBroken()).isTrue();
      assertThat(barrier.getNumberWaiting()).isZero();
      assertThatThrownBy(() -> party.call(() -> barrier.await()))
          .isInstanceOf(BrokenBarrierException.class);
      barrier.reset();
      assertThat(barrier.isBroken()).isFalse();
      var first = waiting(barrier, 0);
      var second = waiting(barrier, 1);
      assertThat(party.call(() -> barrier.await())).isZero();
      assertThat(first.get()).isEqualTo(2);
      assertThat(second.get()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptABreakAndAResetEndTheWaitingOfOthers() throws Exception {
    try (var barrier = SharedBarrier.create(3)) {
      var interrupted = waiting(barrier, 0);
      var other = waiting(barrier, 1);
      interrupted.thread.interrupt();
      assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedException.class);
      assertThatThrownBy(other::get).hasCauseInstanceOf(BrokenBarrierException.class);
      barrier.reset();

      var waiter = waiting(barrier, 0);
      barrier.breakBarrier();
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(BrokenBarrierException.class);
      barrier.reset();

      waiter = waiting(barrier, 0);
      barrier.reset();
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(BrokenBarrierException.class);
      assertThat(barrier.isBroken()).isFalse();
    }
  }

  @Test
  void anActionThatThrowsBreaksIt() throws Exception {
    try (var barrier =
        SharedBarrier.create(
            2,
            () -> {
              throw new ArithmeticException("no");
            })) {
      var waiter = waiting(barrier, 0);
      assertThatThrownBy(barrier::await).isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(BrokenBarrierException.class);
      assertThat(barrier.isBroken()).isTrue();
    }
  }

  @Test
  void theDeathOfAPartyThatWaitsBreaksIt() throws Exception {
    try (var party = party();
        var barrier = SharedBarrier.create(3)) {
      var _ = party.begin(() -> barrier.await());
      Await.until(() -> barrier.getNumberWaiting() == 1, "the party waits");
      var waiter = waiting(barrier, 1);
      party.kill();
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(BrokenBarrierException.class);
      assertThat(barrier.isBroken()).isTrue();
      assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
      barrier.reset();
      assertThat(barrier.isBroken()).isFalse();
    }
  }

  @Test
  void closingEndsTheWaitingAndBreaksItForOthers() throws Exception {
    try (var party = party();
        var barrier = SharedBarrier.create(3)) {
      var there = party.begin(() -> barrier.await());
      Await.until(() -> barrier.getNumberWaiting() == 1, "the party waits");
      var waiter = waiting(barrier, 1);
      barrier.close();
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS))
          .hasCauseInstanceOf(BrokenBarrierException.class);
    }
  }

  @Test
  void oneIsEnoughAndNoneIsNot() throws Exception {
    try (var barrier = SharedBarrier.create(1)) {
      assertThat(barrier.await()).isZero();
      assertThat(barrier.toString()).contains("parties=1");
    }
    assertThatThrownBy(() -> SharedBarrier.create(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
