package io.procession.testkit.shared;

import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedBarrier;
import io.procession.shared.SharedCondition;
import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedPipe;
import io.procession.shared.SharedQueue;
import io.procession.shared.SharedReadWriteLock;
import io.procession.shared.SharedSemaphore;
import io.procession.testkit.Await;
import io.procession.testkit.contract.ChildParty;
import io.procession.testkit.contract.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Threads that wait, some for each kind of shared object, until {@link #release}. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // a failure ends the test
final class Crowd implements AutoCloseable {

  private final ChildParty owner = new ChildParty();
  private final SharedLock lock = SharedLock.create();
  private final SharedLock fair = SharedLock.createFair();
  private final SharedReadWriteLock readWrite = SharedReadWriteLock.create();
  private final SharedLock free = SharedLock.create();
  private final SharedCondition condition = free.newCondition();
  private final SharedSemaphore semaphore = SharedSemaphore.create(0);
  private final SharedEvent event = SharedEvent.create();
  private final SharedLatch latch = SharedLatch.create(1);
  private final SharedQueue<Integer> empty = SharedQueue.create();
  private final SharedQueue<Integer> full = SharedQueue.bounded(1);
  private final JoinableQueue<Integer> jobs = JoinableQueue.create();
  private final SharedPipe pipe = SharedPipe.create();
  private final SharedBarrier barrier;
  private final int each;
  private final List<FutureTask<Boolean>> tasks = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** Something that a thread waits in. */
  @FunctionalInterface
  private interface Wait {
    void run() throws Exception;
  }

  /**
   * Waits until all of them wait.
   *
   * @param each how many wait in each way
   */
  Crowd(Thread.Builder builder, int each) throws Exception {
    this.each = each;
    barrier = SharedBarrier.create(each + 1);
    full.put(0);
    jobs.put(0);
    var own = lock;
    var fairly = fair;
    var write = readWrite.writeLock();
    owner.call(() -> own.tryLock() && fairly.tryLock() && write.tryLock());
    for (var wait : waits()) {
      for (var i = 0; i < each; i++) {
        var task =
            new FutureTask<>(() -> {
              wait.run();
              return true;
            });
        tasks.add(task);
        threads.add(builder.start(task));
      }
    }
    Await.until(() -> threads.stream().allMatch(Crowd::isWaiting), "all wait");
  }

  private List<Wait> waits() {
    return List.of(
        () -> lockBriefly(lock),
        () -> lockBriefly(fair),
        () -> lockBriefly(readWrite.readLock()),
        () -> lockBriefly(readWrite.writeLock()),
        this::awaitSignal,
        semaphore::acquire,
        event::await,
        latch::await,
        barrier::await,
        empty::take,
        () -> full.put(1),
        jobs::join,
        pipe.first()::receive);
  }

  private static void lockBriefly(Lock lock) throws InterruptedException {
    lock.lockInterruptibly();
    lock.unlock();
  }

  private void awaitSignal() throws InterruptedException {
    free.lock();
    try {
      condition.await();
    } finally {
      free.unlock();
    }
  }

  private static boolean isWaiting(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING -> true;
      default -> false;
    };
  }

  int size() {
    return threads.size();
  }

  /** Whether nobody has gone on. */
  boolean isWaiting() {
    return tasks.stream().noneMatch(FutureTask::isDone);
  }

  /** Lets all of them go on, and waits until they have ended. */
  void release() throws Exception {
    var own = lock;
    var fairly = fair;
    var write = readWrite.writeLock();
    owner.call(() -> {
      own.unlock();
      fairly.unlock();
      write.unlock();
      return true;
    });
    free.lock();
    condition.signalAll();
    free.unlock();
    semaphore.release(each);
    event.set();
    latch.countDown();
    for (var i = 0; i < each; i++) {
      empty.put(i);
      var _ = full.take();
      pipe.second().send(i);
    }
    var _ = jobs.take();
    jobs.taskDone();
    barrier.await();
    for (var task : tasks) {
      task.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    owner.close();
    barrier.close();
    pipe.close();
    jobs.close();
    full.close();
    empty.close();
    latch.close();
    event.close();
    semaphore.close();
    condition.close();
    free.close();
    readWrite.close();
    fair.close();
    lock.close();
  }
}
