package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchTest {

  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedBlockingQueue<Long> looks = new LinkedBlockingQueue<>();
  private final AtomicLong next = new AtomicLong(Watch.NEVER);
  private final AtomicReference<Runnable> during = new AtomicReference<>(() -> {});
  private final AtomicInteger count = new AtomicInteger();
  private final Watch watch =
      new Watch(
          "test",
          lock,
          now -> {
            count.incrementAndGet();
            looks.add(now);
            during.getAndSet(() -> {}).run();
            return next.get();
          });

  private void within(long nanos) {
    lock.lock();
    try {
      watch.within(nanos);
    } finally {
      lock.unlock();
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    lock.lock();
    try {
      watch.end();
    } finally {
      lock.unlock();
    }
    while (thereIsAThread()) {
      Thread.sleep(1);
    }
  }

  private static boolean thereIsAThread() {
    return thread().isPresent();
  }

  private static Optional<Thread> thread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("procession-watch-test"))
        .findAny();
  }

  private long look() throws InterruptedException {
    var look = looks.poll(60, TimeUnit.SECONDS);
    assertThat(look).isNotNull();
    return look;
  }

  @Test
  void thereIsNoThreadBeforeTheFirstLimit() {
    within(Watch.NEVER);
    assertThat(thereIsAThread()).isFalse();
  }

  @Test
  void itLooksWhenItIsAskedTo() throws Exception {
    within(HOUR);
    // The first look is at once, and tells how long there is.
    look();
    var asked = System.nanoTime();
    within(20_000_000);
    assertThat(look() - asked).isGreaterThanOrEqualTo(0);
  }

  @Test
  void itLooksWhenTheLastLookSaidSo() throws Exception {
    next.set(10_000_000);
    within(HOUR);
    var first = look();
    assertThat(look() - first).isGreaterThanOrEqualTo(10_000_000);
    next.set(Watch.NEVER);
  }

  @Test
  void limitsOfOneLengthWakeItOnceInThatTimeAndNotEachTime() throws Exception {
    var start = System.nanoTime();
    for (var n = 0; n < 1_000_000; n++) {
      within(50_000_000);
    }
    var periods = (System.nanoTime() - start) / 50_000_000 + 1;
    assertThat(count.get()).isLessThanOrEqualTo((int) (2 * periods + 2));
  }

  @Test
  void itSleepsForEverWhenNothingIsLimitedAnyMore() throws Exception {
    within(1_000_000);
    look();
    look();
    var before = count.get();
    Thread.sleep(50); // nothing can be waited for: nothing is what is to happen
    assertThat(count.get() - before).isLessThanOrEqualTo(1);
    within(1_000_000);
    looks.clear();
    look();
  }

  @Test
  void aLookThatWasStoppedForAWhileIsFollowedByAnotherSoon() throws Exception {
    // As by SIGSTOP, a collection of garbage, or a machine that slept: work it was not.
    during.set(() -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1)));
    within(1_000_000);
    look();
    var stopped = System.nanoTime();
    within(1_000_000);
    assertThat(look() - stopped).isLessThan(TimeUnit.SECONDS.toNanos(15));
  }

  @Test
  void aLookThatFailsIsFollowedByAnother() throws Exception {
    during.set(() -> {
      throw new OutOfMemoryError("a test");
    });
    within(1_000_000);
    look();
    look();
    within(1_000_000);
    looks.clear();
    look();
  }

  @Test
  void anInterruptDoesNotEndIt() throws Exception {
    within(HOUR);
    look();
    thread().orElseThrow().interrupt();
    look();
    within(1_000_000);
    looks.clear();
    look();
  }
}
