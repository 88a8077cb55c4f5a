package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedLock;
import io.procession.shared.SharedReadWriteLock;
import io.procession.shared.SharedSemaphore;
import io.procession.testkit.NoLeaks;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;

/** Random calls by several threads, of one mapping and of another, do what the JDK's twin does. */
@NoLeaks
class SynchronizerModelTest {

  private static final int STEPS = 3000;
  private static final int THREADS = 2;
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  private final Random random = new Random(SEED);

  /** One of several calls on one object. */
  private interface Call extends Serializable {
    Object make(int which) throws Exception;
  }

  /** Somebody who makes calls, always on the same thread. */
  private interface Actor {
    Object make(Call call, int which) throws Exception;
  }

  private static Actor of(ExecutorService thread) {
    return (call, which) -> thread.submit(() -> call.make(which)).get(1, TimeUnit.MINUTES);
  }

  private static Actor of(MemberParty party) {
    return (call, which) -> party.call(() -> call.make(which));
  }

  /** What a call gave, or the exception that it threw. */
  private static String outcome(Callable<?> call) {
    try {
      return String.valueOf(call.call());
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause() == null ? e : e.getCause().getClass());
    } catch (Exception e) {
      return String.valueOf(e.getClass());
    }
  }

  /** Calls on a lock: 0 takes it, 1 gives it back; 2 and 3 for another lock. */
  private static boolean call(Lock lock, Lock other, int which) {
    var one = which < 2 ? lock : other;
    if (which % 2 == 0) {
      return one.tryLock();
    }
    one.unlock();
    return true;
  }

  /** More calls on a read-write lock, after the four of {@link #call}. */
  private static Object call(SharedReadWriteLock lock, int which) throws InterruptedException {
    return switch (which) {
      case 4 -> lock.readLock().tryLock(1, TimeUnit.MICROSECONDS);
      case 5 -> lock.writeLock().tryLock(1, TimeUnit.MICROSECONDS);
      case 6 -> lock.readLock().getHoldCount() + " " + lock.writeLock().getHoldCount();
      case 7 -> lock.isWriteLocked() + " " + (lock.getReadLockCount() > 0);
      default -> call(lock.readLock(), lock.writeLock(), which);
    };
  }

  private static Object call(ReentrantReadWriteLock lock, int which) throws InterruptedException {
    return switch (which) {
      case 4 -> lock.readLock().tryLock(1, TimeUnit.MICROSECONDS);
      case 5 -> lock.writeLock().tryLock(1, TimeUnit.MICROSECONDS);
      case 6 -> lock.getReadHoldCount() + " " + lock.getWriteHoldCount();
      case 7 -> lock.isWriteLocked() + " " + (lock.getReadLockCount() > 0);
      default -> call(lock.readLock(), lock.writeLock(), which);
    };
  }

  private static int permits(SharedSemaphore semaphore, int permits) {
    if (permits < 0) {
      semaphore.release(-permits);
    } else {
      return semaphore.tryAcquire(permits) ? 1 : 0;
    }
    return semaphore.availablePermits();
  }

  private static int permits(Semaphore semaphore, int permits) {
    if (permits < 0) {
      semaphore.release(-permits);
    } else {
      return semaphore.tryAcquire(permits) ? 1 : 0;
    }
    return semaphore.availablePermits();
  }

  /** The same calls on a shared object and on its twin; each actor has a thread for the twin. */
  private void compare(int calls, Call shared, Call twin, MemberParty party) throws Exception {
    var actors = new ArrayList<Actor>(List.of(of(party)));
    var threads = new ArrayList<ExecutorService>();
    var twins = new ArrayList<Actor>();
    for (var i = 0; i < THREADS; i++) {
      threads.add(Executors.newSingleThreadExecutor());
      actors.add(of(threads.getLast()));
    }
    for (var i = 0; i <= THREADS; i++) {
      threads.add(Executors.newSingleThreadExecutor());
      twins.add(of(threads.getLast()));
    }
    try {
      for (var step = 0; step < STEPS; step++) {
        var who = random.nextInt(actors.size());
        var which = random.nextInt(calls);
        var actual = outcome(() -> actors.get(who).make(shared, which));
        var expected = outcome(() -> twins.get(who).make(twin, which));
        assertThat(actual).as("step %d, call %d, seed %d", step, which, SEED).isEqualTo(expected);
      }
    } finally {
      threads.forEach(ExecutorService::close);
    }
  }

  @Test
  void aLockDoesWhatItsTwinDoes() throws Exception {
    for (var fair : new boolean[] {false, true}) {
      try (var party = new MemberParty();
          var lock = SharedLock.create(fair)) {
        var twin = new ReentrantLock(fair);
        compare(2, n -> call(lock, lock, n), n -> call(twin, twin, n), party);
      }
    }
  }

  @Test
  void theLocksOfAReadWriteLockDoWhatTheirTwinsDo() throws Exception {
    try (var party = new MemberParty();
        var lock = SharedReadWriteLock.create()) {
      var twin = new ReentrantReadWriteLock();
      compare(8, n -> call(lock, n), n -> call(twin, n), party);
    }
  }

  @Test
  void aBoundedSemaphoreDoesWhatItsTwinDoesUpToItsBound() throws Exception {
    var bound = 4;
    try (var party = new MemberParty();
        var semaphore = SharedSemaphore.createBounded(bound)) {
      var twin = new Semaphore(bound);
      for (var step = 0; step < STEPS; step++) {
        var permits = random.nextInt(-3, 4);
        var here = random.nextBoolean();
        var actual =
            outcome(() ->
                here ? permits(semaphore, permits) : party.call(() -> permits(semaphore, permits)));
        var expected =
            twin.availablePermits() - permits > bound
                ? String.valueOf(IllegalStateException.class)
                : outcome(() -> permits(twin, permits));
        assertThat(actual).as("step %d, seed %d", step, SEED).isEqualTo(expected);
        assertThat(semaphore.availablePermits()).isEqualTo(twin.availablePermits());
        if (step % 100 == 0) {
          assertThat(semaphore.drainPermits()).isEqualTo(twin.drainPermits());
        }
      }
    }
  }

  @Test
  void aSemaphoreDoesWhatItsTwinDoes() throws Exception {
    try (var party = new MemberParty();
        var semaphore = SharedSemaphore.create(5)) {
      var twin = new Semaphore(5);
      for (var step = 0; step < STEPS; step++) {
        var permits = random.nextInt(-3, 5);
        var actual =
            random.nextBoolean()
                ? permits(semaphore, permits)
                : party.call(() -> permits(semaphore, permits));
        assertThat(actual).as("step %d, seed %d", step, SEED).isEqualTo(permits(twin, permits));
        if (step % 100 == 0) {
          assertThat(semaphore.drainPermits()).isEqualTo(twin.drainPermits());
        }
      }
    }
  }
}
