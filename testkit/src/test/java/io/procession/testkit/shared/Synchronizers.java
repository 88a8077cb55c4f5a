package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedBarrier;
import io.procession.shared.SharedCondition;
import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedReadWriteLock;
import io.procession.shared.SharedSemaphore;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One of each, to be used by several processes at once while some die. */
@SuppressWarnings("LockNotBeforeTry") // a failure ends the process
record Synchronizers(
    SharedLock lock,
    SharedCondition condition,
    SharedLock fair,
    SharedSemaphore permits,
    SharedSemaphore signals,
    SharedReadWriteLock readWrite,
    SharedEvent event,
    SharedLatch latch,
    SharedBarrier barrier)
    implements AutoCloseable {

  private static final int PERMITS = 3;
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  static Synchronizers create() {
    var lock = SharedLock.create();
    return new Synchronizers(
        lock,
        lock.newCondition(),
        SharedLock.createFair(),
        SharedSemaphore.create(PERMITS),
        SharedSemaphore.create(0),
        SharedReadWriteLock.create(),
        SharedEvent.create(),
        SharedLatch.create(Long.MAX_VALUE),
        SharedBarrier.create(2, () -> Thread.yield()));
  }

  /** Uses them all, as often. */
  int use(int times) throws InterruptedException {
    for (var i = 0; i < times; i++) {
      lock.lock();
      try {
        condition.signal();
        condition.await(SHORT);
      } finally {
        lock.unlock();
      }
      fair.lock();
      Thread.sleep(1); // so that the other one waits
      fair.unlock();
      permits.acquire();
      permits.release();
      signals.release(2); // one of them beyond its own
      signals.acquire();
      readWrite.readLock().lock();
      readWrite.readLock().unlock();
      readWrite.writeLock().lock();
      readWrite.writeLock().unlock();
      event.set();
      event.clear();
      latch.countDown();
      meet();
    }
    return times;
  }

  private void meet() throws InterruptedException {
    try {
      barrier.await(SHORT);
    } catch (TimeoutException | BrokenBarrierException _) {
      barrier.reset();
    }
  }

  /** Everyone else has ended: all of them work, and nothing is missing. */
  void check() throws Exception {
    assertThat(lock.tryLock(LONG)).isTrue();
    lock.makeConsistent();
    lock.unlock();
    assertThat(fair.tryLock(LONG)).isTrue();
    fair.unlock();
    assertThat(permits.tryAcquire(PERMITS, LONG)).isTrue();
    permits.release(PERMITS);
    assertThat(permits.availablePermits()).isEqualTo(PERMITS);
    assertThat(readWrite.writeLock().tryLock(LONG)).isTrue();
    readWrite.writeLock().unlock();
    event.set();
    assertThat(event.await(LONG)).isTrue();
    var before = latch.getCount();
    latch.countDown();
    assertThat(latch.getCount()).isEqualTo(before - 1);
    checkCondition();
    barrier.reset();
    var other = CompletableFuture.supplyAsync(this::arrive);
    assertThat(arrive() + other.get(1, TimeUnit.MINUTES)).isEqualTo(1);
  }

  private void checkCondition() throws Exception {
    lock.lock();
    var signaller = CompletableFuture.runAsync(this::signal);
    assertThat(condition.await(LONG)).isTrue();
    lock.unlock();
    signaller.get(1, TimeUnit.MINUTES);
  }

  private void signal() {
    lock.lock();
    try {
      condition.signal();
    } finally {
      lock.unlock();
    }
  }

  private int arrive() {
    try {
      return barrier.await(LONG);
    } catch (Exception e) {
      throw new AssertionError("a barrier that was reset breaks", e);
    }
  }

  @Override
  public void close() {
    condition.close();
    lock.close();
    fair.close();
    permits.close();
    signals.close();
    readWrite.close();
    event.close();
    latch.close();
    barrier.close();
  }
}
