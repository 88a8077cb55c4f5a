package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.SharedCondition;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedReadWriteLock;
import io.procession.testkit.Await;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** What a {@link SharedCondition} promises. */
@SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry", "try"}) // what the tests are about; closed again
public abstract class ConditionContract extends SharedContract {

  /** For subclasses. */
  protected ConditionContract() {}

  /** Waits until it is signalled, having said that it will. */
  private static boolean await(Lock lock, SharedCondition condition, SharedLatch entered)
      throws InterruptedException {
    lock.lock();
    try {
      entered.countDown();
      return condition.await(LONG);
    } finally {
      lock.unlock();
    }
  }

  private static int signal(Lock lock, SharedCondition condition) {
    lock.lock();
    try {
      condition.signal();
      return 1;
    } finally {
      lock.unlock();
    }
  }

  private static int takeTurns(
      SharedLock lock, SharedCondition changed, SharedLong turn, int self, int rounds)
      throws InterruptedException {
    for (var round = 0; round < rounds; round++) {
      lock.lock();
      try {
        while (turn.get() != self) {
          changed.await();
        }
        turn.set(1 - self);
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
    return rounds;
  }

  @Test
  void twoProcessesTakeTurns() throws Exception {
    try (var party = party();
        var lock = SharedLock.create();
        var changed = lock.newCondition();
        var turn = SharedLong.create(0)) {
      var rounds = 300;
      var there = party.begin(() -> takeTurns(lock, changed, turn, 1, rounds));
      assertThat(takeTurns(lock, changed, turn, 0, rounds)).isEqualTo(rounds);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(rounds);
    }
  }

  @Test
  void oneSignalWakesOneThread() throws Exception {
    try (var party = party();
        var lock = SharedLock.create();
        var condition = lock.newCondition();
        var entered = SharedLatch.create(3)) {
      var first = start(() -> await(lock, condition, entered));
      var second = startVirtual(() -> await(lock, condition, entered));
      var there = party.begin(() -> await(lock, condition, entered));
      entered.await();
      for (var signals = 1; signals <= 3; signals++) {
        signal(lock, condition);
        var wanted = signals;
        Await.until(
            () -> {
              var done = first.isDone() ? 1 : 0;
              done += second.isDone() ? 1 : 0;
              done += there.isDone() ? 1 : 0;
              assertThat(done).isLessThanOrEqualTo(wanted);
              return done == wanted;
            },
            "as many threads have gone on as were signalled");
      }
      assertThat(first.get() && second.get() && there.get()).isTrue();
    }
  }

  @Test
  void signallingAllWakesAllAndNobodyWhoComesLater() throws Exception {
    try (var party = party();
        var lock = SharedLock.create();
        var condition = lock.newCondition();
        var entered = SharedLatch.create(5)) {
      var waiters = new ArrayList<Waiter<Boolean>>();
      for (var i = 0; i < 4; i++) {
        waiters.add(start(() -> await(lock, condition, entered)));
      }
      var there = party.begin(() -> await(lock, condition, entered));
      entered.await();
      lock.lock();
      condition.signalAll();
      // This thread waits before any of those that are signalled has the lock.
      assertThat(condition.await(SHORT)).isFalse();
      lock.unlock();
      for (var waiter : waiters) {
        assertThat(waiter.get()).isTrue();
      }
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void waitingFreesTheLockAndHasItAgainAsOften() throws Exception {
    try (var party = party();
        var lock = SharedLock.create();
        var condition = lock.newCondition();
        var entered = SharedLatch.create(1)) {
      var waiter =
          start(() -> {
            lock.lock();
            lock.lock();
            entered.countDown();
            condition.awaitUninterruptibly();
            return lock.getHoldCount();
          });
      entered.await();
      assertThat(party.call(() -> signal(lock, condition))).isEqualTo(1);
      assertThat(waiter.get()).isEqualTo(2);
    }
  }

  @Test
  void timeRunsOut() throws Exception {
    try (var lock = SharedLock.create();
        var condition = lock.newCondition()) {
      lock.lock();
      assertThat(condition.await(SHORT)).isFalse();
      assertThat(condition.await(0, TimeUnit.SECONDS)).isFalse();
      assertThat(condition.awaitNanos(SHORT.toNanos())).isLessThanOrEqualTo(0);
      assertThat(condition.awaitUntil(Date.from(Instant.now().plus(SHORT)))).isFalse();
      assertThat(lock.getHoldCount()).isEqualTo(1);
      lock.unlock();
    }
  }

  @Test
  void anInterruptEndsTheWaitingWithTheLock() throws Exception {
    try (var lock = SharedLock.create();
        var condition = lock.newCondition();
        var entered = SharedLatch.create(1)) {
      var waiter =
          start(() -> {
            lock.lock();
            entered.countDown();
            try {
              condition.await();
              return false;
            } catch (InterruptedException _) {
              return lock.isHeldByCurrentThread() && !Thread.currentThread().isInterrupted();
            } finally {
              lock.unlock();
            }
          });
      entered.await();
      waiter.asleep().thread.interrupt();
      assertThat(waiter.get()).isTrue();
      signal(lock, condition); // for nobody
      lock.lock();
      assertThat(condition.await(SHORT)).isFalse();
      Thread.currentThread().interrupt();
      assertThatThrownBy(condition::await).isInstanceOf(InterruptedException.class);
      lock.unlock();
    }
  }

  @Test
  void onlyTheOwnerMayUseIt() throws Exception {
    try (var party = party();
        var lock = SharedLock.create();
        var condition = lock.newCondition()) {
      party.call(() -> lock.tryLock());
      assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
      assertThatThrownBy(condition::awaitUninterruptibly)
          .isInstanceOf(IllegalMonitorStateException.class);
      assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
      assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalMonitorStateException.class);
    }
  }

  @Test
  void closingTheLockOrTheConditionEndsTheWaiting() throws Exception {
    for (var whole : new boolean[] {true, false}) {
      try (var lock = SharedLock.create();
          var condition = lock.newCondition();
          var entered = SharedLatch.create(1)) {
        var waiter = start(() -> await(lock, condition, entered));
        entered.await();
        waiter.asleep();
        if (whole) {
          lock.close();
        } else {
          condition.close();
        }
        assertThatThrownBy(waiter::get).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(condition.isClosed()).isTrue();
      }
    }
  }

  @Test
  void aSignalForTheDeadIsPassedOn() throws Exception {
    try (var party = party();
        var lock = SharedLock.create();
        var condition = lock.newCondition();
        var there = SharedLatch.create(1);
        var here = SharedLatch.create(1)) {
      var _ = party.begin(() -> await(lock, condition, there));
      there.await();
      var waiter = start(() -> await(lock, condition, here));
      here.await();
      lock.lock();
      condition.signal();
      condition.signal();
      // Nobody has the lock yet; one of the two signals was the party's.
      party.kill();
      lock.unlock();
      assertThat(waiter.get()).isTrue();
    }
  }

  @Test
  void theWriteLockHasConditions() throws Exception {
    try (var party = party();
        var lock = SharedReadWriteLock.create();
        var condition = lock.writeLock().newCondition();
        var entered = SharedLatch.create(1)) {
      var write = lock.writeLock();
      var waiter = start(() -> await(write, condition, entered));
      entered.await();
      assertThat(party.call(() -> signal(write, condition))).isEqualTo(1);
      assertThat(waiter.get()).isTrue();
      assertThatThrownBy(() -> lock.readLock().newCondition())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }
}
