package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.function.RemoteCallable;
import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedBarrier;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedPipe;
import io.procession.shared.SharedReadWriteLock;
import io.procession.shared.SharedSemaphore;
import io.procession.testkit.Await;
import java.io.EOFException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/**
 * Who waits for a process that is killed goes on soon: at once where the parent of both sees the
 * end, else within 100 ms. Each test prints how long it took, and fails only if it took seconds.
 */
@SuppressWarnings("LockNotBeforeTry") // locks by hand, as its subject is
public abstract class OwnerDeathContract extends SharedContract {

  private static final Duration SOON = Duration.ofSeconds(5);

  /** For subclasses. */
  protected OwnerDeathContract() {}

  /** A thread that waits, and when it went on. */
  private static Waiter<Long> timed(Callable<?> work, boolean virtual) {
    Callable<Long> all =
        () -> {
          var _ = work.call();
          return System.nanoTime();
        };
    return virtual ? startVirtual(all) : start(all);
  }

  /**
   * Has a party take something that a platform thread and a virtual one wait for, and kills it.
   *
   * @param taking gives whether the party has it
   * @param waiting what each of the two does
   */
  private void measure(String what, RemoteCallable<Boolean> taking, Callable<?> waiting)
      throws Exception {
    try (var party = party()) {
      assertThat(party.call(taking)).isTrue();
      killAndMeasure(what, party, waiting);
    }
  }

  private void killAndMeasure(String what, Party party, Callable<?> waiting) throws Exception {
    var platform = timed(waiting, false).asleep();
    var virtual = timed(waiting, true).asleep();
    assertThat(platform.isDone() || virtual.isDone()).isFalse();
    var killed = System.nanoTime();
    party.kill();
    var nanos = List.of(platform.get() - killed, virtual.get() - killed);
    System.out.printf(
        "after a death: %s, %s: %.1f and %.1f ms%n",
        what, getClass().getSimpleName(), nanos.getFirst() / 1e6, nanos.getLast() / 1e6);
    assertThat(nanos).allSatisfy(each -> assertThat(Duration.ofNanos(each)).isLessThan(SOON));
  }

  private static boolean lockBriefly(Lock lock) {
    lock.lock();
    lock.unlock();
    return true;
  }

  @Test
  void aLock() throws Exception {
    try (var lock = SharedLock.create()) {
      measure("a lock", () -> lock.tryLock(), () -> lockBriefly(lock));
      assertThat(lock.ownerDied()).isTrue();
    }
  }

  @Test
  void aFairLock() throws Exception {
    try (var lock = SharedLock.createFair()) {
      measure("a fair lock", () -> lock.tryLock(), () -> lockBriefly(lock));
      assertThat(lock.ownerDied()).isTrue();
    }
  }

  @Test
  void aWriteLockForReaders() throws Exception {
    try (var lock = SharedReadWriteLock.create()) {
      var write = lock.writeLock();
      measure("a write lock", () -> write.tryLock(), () -> lockBriefly(lock.readLock()));
      assertThat(lock.ownerDied()).isTrue();
    }
  }

  @Test
  void aReadLockForWriters() throws Exception {
    try (var lock = SharedReadWriteLock.create()) {
      var read = lock.readLock();
      measure("a read lock", () -> read.tryLock(), () -> lockBriefly(lock.writeLock()));
      assertThat(lock.ownerDied()).isFalse();
    }
  }

  @Test
  void permits() throws Exception {
    try (var semaphore = SharedSemaphore.create(2)) {
      measure(
          "permits",
          () -> semaphore.tryAcquire(2),
          () -> {
            semaphore.acquire();
            return true;
          });
      assertThat(semaphore.availablePermits()).isZero();
    }
  }

  @Test
  void aBarrier() throws Exception {
    try (var party = party();
        var barrier = SharedBarrier.create(4)) {
      var _ = party.begin(() -> barrier.await());
      Await.until(() -> barrier.getNumberWaiting() == 1, "the party waits");
      killAndMeasure(
          "a barrier",
          party,
          () ->
              assertThatThrownBy(() -> barrier.await(LONG))
                  .isInstanceOf(BrokenBarrierException.class));
      assertThat(barrier.isBroken()).isTrue();
    }
  }

  private static boolean take(JoinableQueue<Integer> jobs, int count) throws InterruptedException {
    for (var i = 0; i < count; i++) {
      var _ = jobs.take();
    }
    return true;
  }

  @Test
  void leases() throws Exception {
    try (var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      jobs.put(2);
      measure(
          "leases",
          () -> take(jobs, 2),
          () -> {
            var lease = jobs.lease();
            assertThat(lease.isRedelivered()).isTrue();
            lease.done();
            return true;
          });
      assertThat(jobs.unfinished()).isZero();
    }
  }

  @Test
  void theLastLease() throws Exception {
    try (var jobs = JoinableQueue.<Integer>create()) {
      jobs.put(1);
      try (var first = party()) {
        assertThat(first.call(() -> take(jobs, 1))).isTrue();
        first.kill();
      }
      measure(
          "all that was to do",
          () -> take(jobs, 1),
          () -> {
            jobs.join();
            return true;
          });
    }
  }

  @Test
  void theOtherEndOfAPipe() throws Exception {
    try (var pipe = SharedPipe.create();
        var never = SharedLock.create()) {
      var theirs = pipe.second();
      never.lock();
      try (var party = party()) {
        var _ =
            party.begin(() -> {
              theirs.send("here");
              return never.tryLock(1, TimeUnit.MINUTES) && theirs.canSend();
            });
        assertThat(pipe.first().receive()).isEqualTo("here");
        killAndMeasure(
            "the other end of a pipe",
            party,
            () ->
                assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class));
      }
      never.unlock();
    }
  }
}
