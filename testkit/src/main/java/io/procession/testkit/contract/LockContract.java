package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedLong;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a {@link SharedLock} promises. */
@SuppressWarnings({"LockNotBeforeTry", "try"}) // locks and closes by hand, as its subject is
public abstract class LockContract extends SharedContract {

  private final boolean fair;

  /** For subclasses: with locks that are fair, or that are not. */
  protected LockContract(boolean fair) {
    this.fair = fair;
  }

  private static long addUnder(SharedLock lock, SharedLong sum, int times) {
    for (var i = 0; i < times; i++) {
      lock.lock();
      try {
        sum.set(sum.get() + 1);
      } finally {
        lock.unlock();
      }
    }
    return sum.get();
  }

  @Test
  void threadsOfAllProcessesExcludeEachOther() throws Exception {
    var times = 3000;
    try (var party = party();
        var lock = SharedLock.create(fair);
        var sum = SharedLong.create(0)) {
      var there = party.begin(() -> addUnder(lock, sum, times));
      var here = start(() -> addUnder(lock, sum, times));
      var virtual = startVirtual(() -> addUnder(lock, sum, times));
      here.get();
      virtual.get();
      there.get();
      assertThat(sum.get()).isEqualTo(3L * times);
      assertThat(lock.isLocked()).isFalse();
    }
  }

