package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedBarrier;
import io.procession.shared.SharedCondition;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedLongArray;
import io.procession.shared.SharedPipe;
import io.procession.shared.SharedReadWriteLock;
import io.procession.shared.SharedSemaphore;
import java.time.Duration;
import java.util.List;

/** One of each object that a process can own a part of. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // a failure ends the test
record Possessions(
    SharedLock lock,
    SharedLock fairLock,
    SharedReadWriteLock written,
    SharedReadWriteLock read,
    SharedSemaphore permits,
    SharedSemaphore boundedPermits,
    SharedLock conditionLock,
    SharedCondition condition,
    SharedBarrier barrier,
    JoinableQueue<String> jobs,
    SharedPipe pipe,
    SharedLongArray events)
    implements AutoCloseable {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int PERMITS = 3;

  /** What becomes of those who wait in the owner. */
  private static final int ENTERED = 0;

  private static final int SIGNALLED = 1;
  private static final int PASSED = 2;

  static Possessions create() {
    var lock = SharedLock.create();
    return new Possessions(
        SharedLock.create(),
        SharedLock.createFair(),
        SharedReadWriteLock.create(),
        SharedReadWriteLock.create(),
        SharedSemaphore.create(PERMITS),
        SharedSemaphore.createBounded(PERMITS),
        lock,
        lock.newCondition(),
        SharedBarrier.create(2),
        JoinableQueue.create(),
        SharedPipe.create(),
        SharedLongArray.create(3));
  }

  /** The owner takes all. */
  boolean take() throws Exception {
    Thread.ofVirtual().start(this::awaitSignal);
    Thread.ofPlatform().daemon().start(this::arrive);
    pipe.second().send("sent before");
    return lock.tryLock()
        && fairLock.tryLock()
        && written.writeLock().tryLock()
        && read.readLock().tryLock()
        && permits.tryAcquire(PERMITS)
        && boundedPermits.tryAcquire(PERMITS)
        && jobs.take().equals("job");
  }

  private void awaitSignal() {
    conditionLock.lock();
    try {
      events.set(ENTERED, 1);
      events.set(SIGNALLED, condition.await(LONG) ? 1 : -1);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      conditionLock.unlock();
    }
  }

  private void arrive() {
    try {
      events.set(PASSED, barrier.await(LONG));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Whether those who wait in the owner do so. */
  boolean isWaitedFor() {
    conditionLock.lock();
    var isWaiting = events.get(ENTERED) == 1;
    conditionLock.unlock();
    return isWaiting && barrier.getNumberWaiting() == 1;
  }

  /** Others get nothing, though they ask for it. */
  void checkNothingIsTaken() throws Exception {
    assertThat(lock.tryLock(SHORT)).isFalse();
    assertThat(lock.ownerDied()).isFalse();
    assertThat(fairLock.tryLock(SHORT)).isFalse();
    assertThat(written.writeLock().tryLock(SHORT)).isFalse();
    assertThat(written.readLock().tryLock(SHORT)).isFalse();
    assertThat(read.writeLock().tryLock(SHORT)).isFalse();
    assertThat(read.getReadLockCount()).isEqualTo(1);
    assertThat(permits.tryAcquire(SHORT)).isFalse();
    assertThat(boundedPermits.tryAcquire(SHORT)).isFalse();
    assertThat(jobs.lease(SHORT)).isNull();
    assertThat(jobs.join(SHORT)).isFalse();
    assertThat(jobs.unfinished()).isEqualTo(1);
    assertThat(barrier.isBroken()).isFalse();
    assertThat(barrier.getNumberWaiting()).isEqualTo(1);
    assertThat(pipe.first().poll(SHORT)).as("a message, or the end").isFalse();
    pipe.first().send("sent meanwhile");
  }

  /** A signal for the owner is its, and nobody else's. */
  void signal() throws Exception {
    conditionLock.lock();
    condition.signal();
    assertThat(condition.await(SHORT)).as("another one's signal").isFalse();
    conditionLock.unlock();
  }

  /** The owner still has all, and gives it back; how many messages there were for it. */
  int giveBack() throws Exception {
    assertThat(
            List.of(
                lock.isHeldByCurrentThread(),
                fairLock.isHeldByCurrentThread(),
                written.writeLock().isHeldByCurrentThread()))
        .doesNotContain(false);
    assertThat(read.readLock().getHoldCount()).isEqualTo(1);
    jobs.taskDone();
    lock.unlock();
    fairLock.unlock();
    written.writeLock().unlock();
    read.readLock().unlock();
    permits.release(PERMITS);
    boundedPermits.release(PERMITS);
    var messages = 0;
    while (pipe.second().poll()) {
      assertThat(pipe.second().receive()).isEqualTo("sent meanwhile");
      messages++;
    }
    pipe.second().send("sent after");
    return messages;
  }

  /** All is as if nobody had been stopped. */
  void checkAllIsWell() throws Exception {
    for (var each : List.of(lock, fairLock, conditionLock)) {
      assertThat(each.tryLock(LONG)).isTrue();
      assertThat(each.ownerDied()).isFalse();
      each.unlock();
    }
    for (var each : List.of(written, read)) {
      assertThat(each.writeLock().tryLock(LONG)).isTrue();
      assertThat(each.ownerDied()).isFalse();
      each.writeLock().unlock();
    }
    assertThat(permits.availablePermits()).isEqualTo(PERMITS);
    assertThat(boundedPermits.availablePermits()).isEqualTo(PERMITS);
    assertThat(jobs.unfinished()).isZero();
    assertThat(pipe.first().receive()).isEqualTo("sent after");
    assertThat(events.get(SIGNALLED)).as("the signal came").isEqualTo(1);
    assertThat(events.get(PASSED)).as("its index at the barrier").isEqualTo(1);
  }

  boolean haveWaitersGoneOn() {
    return events.get(SIGNALLED) != 0 && events.get(PASSED) != 0;
  }

  @Override
  public void close() {
    for (var each :
        List.of(
            condition,
            conditionLock,
            lock,
            fairLock,
            written,
            read,
            permits,
            boundedPermits,
            barrier,
            jobs,
            events)) {
      each.close();
    }
    pipe.close();
  }
}
