package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Locks, conditions, events and semaphores, after CPython's test_locks. */
class LoopLockTest {

  private static void turns(EventLoop loop, int count) {
    for (var i = 0; i < count; i++) {
      loop.sleep(Duration.ZERO);
    }
  }

  @Test
  void oneTaskAtATimeHasTheLockInTheOrderOfTheirComing() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      var tasks = new ArrayList<LoopTask<?>>();
      for (var name : List.of("a", "b", "c")) {
        tasks.add(
            loop.createTask(() -> {
              lock.lock();
              try {
                log.add(name + " in");
                turns(loop, 3);
                log.add(name + " out");
              } finally {
                lock.unlock();
              }
            }));
      }
      loop.gatherAll(tasks);
      assertThat(lock.isLocked()).isFalse();
    });
    assertThat(log).containsExactly("a in", "a out", "b in", "b out", "c in", "c out");
  }

  @Test
  void nobodyOvertakesWhoeverWaits() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      lock.lock();
      var waits = loop.createTask(() -> lock.lock());
      turns(loop, 1);
      lock.unlock();
      assertThat(lock.tryLock()).as("it belongs to the one that waited").isFalse();
      waits.await();
      lock.unlock();
      assertThat(lock.tryLock()).isTrue();
    });
  }

  @Test
  void unlockingWhatIsFreeIsAnError() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      assertThatThrownBy(lock::unlock)
          .isInstanceOf(IllegalMonitorStateException.class)
          .hasMessageEndingWith("lock=LoopLock[free, waiting=0]");
    });
  }

  /** bpo-27585, bpo-32734: a cancelled waiter once took the lock with it. */
  @Test
  void aCancelledWaiterPassesTheLockOn() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      lock.lock();
      var first = loop.createTask(() -> lock.lock());
      var second = loop.createTask(() -> lock.lock());
      turns(loop, 1);
      lock.unlock(); // it is the first one's, which has not had its turn
      first.cancel();
      second.await();
      assertThat(first.isCancelled()).isTrue();
      assertThat(lock.isLocked()).isTrue();

      var third = loop.createTask(() -> lock.lock());
      turns(loop, 1);
      third.cancel();
      turns(loop, 2);
      lock.unlock();
      assertThat(lock.isLocked()).isFalse();
    });
  }

  @Test
  void aConditionWakesThoseThatWaitedLongest() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      var condition = lock.newCondition();
      var tasks = new ArrayList<LoopTask<?>>();
      for (var name : List.of("a", "b", "c", "d")) {
        tasks.add(
            loop.createTask(() -> {
              lock.lock();
              condition.await();
              log.add(name);
              lock.unlock();
            }));
      }
      turns(loop, 2);
      lock.lock();
      condition.signal(2);
      lock.unlock();
      turns(loop, 4);
      assertThat(log).containsExactly("a", "b");
      lock.lock();
      condition.signalAll();
      lock.unlock();
      loop.gatherAll(tasks);
      assertThat(log).containsExactly("a", "b", "c", "d");
    });
  }

  @Test
  void aConditionAwaitsAPredicate() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      var condition = lock.newCondition();
      var values = new ArrayList<Integer>();
      var waits =
          loop.createTask(() -> {
            lock.lock();
            condition.await(() -> values.size() == 3);
            lock.unlock();
            return values.size();
          });
      for (var i = 0; i < 3; i++) {
        turns(loop, 2);
        lock.lock();
        values.add(i);
        condition.signalAll();
        lock.unlock();
      }
      assertThat(waits.await()).isEqualTo(3);
    });
  }

  @Test
  void aConditionWantsItsLock() {
    EventLoop.execute(loop -> {
      var condition = LoopLock.create().newCondition();
      assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
      assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
    });
  }

  @Test
  void aCancelledWaiterOfAConditionHasTheLockAndPassesTheSignalOn() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      var condition = lock.newCondition();
      var log = new ArrayList<String>();
      var tasks = new ArrayList<LoopTask<?>>();
      for (var name : List.of("a", "b")) {
        tasks.add(
            loop.createTask(() -> {
              lock.lock();
              try {
                condition.await();
                log.add(name);
              } finally {
                assertThat(lock.isLocked()).isTrue();
                lock.unlock();
              }
            }));
      }
      turns(loop, 1);
      lock.lock();
      condition.signal();
      tasks.getFirst().cancel();
      lock.unlock();
      loop.gatherAll(tasks);
      assertThat(tasks.getFirst().isCancelled()).isTrue();
      assertThat(log).containsExactly("b");
      assertThat(lock.isLocked()).isFalse();
    });
  }

  @Test
  void anEventLetsEverybodyGo() {
    EventLoop.execute(loop -> {
      var event = LoopEvent.create();
      var a = loop.createTask(() -> event.await());
      var b = loop.createTask(() -> event.await());
      var cancelled = loop.createTask(() -> event.await());
      turns(loop, 1);
      cancelled.cancel();
      event.set();
      event.clear();
      loop.gather(a, b);
      loop.gatherAll(cancelled);
      assertThat(cancelled.isCancelled()).isTrue();
      assertThat(event.isSet()).isFalse();
      event.set();
      event.await();
    });
  }

  @Test
  void aSemaphoreLetsSoManyIn() {
    EventLoop.execute(loop -> {
      var semaphore = LoopSemaphore.create(2);
      var inside = new int[2];
      var tasks = new ArrayList<LoopTask<?>>();
      for (var i = 0; i < 10; i++) {
        tasks.add(
            loop.createTask(() -> {
              semaphore.acquire();
              inside[1] = Math.max(inside[1], ++inside[0]);
              turns(loop, 3);
              inside[0]--;
              semaphore.release();
            }));
      }
      loop.gatherAll(tasks);
      assertThat(inside).containsExactly(0, 2);
      assertThat(semaphore.availablePermits()).isEqualTo(2);
    });
  }

  @Test
  void aCancelledWaiterOfASemaphorePassesThePermitOn() {
    EventLoop.execute(loop -> {
      var semaphore = LoopSemaphore.create(0);
      var first = loop.createTask(() -> semaphore.acquire());
      var second = loop.createTask(() -> semaphore.acquire());
      turns(loop, 1);
      semaphore.release();
      first.cancel();
      second.await();
      assertThat(semaphore.tryAcquire()).isFalse();
      semaphore.release();
      assertThat(semaphore.tryAcquire()).isTrue();
    });
  }

  @Test
  void aBoundedSemaphoreTakesNoMoreThanItGave() {
    EventLoop.execute(loop -> {
      var semaphore = LoopSemaphore.bounded(1);
      semaphore.acquire();
      semaphore.release();
      assertThatThrownBy(semaphore::release)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("permits=1");
      assertThatThrownBy(() -> LoopSemaphore.create(-1))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }
}
