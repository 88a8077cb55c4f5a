package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedLock;
import io.procession.shared.SharedReadWriteLock;
import io.procession.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * Threads that wait through two mappings are signalled, interrupted or out of time as at the JDK's
 * twin: as many of them, and of each mapping those that wait longest.
 */
@NoLeaks
@SuppressWarnings("WaitNotInLoop") // each signal is meant for one call
class ConditionModelTest {

  private static final int STEPS = 600;
  private static final int MOST_WAITING = 6;

  /** The number of one kind of step. */
  private static final int INTERRUPT = 6;

  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  private final Random random = new Random(SEED);

  /** A lock and its condition through one mapping, and those who wait there. */
  private static final class Side implements AutoCloseable {
    final Lock lock;
    final Condition condition;
    final Waiters waiters = new Waiters();

    Side(Lock lock, Condition condition) {
      this.lock = lock;
      this.condition = condition;
    }

    /** Has one thread more wait, and returns when it does. */
    void start() {
      var entered = new AtomicInteger();
      waiters.start(() -> {
        lock.lock();
        try {
          entered.set(1);
          condition.await();
          return "signalled";
        } finally {
          lock.unlock();
        }
      });
      Waiters.until(() -> entered.get() == 1, () -> "a thread has the lock");
      locked(() -> {}); // it gave the lock back, so it waits
    }

    void locked(Runnable deed) {
      lock.lock();
      try {
        deed.run();
      } finally {
        lock.unlock();
      }
    }

    boolean awaitShortly() throws InterruptedException {
      lock.lock();
      try {
        return condition.await(1, TimeUnit.MICROSECONDS);
      } finally {
        lock.unlock();
      }
    }

    /** Who waits, the longest first. */
    List<Integer> waiting() {
      var all = new ArrayList<Integer>();
      for (var number = 0; number < waiters.size(); number++) {
        if (waiters.waits(number)) {
          all.add(number);
        }
      }
      return all;
    }

    @Override
    public void close() {
      locked(condition::signalAll);
      waiters.close();
    }
  }

  @Test
  void theConditionOfALockDoesWhatItsTwinDoes() throws Exception {
    try (var elsewhere = new Elsewhere();
        var lock = SharedLock.create();
        var condition = lock.newCondition()) {
      var there = elsewhere.handle(lock);
      compare(new Side(lock, condition), new Side(there, elsewhere.handle(condition)));
    }
  }

  @Test
  void theConditionOfAFairLockDoesWhatItsTwinDoes() throws Exception {
    try (var elsewhere = new Elsewhere();
        var lock = SharedLock.createFair();
        var condition = lock.newCondition()) {
      var there = elsewhere.handle(lock);
      compare(new Side(lock, condition), new Side(there, elsewhere.handle(condition)));
    }
  }

  @Test
  void theConditionOfAWriteLockDoesWhatItsTwinDoes() throws Exception {
    try (var elsewhere = new Elsewhere();
        var lock = SharedReadWriteLock.create();
        var condition = lock.writeLock().newCondition()) {
      var there = elsewhere.handle(lock);
      compare(
          new Side(lock.writeLock(), condition),
          new Side(there.writeLock(), elsewhere.handle(condition)));
    }
  }

  private void compare(Side here, Side there) throws Exception {
    var lock = new ReentrantLock();
    var condition = lock.newCondition();
    try (here;
        there;
        var twin = new Side(lock, condition)) {
      for (var step = 0; step < STEPS; step++) {
        var at = "step %d, seed %d".formatted(step, SEED);
        var side = random.nextBoolean() ? here : there;
        var waitingHere = here.waiting();
        var waitingThere = there.waiting();
        var which = random.nextInt(INTERRUPT + 2);
        switch (which) {
          case 0, 1, 2 -> {
            if (twin.waiters.waiting() < MOST_WAITING) {
              side.start();
              twin.start();
            }
          }
          case 3, 4 -> {
            side.locked(side.condition::signal);
            twin.locked(twin.condition::signal);
          }
          case 5 -> {
            if (random.nextInt(3) == 0) {
              side.locked(side.condition::signalAll);
              twin.locked(twin.condition::signalAll);
            }
          }
          case INTERRUPT -> {
            if (!side.waiting().isEmpty()) {
              interruptAny(side);
              interruptAny(twin);
            }
          }
          default -> assertThat(side.awaitShortly()).as(at).isEqualTo(twin.awaitShortly());
        }
        Waiters.until(
            () -> twin.waiters.waiting() == waiting(lock, condition),
            () -> "the twin rests; " + at);
        Waiters.until(
            () -> here.waiters.waiting() + there.waiters.waiting() == twin.waiters.waiting(),
            () ->
                "as many wait as at the twin; %s, waiting %s and %s, at the twin %s"
                    .formatted(at, here.waiting(), there.waiting(), twin.waiting()));
        assertThat(interrupted(here) + interrupted(there)).as(at).isEqualTo(interrupted(twin));
        if (which != INTERRUPT) {
          checkOrder(waitingHere, here.waiting(), at);
          checkOrder(waitingThere, there.waiting(), at);
        }
      }
    }
  }

  private static int waiting(ReentrantLock lock, Condition condition) {
    lock.lock();
    try {
      return lock.getWaitQueueLength(condition);
    } finally {
      lock.unlock();
    }
  }

  private void interruptAny(Side side) {
    side.waiters.interrupt(side.waiters.waiting(random.nextInt(side.waiters.waiting())));
  }

  private static int interrupted(Side side) {
    return (int) side.waiters.outcomes().stream().filter("InterruptedException"::equals).count();
  }

  /** Who waited longest went first. */
  private static void checkOrder(List<Integer> before, List<Integer> after, String at) {
    var left = before.stream().filter(after::contains).toList();
    assertThat(before).as(at).endsWith(left.toArray(Integer[]::new));
  }
}
