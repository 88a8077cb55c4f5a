package io.procession.testkit.soak;

import io.procession.shared.SharedLock;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedMemory;
import io.procession.shared.SharedQueue;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.Lock;

/** What each process of the soak does, again and again. */
final class Worker {

  private static final int ROUNDS = 50;
  private static final int MOST_BYTES = 40_000;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final Things things;
  private final Random random = new Random();

  private Worker(Things things) {
    this.things = things;
  }

  static void run(Things things) throws Exception {
    var worker = new Worker(things);
    things.ready().countDown();
    do {
      for (var round = 0; round < ROUNDS; round++) {
        worker.round();
      }
    } while (!isLast(things));
  }

  /** All processes stop after the same phase: one of them decides, between two barriers. */
  private static boolean isLast(Things things) throws Exception {
    if (things.barrier().await() == 0 && things.stop().isSet()) {
      things.plain().set(Things.IS_LAST, 1);
    }
    things.barrier().await();
    return things.plain().get(Things.IS_LAST) == 1;
  }

  private void round() throws Exception {
    things.total().incrementAndGet();
    things.doubles().getAndAdd(0, 1);
    count(things.lock(), Things.BY_LOCK);
    count(things.fairLock(), Things.BY_FAIR_LOCK);
    count(things.readWriteLock().writeLock(), Things.BY_WRITE_LOCK);
    read();
    enter();
    exchangeNumbers();
    exchangeMemory();
    exchangeTasks();
    exchangeMessages();
    makeAndClose();
  }

  private void count(Lock lock, int index) {
    lock.lock();
    try {
      things.plain().setPlain(index, things.plain().getPlain(index) + 1);
    } finally {
      lock.unlock();
    }
  }

  private void read() {
    var lock = things.readWriteLock().readLock();
    lock.lock();
    try {
      var before = things.plain().get(Things.BY_WRITE_LOCK);
      Thread.onSpinWait();
      check(things.plain().get(Things.BY_WRITE_LOCK) == before, "it changed while it was read");
    } finally {
      lock.unlock();
    }
  }

  private void enter() throws InterruptedException {
    things.semaphore().acquire();
    try {
      var inside = things.plain().incrementAndGet(Things.INSIDE);
      check(inside <= Things.PERMITS, "too many have a permit: " + inside);
      things.plain().decrementAndGet(Things.INSIDE);
    } finally {
      things.semaphore().release();
    }
  }

  private void exchangeNumbers() throws InterruptedException {
    var number = random.nextLong();
    things.numbers().put(number);
    things.sums().getAndAdd(Things.PUT, number);
    things.sums().getAndAdd(Things.TAKEN, things.numbers().take());
  }

  private void exchangeMemory() throws InterruptedException {
    var bytes = Long.BYTES * (1 + random.nextInt(MOST_BYTES / Long.BYTES));
    try (var sent = SharedMemory.create(bytes)) {
      sent.memory().set(LONG, bytes - Long.BYTES, bytes);
      things.memories().put(sent);
    }
    try (var received = things.memories().take()) {
      var size = received.byteSize();
      check(received.memory().get(LONG, size - Long.BYTES) == size, "it is another one's memory");
    }
  }

  private void exchangeTasks() throws InterruptedException {
    var task = new byte[random.nextInt(MOST_BYTES)];
    Arrays.fill(task, (byte) task.length);
    things.tasks().put(task);
    var taken = things.tasks().take();
    check(taken.length == 0 || taken[taken.length - 1] == (byte) taken.length, "it is torn");
    things.tasks().taskDone();
  }

  /** One way or the other; all have both ends. */
  private void exchangeMessages() throws Exception {
    var isForth = random.nextBoolean();
    var from = isForth ? things.pipe().first() : things.pipe().second();
    var to = isForth ? things.pipe().second() : things.pipe().first();
    var message = new long[1 + random.nextInt(MOST_BYTES / Long.BYTES)];
    Arrays.fill(message, random.nextInt());
    from.send(message);
    things.sums().getAndAdd(Things.SENT, message[0]);
    var received = to.receive(long[].class);
    check(received[0] == received[received.length - 1], "it is torn");
    things.sums().getAndAdd(Things.RECEIVED, received[0]);
  }

  private void makeAndClose() throws InterruptedException {
    try (var lock = SharedLock.create();
        var value = SharedLong.create(1);
        var queue = SharedQueue.<SharedLong>create()) {
      lock.lock();
      try {
        queue.put(value);
        check(queue.take() == value, "a handle that comes back is itself");
      } finally {
        lock.unlock();
      }
    }
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