  @Test
  void whoHasItKeepsOthersOut() throws Exception {
    try (var party = party();
        var lock = SharedLock.create(fair)) {
      assertThat(party.call(() -> lock.tryLock())).isTrue();
      assertThat(lock.isLocked()).isTrue();
      assertThat(lock.isHeldByCurrentThread()).isFalse();
      assertThat(lock.ownerPid()).isPresent();
      assertThat(lock.toString()).contains("ownerPid=");
      assertThat(lock.tryLock()).isFalse();
      assertThat(lock.tryLock(SHORT)).isFalse();
      assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);

      party.call(() -> unlock(lock));
      assertThat(lock.isLocked()).isFalse();
      assertThat(lock.ownerPid()).isEmpty();
      assertThat(lock.tryLock()).isTrue();
      lock.unlock();
    }
  }

  private static int unlock(SharedLock lock) {
    lock.unlock();
    return lock.getHoldCount();
  }

  @Test
  void itIsReentrant() throws Exception {
    try (var party = party();
        var lock = SharedLock.create()) {
      lock.lock();
      lock.lockInterruptibly();
      assertThat(lock.tryLock()).isTrue();
      assertThat(lock.getHoldCount()).isEqualTo(3);
      lock.unlock();
      lock.unlock();
      assertThat(party.call(() -> lock.tryLock())).isFalse();
      lock.unlock();
      assertThat(lock.getHoldCount()).isZero();
      assertThat(party.call(() -> lock.tryLock())).isTrue();
    }
  }

  @Test
  void aThreadThatWaitsGoesOnWhenItIsFree() throws Exception {
    try (var party = party();
        var lock = SharedLock.create(fair)) {
      for (var round = 0; round < 20; round++) {
        party.call(() -> lock.tryLock());
        var here = start(() -> lock.tryLock(LONG) && unlock(lock) == 0).asleep();
        var virtual = startVirtual(() -> lock.tryLock(LONG) && unlock(lock) == 0).asleep();
        party.call(() -> unlock(lock));
        assertThat(here.get()).isTrue();
        assertThat(virtual.get()).isTrue();
      }
    }
  }

  @Test
  void aThreadElsewhereGoesOnWhenItIsFree() throws Exception {
    try (var party = party();
        var lock = SharedLock.create()) {
      for (var round = 0; round < 20; round++) {
        lock.lock();
        var there = party.begin(() -> lock.tryLock(1, TimeUnit.MINUTES) && unlock(lock) == 0);
        lock.unlock();
        assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void anInterruptEndsOnlyWhatSaysSo() throws Exception {
    try (var party = party();
        var lock = SharedLock.create(fair)) {
      party.call(() -> lock.tryLock());
      var interruptible =
          start(() -> {
            lock.lockInterruptibly();
            return 0;
          });
      interruptible.asleep().thread.interrupt();
      assertThatThrownBy(interruptible::get).hasCauseInstanceOf(InterruptedException.class);

      var uninterruptible =
          start(() -> {
            lock.lock();
            lock.unlock();
            return Thread.currentThread().isInterrupted();
          });
      uninterruptible.asleep().thread.interrupt();
      assertThat(lock.tryLock(SHORT)).isFalse();
      assertThat(uninterruptible.isDone()).isFalse();
      party.call(() -> unlock(lock));
      assertThat(uninterruptible.get()).isTrue();
    }
  }

  @Test
  void anInterruptBeforeCountsToo() throws Exception {
    try (var lock = SharedLock.create()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      assertThat(lock.isLocked()).isFalse();
    }
  }

  @Test
  void closingEndsTheWaitingOfThisProcessOnly() throws Exception {
    try (var party = party();
        var lock = SharedLock.create()) {
      party.call(() -> lock.tryLock());
      var waiter = start(() -> lock.tryLock(LONG)).asleep();
      lock.close();
      assertThatThrownBy(waiter::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class);
      assertThat(lock.toString()).contains("closed");
    }
  }

  @Test
  void closingWhileItIsHeldPassesItOnWithAWarning() throws Exception {
    try (var party = party();
        var begun = SharedLatch.create(1);
        var lock = SharedLock.create()) {
      lock.lock();
      var there =
          party.begin(() -> {
            begun.countDown();
            return lock.tryLock(1, TimeUnit.MINUTES) && lock.ownerDied();
          });
      begun.await();
      lock.close();
      assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theLockOfADeadOwnerGoesOnWithAWarning() throws Exception {
    try (var party = party();
        var lock = SharedLock.create(fair)) {
      party.call(() -> lock.tryLock());
      var waiter =
          start(() -> {
            lock.lock();
            var warned = lock.ownerDied();
            lock.unlock();
            lock.lock();
            warned &= lock.ownerDied();
            lock.makeConsistent();
            warned &= !lock.ownerDied();
            lock.unlock();
            return warned;
          });
      waiter.asleep();
      assertThat(waiter.isDone()).isFalse();
      party.kill();
      assertThat(waiter.get()).isTrue();
      assertThat(lock.isLocked()).isFalse();
      assertThatThrownBy(lock::makeConsistent).isInstanceOf(IllegalMonitorStateException.class);
    }
  }

  @Test
  void aDeathBeforeAnyoneWaitsIsSeen() throws Exception {
    try (var party = party();
        var lock = SharedLock.create()) {
      party.call(() -> lock.tryLock());
      party.kill();
      lock.lock();
      assertThat(lock.ownerDied()).isTrue();
      lock.unlock();
    }
  }

  @Test
  void aFairLockGoesToThoseWhoWaitInTheirOrder() throws Exception {
    try (var party = party();
        var lock = SharedLock.createFair()) {
      var order = new CopyOnWriteArrayList<Integer>();
      lock.lock();
      var waiters = new ArrayList<Waiter<Boolean>>();
      for (var i = 0; i < 4; i++) {
        var number = i;
        waiters.add(
            start(
                    () -> {
                      lock.lock();
                      order.add(number);
                      lock.unlock();
                      return true;
                    })
                .asleep());
      }
      var there = party.begin(() -> lock.tryLock(1, TimeUnit.MINUTES) && unlock(lock) == 0);
      lock.unlock();
      for (var waiter : waiters) {
        waiter.get();
      }
      there.get();
      assertThat(order).isEqualTo(List.of(0, 1, 2, 3));
      assertThat(lock.isFair()).isTrue();
    }
  }
}
