package io.procession.testkit.soak;

import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedBarrier;
import io.procession.shared.SharedDoubleArray;
import io.procession.shared.SharedEvent;
import io.procession.shared.SharedIntArray;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedLongArray;
import io.procession.shared.SharedMemory;
import io.procession.shared.SharedPipe;
import io.procession.shared.SharedQueue;
import io.procession.shared.SharedReadWriteLock;
import io.procession.shared.SharedSemaphore;
import java.util.List;

/** One of each, for so many processes. */
record Things(
    SharedLong total,
    SharedLongArray sums,
    SharedIntArray plain,
    SharedDoubleArray doubles,
    SharedLock lock,
    SharedLock fairLock,
    SharedReadWriteLock readWriteLock,
    SharedSemaphore semaphore,
    SharedQueue<Long> numbers,
    SharedQueue<SharedMemory> memories,
    JoinableQueue<byte[]> tasks,
    SharedPipe pipe,
    SharedBarrier barrier,
    SharedLatch ready,
    SharedEvent stop)
    implements AutoCloseable {

  static final int PERMITS = 3;
  static final int CAPACITY = 32;

  /** What {@link #plain} counts, in the order of its elements. */
  static final int BY_LOCK = 0;

  static final int BY_FAIR_LOCK = 1;
  static final int BY_WRITE_LOCK = 2;
  static final int INSIDE = 3;
  static final int IS_LAST = 4;

  /** What {@link #sums} counts. */
  static final int PUT = 0;

  static final int TAKEN = 1;
  static final int SENT = 2;
  static final int RECEIVED = 3;

  static Things create(int processes) {
    return new Things(
        SharedLong.create(0),
        SharedLongArray.create(4),
        SharedIntArray.create(5),
        SharedDoubleArray.create(1),
        SharedLock.create(),
        SharedLock.createFair(),
        SharedReadWriteLock.create(),
        SharedSemaphore.create(PERMITS),
        SharedQueue.bounded(CAPACITY),
        SharedQueue.create(),
        JoinableQueue.create(),
        SharedPipe.create(),
        SharedBarrier.create(processes),
        SharedLatch.create(processes),
        SharedEvent.create());
  }

  @Override
  public void close() {
    List.<AutoCloseable>of(
            total,
            sums,
            plain,
            doubles,
            lock,
            fairLock,
            readWriteLock,
            semaphore,
            numbers,
            memories,
            tasks,
            pipe,
            barrier,
            ready,
            stop)
        .forEach(Things::close);
  }

  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      throw new AssertionError("it cannot be closed: " + thing, e);
    }
  }
}
