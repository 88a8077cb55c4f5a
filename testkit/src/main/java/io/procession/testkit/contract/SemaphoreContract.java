package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.SharedLatch;
import io.procession.shared.SharedSemaphore;
import io.procession.testkit.Await;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a {@link SharedSemaphore} promises. */
@SuppressWarnings("try") // what is closed early is closed again
public abstract class SemaphoreContract extends SharedContract {

  /** For subclasses. */
  protected SemaphoreContract() {}

  private static int release(SharedSemaphore semaphore, int permits) {
    semaphore.release(permits);
    return permits;
  }

  @Test
  void permitsAreSharedByAllProcesses() throws Exception {
    try (var party = party();
        var semaphore = SharedSemaphore.create(5)) {
      assertThat(party.call(() -> semaphore.tryAcquire(3))).isTrue();
      assertThat(semaphore.availablePermits()).isEqualTo(2);
      assertThat(semaphore.tryAcquire(3)).isFalse();
      assertThat(semaphore.tryAcquire(3, SHORT)).isFalse();
      semaphore.acquire();
      semaphore.acquireUninterruptibly(1);
      assertThat(semaphore.tryAcquire()).isFalse();
      party.call(() -> release(semaphore, 3));
      semaphore.release();
      assertThat(semaphore.drainPermits()).isEqualTo(4);
      assertThat(semaphore.availablePermits()).isZero();
      semaphore.release(7);
      assertThat(semaphore.availablePermits()).isEqualTo(7);
      assertThat(semaphore.toString()).contains("permits=7");
    }
  }

  @Test
  void whoWaitsGoesOnWhenThereAreEnough() throws Exception {
    try (var party = party();
        var semaphore = SharedSemaphore.create(0)) {
      for (var round = 0; round < 10; round++) {
        var three =
            start(() -> {
              semaphore.acquire(3);
              return semaphore.availablePermits();
            });
        var one = startVirtual(() -> semaphore.tryAcquire(LONG));
        three.asleep();
        var there = party.begin(() -> semaphore.tryAcquire(1, TimeUnit.MINUTES));
        semaphore.release(2);
        assertThat(one.get()).isTrue();
        assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(three.isDone()).isFalse();
        party.call(() -> release(semaphore, 3));
        assertThat(three.get()).isZero();
      }
    }
  }

  @Test
  void aBoundedOneRefusesMore() throws Exception {
    try (var party = party();
        var semaphore = SharedSemaphore.createBounded(2)) {
      assertThatThrownBy(semaphore::release)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("bound=2");
      semaphore.acquire(2);
      assertThat(party.call(() -> release(semaphore, 1))).isEqualTo(1);
      assertThatThrownBy(() -> semaphore.release(2)).isInstanceOf(IllegalStateException.class);
      semaphore.release();
      assertThat(semaphore.availablePermits()).isEqualTo(2);
    }
  }

  @Test
  void thePermitsOfTheDeadComeBack() throws Exception {
    try (var party = party();
        var semaphore = SharedSemaphore.create(3)) {
      assertThat(party.call(() -> semaphore.tryAcquire(3))).isTrue();
      party.call(() -> release(semaphore, 1));
      var waiter = start(() -> semaphore.tryAcquire(3, LONG)).asleep();
      assertThat(waiter.isDone()).isFalse();
      party.kill();
      assertThat(waiter.get()).isTrue();
      semaphore.release(3);
      assertThat(semaphore.availablePermits()).isEqualTo(3);
    }
  }

  @Test
  void whatTheDeadReleasedStays() throws Exception {
    try (var party = party();
        var begun = SharedLatch.create(1);
        var semaphore = SharedSemaphore.create(0)) {
      var _ =
          party.begin(() -> {
            semaphore.release(4);
            begun.countDown();
            return semaphore.tryAcquire(9, LONG);
          });
      begun.await();
      semaphore.acquire(1);
      party.kill();
      semaphore.acquire(3);
      assertThat(semaphore.availablePermits()).isZero();
    }
  }

  @Test
  void aBoundedOneStaysBoundedThoughOthersReleasedForTheDead() throws Exception {
    try (var party = party();
        var semaphore = SharedSemaphore.createBounded(2)) {
      assertThat(party.call(() -> semaphore.tryAcquire(2))).isTrue();
      semaphore.release(2);
      assertThat(semaphore.availablePermits()).isEqualTo(2);
      party.kill();
      assertThat(semaphore.availablePermits()).isEqualTo(2);
      semaphore.acquire(2);
      Await.until(() -> !semaphore.tryAcquire(), "there are no more than the bound");
      semaphore.release(2);
      assertThat(semaphore.availablePermits()).isEqualTo(2);
    }
  }

  @Test
  void anInterruptEndsOnlyWhatSaysSo() throws Exception {
    try (var semaphore = SharedSemaphore.create(0)) {
      var waiter =
          start(() -> {
            semaphore.acquire();
            return 0;
          });
      waiter.asleep().thread.interrupt();
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(InterruptedException.class);
      var stubborn =
          start(() -> {
            semaphore.acquireUninterruptibly();
            return Thread.currentThread().isInterrupted();
          });
      stubborn.asleep().thread.interrupt();
      semaphore.release();
      assertThat(stubborn.get()).isTrue();
    }
  }

  @Test
  void wrongNumbersAreRefusedAndFewerThanNoneAreADebt() throws Exception {
    try (var semaphore = SharedSemaphore.create(-1)) {
      assertThatThrownBy(() -> semaphore.acquire(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> semaphore.release(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> SharedSemaphore.createBounded(-1))
          .isInstanceOf(IllegalArgumentException.class);
      semaphore.release();
      assertThat(semaphore.tryAcquire()).isFalse();
      semaphore.release();
      assertThat(semaphore.tryAcquire()).isTrue();
    }
  }

  @Test
  void closingEndsTheWaiting() throws Exception {
    try (var semaphore = SharedSemaphore.create(0)) {
      var waiter = start(() -> semaphore.tryAcquire(LONG)).asleep();
      semaphore.close();
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
    }
  }
}
