package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.WorkerCrashedException;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.ChildParty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes die at each step of the synchronizers, or stand still: the others go on, or wait. */
@NoLeaks
@SuppressWarnings("LockNotBeforeTry") // a failure ends the test
class SynchronizerKillTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  /** Only who comes after a death passes them. */
  private static final Set<Step> OF_HEIRS =
      EnumSet.of(Step.LOCK_INHERITED, Step.WRITER_DEATH_MARKED);

  @TempDir Path tokens;

  static Set<Step> steps() {
    var steps = EnumSet.range(Step.LOCK_TAKEN, Step.BARRIER_BROKEN);
    steps.addAll(EnumSet.of(Step.WAITER_LISTED, Step.WAITER_TAKEN, Step.MUTEX_LEFT));
    return steps;
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().start(task);
    return task;
  }

  @ParameterizedTest
  @MethodSource("steps")
  void theOthersGoOnThoughOneDiesAt(Step step) throws Exception {
    try (var all = Synchronizers.create()) {
      if (OF_HEIRS.contains(step)) {
        leaveLocksBehind(all);
      }
      for (var count : new int[] {1, 3}) {
        if (count == 1 || !OF_HEIRS.contains(step)) {
          dieAt(step, count, all);
        }
      }
    }
  }

  private void dieAt(Step step, int count, Synchronizers all) throws Exception {
    var directory = Files.createDirectory(tokens.resolve("count-" + count));
    Files.createFile(directory.resolve(Seam.TOKEN));
    var setting = "-D" + Seam.PROPERTY + "=" + step + ":" + count + "@" + directory;
    try (var pool = Pool.builder().workers(1).jvmArguments(setting).build()) {
      if (OF_HEIRS.contains(step)) {
        // Nobody else may inherit before.
        assertThatThrownBy(() -> pool.submit(() -> all.use(1000)).get(1, TimeUnit.MINUTES))
            .hasCauseInstanceOf(WorkerCrashedException.class);
        assertThat(all.lock().tryLock(LONG)).isTrue();
        assertThat(all.lock().ownerDied()).isTrue();
        all.lock().unlock();
      } else {
        // Some steps need two that want the same at once: it goes on until that has happened.
        var there = pool.submit(() -> all.use(Integer.MAX_VALUE));
        var end = System.nanoTime() + LONG.toNanos();
        while (!there.isDone() && System.nanoTime() < end) {
          start(() -> all.use(1)).get(1, TimeUnit.MINUTES);
          start(() -> holdFairLock(all)).get(1, TimeUnit.MINUTES);
        }
        var died = there.isDone();
        there.cancel(true); // else the pool would wait for it
        assertThat(died).as("it died at %s", step).isTrue();
        assertThatThrownBy(there::get).hasCauseInstanceOf(WorkerCrashedException.class);
      }
    }
    all.check();
  }

  /** Long enough that the other one queues up for it sooner or later, however they keep step. */
  private static boolean holdFairLock(Synchronizers all) throws InterruptedException {
    all.fair().lock();
    Thread.sleep(5);
    all.fair().unlock();
    return true;
  }

  private static void leaveLocksBehind(Synchronizers all) throws Exception {
    try (var party = new ChildParty()) {
      var read = all.readWrite();
      var lock = all.lock();
      assertThat(party.call(() -> lock.tryLock() && read.writeLock().tryLock())).isTrue();
      party.kill();
    }
  }

  @Test
  void nothingIsTakenFromAProcessThatStandsStill() throws Exception {
    try (var all = Synchronizers.create();
        var party = new ChildParty()) {
      var lock = all.lock();
      var fair = all.fair();
      var permits = all.permits();
      var write = all.readWrite().writeLock();
      assertThat(
              party.call(() ->
                  lock.tryLock() && fair.tryLock() && permits.tryAcquire(3) && write.tryLock()))
          .isTrue();
      signal("STOP", party.process().pid());
      var timeout = Duration.ofMillis(250);
      try {
        assertThat(lock.tryLock(timeout)).isFalse();
        assertThat(fair.tryLock(timeout)).isFalse();
        assertThat(permits.tryAcquire(timeout)).isFalse();
        assertThat(write.tryLock(timeout)).isFalse();
        assertThat(all.readWrite().readLock().tryLock(timeout)).isFalse();
      } finally {
        signal("CONT", party.process().pid());
      }
      assertThat(lock.ownerDied()).isFalse();
      assertThat(party.call(() -> lock.isHeldByCurrentThread() && write.isHeldByCurrentThread()))
          .isTrue();
      party.call(() -> {
        lock.unlock();
        fair.unlock();
        permits.release(3);
        write.unlock();
        return true;
      });
      all.check();
    }
  }

  private static void signal(String name, long pid) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
