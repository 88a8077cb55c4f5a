package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Locks and their kin whose waiters are cancelled at bad moments, after CPython's test_locks. */
class LoopLockRaceTest {

  private static void turns(EventLoop loop, int count) {
    for (var i = 0; i < count; i++) {
      loop.sleep(Duration.ZERO);
    }
  }

  /** bpo-32734: two had the lock at once. */
  @Test
  void aWaiterThatIsCancelledAtTheUnlockLetsOneOtherIn() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      lock.lock();
      var tasks = Stream.generate(() -> loop.createTask(() -> lock.lock())).limit(3).toList();
      turns(loop, 1);
      loop.callSoon(() -> {
        tasks.get(0).cancel();
        lock.unlock();
      });
      loop.gatherAll(tasks.get(0));
      turns(loop, 2);
      assertThat(tasks).extracting(LoopTask::isDone).containsExactly(true, true, false);
      assertThat(tasks.get(0).isCancelled()).isTrue();
      lock.unlock();
      tasks.get(2).await();
      lock.unlock();
      assertThat(lock.isLocked()).isFalse();
      assertThat(lock.toString()).isEqualTo("LoopLock[free, waiting=0]");
    });
  }

  @Test
  void anEventThatIsClearedHoldsNobodyWhoWasLetGo() {
    EventLoop.execute(loop -> {
      var event = LoopEvent.create();
      var early = loop.createTask(() -> event.await());
      turns(loop, 1);
      event.set();
      event.clear();
      var late = loop.createTask(() -> event.await());
      early.await();
      turns(loop, 3);
      assertThat(late.isDone()).isFalse();
      event.set();
      late.await();
    });
  }

  /** gh-90155: one who was cancelled took the permit of the next. */
  @Test
  void cancelledWaitersOfASemaphoreArePassedOver() {
    EventLoop.execute(loop -> {
      var semaphore = LoopSemaphore.create(0);
      var tasks =
          Stream.generate(() -> loop.createTask(() -> semaphore.acquire())).limit(4).toList();
      turns(loop, 1);
      tasks.get(0).cancel();
      tasks.get(1).cancel();
      semaphore.release();
      turns(loop, 2);
      assertThat(tasks).extracting(LoopTask::isDone).containsExactly(true, true, true, false);
      assertThat(tasks.get(2).isCancelled()).isFalse();
      semaphore.release();
      tasks.get(3).await();
      assertThat(semaphore.availablePermits()).isZero();
    });
  }

  @Test
  void oneWhoIsCancelledWhileThePermitComesLeavesItToAll() {
    EventLoop.execute(loop -> {
      var semaphore = LoopSemaphore.create(1);
      var tasks = new ArrayList<LoopTask<?>>();
      tasks.add(
          loop.createTask(() -> {
            semaphore.acquire();
            turns(loop, 1);
            semaphore.release();
            tasks.get(1).cancel();
          }));
      tasks.add(
          loop.createTask(() -> {
            semaphore.acquire();
            throw new AssertionError("it was cancelled");
          }));
      loop.gatherAll(tasks);
      assertThat(tasks.get(0).exception()).isNull();
      assertThat(tasks.get(1).isCancelled()).isTrue();
      assertThat(semaphore.availablePermits()).isEqualTo(1);
    });
  }

  @Test
  void permitsGoToWhoeverHasWaitedLongest() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var semaphore = LoopSemaphore.create(1);
      TaskGroup.execute(group -> {
        for (var name : List.of("a", "b", "c")) {
          group.createTask(() -> {
            for (var round = 1; round <= 2; round++) {
              semaphore.acquire();
              log.add(name + round);
              turns(loop, 2);
              semaphore.release();
            }
          });
        }
      });
    });
    assertThat(log).containsExactly("a1", "b1", "c1", "a2", "b2", "c2");
  }

  @Test
  void aWaiterOfAConditionMayBeCancelledWhileAnotherHasTheLock() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      var condition = lock.newCondition();
      var waits =
          loop.createTask(() -> {
            lock.lock();
            try {
              condition.await();
            } finally {
              lock.unlock();
            }
          });
      turns(loop, 1);
      lock.lock();
      condition.signal();
      turns(loop, 1); // it was woken, and wants the lock
      waits.cancel();
      turns(loop, 2);
      assertThat(waits.isDone()).as("it must have the lock first").isFalse();
      lock.unlock();
      loop.gatherAll(waits);
      assertThat(waits.isCancelled()).isTrue();
      assertThat(lock.isLocked()).isFalse();
    });
  }

  @Test
  void aConditionMayBeSignalledMoreOftenThanAnybodyWaits() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      var condition = lock.newCondition();
      var log = new ArrayList<String>();
      var tasks =
          Stream.of("a", "b", "c")
              .map(name ->
                  loop.createTask(() -> {
                    lock.lock();
                    condition.await();
                    log.add(name);
                    lock.unlock();
                  }))
              .toList();
      turns(loop, 1);
      lock.lock();
      condition.signal(1);
      condition.signal(2048);
      lock.unlock();
      loop.gatherAll(tasks);
      assertThat(log).containsExactly("a", "b", "c");
    });
  }

  @Test
  void whatIsTrueAlreadyNeedsNoLock() {
    EventLoop.execute(loop -> {
      var condition = LoopLock.create().newCondition();
      condition.await(() -> true);
      assertThatThrownBy(() -> condition.await(() -> false))
          .isInstanceOf(IllegalMonitorStateException.class);
    });
  }

  @Test
  void aWaitForAConditionMayBeLimitedInTimeAndHasTheLockAfterwards() {
    EventLoop.execute(loop -> {
      var lock = LoopLock.create();
      var condition = lock.newCondition();
      lock.lock();
      assertThatThrownBy(() ->
              loop.timeout(
                  Duration.ofMillis(1),
                  () -> {
                    condition.await();
                    return null;
                  }))
          .isInstanceOf(TimeoutException.class);
      assertThat(lock.isLocked()).isTrue();
      lock.unlock();
    });
  }

  /** As CPython's test_abort_barrier_when_exception_then_resetting. */
  @Test
  void aBarrierThatOnePartyBrokeServesAgainAfterAReset() {
    EventLoop.execute(loop -> {
      var parties = 5;
      var barrier = LoopBarrier.create(parties);
      var meeting = LoopBarrier.create(parties);
      var log = new ArrayList<String>();
      TaskGroup.execute(group -> {
        for (var party = 0; party < parties; party++) {
          group.createTask(() -> {
            if (barrier.await() == parties / 2) {
              barrier.breakBarrier();
            } else {
              assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
              log.add("broken");
            }
            if (meeting.await() == parties / 2) {
              barrier.reset();
            }
            meeting.await();
            barrier.await();
            log.add("again");
          });
        }
      });
      assertThat(log).containsOnly("broken", "again").hasSize(2 * parties - 1);
      assertThat(barrier.isBroken()).isFalse();
      assertThat(barrier.getNumberWaiting()).isZero();
    });
  }
}
