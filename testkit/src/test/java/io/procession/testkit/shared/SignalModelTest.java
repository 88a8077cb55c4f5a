package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLatch;
import io.procession.testkit.NoLeaks;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Who waits for a latch or an event, through two mappings, goes on when it does at the twin. */
@NoLeaks
class SignalModelTest {

  private static final int RUNS = 60;
  private static final int STEPS = 25;
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  @Test
  void aLatchDoesWhatItsTwinDoes() throws Exception {
    try (var elsewhere = new Elsewhere()) {
      for (var run = 0; run < RUNS; run++) {
        var random = new Random(SEED + run);
        var at = "run %d, seed %d".formatted(run, SEED);
        var count = random.nextInt(6);
        var twin = new CountDownLatch(count);
        try (var here = SharedLatch.create(count);
            var there = elsewhere.handle(here);
            var shared = new Waiters();
            var model = new Waiters()) {
          for (var step = 0; step < STEPS; step++) {
            var side = random.nextBoolean() ? here : there;
            switch (random.nextInt(6)) {
              case 0, 1 -> {
                shared.start(() -> side.await(Duration.ofMinutes(1)));
                model.start(() -> twin.await(1, TimeUnit.MINUTES));
              }
              case 2 -> {
                side.countDown();
                twin.countDown();
              }
              case 3 ->
                  assertThat(side.await(1, TimeUnit.MICROSECONDS))
                      .as(at)
                      .isEqualTo(twin.await(1, TimeUnit.MICROSECONDS));
              case 4 -> interruptAny(shared, model, random);
              default -> assertThat(side.await(Duration.ZERO)).isEqualTo(twin.getCount() == 0);
            }
            assertThat(here.getCount()).as(at).isEqualTo(there.getCount());
            assertThat(here.getCount()).as(at).isEqualTo(twin.getCount());
            if (here.getCount() == 0) {
              awaitNone(shared, model, at);
            }
            awaitSame(shared, model, at);
          }
        }
      }
    }
  }

  @Test
  void anEventDoesWhatItsTwinDoes() throws Exception {
    try (var elsewhere = new Elsewhere()) {
      for (var run = 0; run < RUNS; run++) {
        var random = new Random(SEED + run);
        var at = "run %d, seed %d".formatted(run, SEED);
        var twin = new Twin();
        try (var here = SharedEvent.create();
            var there = elsewhere.handle(here);
            var shared = new Waiters();
            var model = new Waiters()) {
          for (var step = 0; step < STEPS; step++) {
            var side = random.nextBoolean() ? here : there;
            switch (random.nextInt(7)) {
              case 0, 1 -> startWaiting(side, shared, twin, model);
              case 2 -> {
                side.set();
                twin.set();
                awaitNone(shared, model, at);
              }
              case 3 -> {
                // Who waits goes on though it is cleared at once.
                side.set();
                side.clear();
                twin.set();
                twin.clear();
                awaitNone(shared, model, at);
              }
              case 4 -> {
                side.clear();
                twin.clear();
              }
              case 5 -> interruptAny(shared, model, random);
              default ->
                  assertThat(side.await(Duration.ofNanos(1000))).as(at).isEqualTo(twin.isSet());
            }
            assertThat(here.isSet()).as(at).isEqualTo(there.isSet()).isEqualTo(twin.isSet());
            awaitSame(shared, model, at);
          }
        }
      }
    }
  }

  /** Returns when both threads have their answer, or wait. */
  private static void startWaiting(SharedEvent side, Waiters shared, Twin twin, Waiters model) {
    var before = shared.size();
    shared.start(() -> side.await(Duration.ofMinutes(1)));
    model.start(twin::await);
    Waiters.until(
        () -> !model.waits(before) || twin.waiting() == model.waiting(), () -> "the twin waits");
    Waiters.until(() -> !shared.waits(before) || shared.isAsleep(before), () -> "a thread waits");
  }

  private static void interruptAny(Waiters shared, Waiters model, Random random) {
    if (model.waiting() > 0) {
      var number = model.waiting(random.nextInt(model.waiting()));
      shared.interrupt(number);
      model.interrupt(number);
    }
  }

  private static void awaitNone(Waiters shared, Waiters model, String at) {
    Waiters.until(
        () -> shared.waiting() + model.waiting() == 0,
        () -> "nobody waits; %s, calls=%s".formatted(at, shared.outcomes()));
  }

  private static void awaitSame(Waiters shared, Waiters model, String at) {
    Waiters.until(
        () -> shared.outcomes().equals(model.outcomes()),
        () ->
            "the same becomes of all calls; %s, calls=%s, twin's=%s"
                .formatted(at, shared.outcomes(), model.outcomes()));
  }

  /** An event of parts of the JDK, which has none. */
  private static final class Twin {
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean set;
    private int sets;
    private int waiting;

    void set() {
      lock.lock();
      try {
        set = true;
        sets++;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void clear() {
      lock.lock();
      try {
        set = false;
      } finally {
        lock.unlock();
      }
    }

    boolean isSet() {
      lock.lock();
      try {
        return set;
      } finally {
        lock.unlock();
      }
    }

    int waiting() {
      lock.lock();
      try {
        return waiting;
      } finally {
        lock.unlock();
      }
    }

    boolean await() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        waiting++;
        for (var before = sets; !set && before == sets; ) {
          changed.await();
        }
        return true;
      } finally {
        waiting--;
        lock.unlock();
      }
    }
  }
}
