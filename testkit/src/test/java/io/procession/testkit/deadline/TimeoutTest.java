package io.procession.testkit.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.Task;
import io.procession.TaskTimeoutException;
import io.procession.WorkerCrashedException;
import io.procession.WorkerInfo;
import io.procession.function.RemoteCallable;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.Flag;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that take longer than they may. */
@NoLeaks
class TimeoutTest {

  private static final Duration TIMEOUT = Duration.ofMillis(300);
  private static final Duration GRACE = Duration.ofMillis(100);

  @TempDir Path directory = Path.of("");

  private static Pool pool(int workers) {
    return Pool.builder().workers(workers).grace(GRACE).build();
  }

  private static TaskTimeoutException timeoutOf(Task<?> task) {
    assertThatThrownBy(() -> task.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseExactlyInstanceOf(TaskTimeoutException.class);
    return (TaskTimeoutException) task.exceptionNow();
  }

  private static <T> TaskTimeoutException killed(RemoteCallable<T> task) throws Exception {
    try (var pool = pool(1)) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      var before = System.nanoTime();
      var timeout = timeoutOf(pool.withTimeout(TIMEOUT).submit(task));
      assertThat(System.nanoTime() - before).isGreaterThan(TIMEOUT.plus(GRACE).toNanos());
      assertThat(timeout.pid()).isEqualTo(pid);
      assertThat(timeout.timeout()).isEqualTo(TIMEOUT);
      assertThat(timeout.worker()).endsWith("-worker-1");
      assertThat(timeout.taskId()).isPositive();
      assertThat(timeout.stacks()).isPresent();
      assertThat(timeout).hasMessageContaining("pid=" + pid).hasNoCause();
      // The pool heals.
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isNotEqualTo(pid);
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
      return timeout;
    }
  }

  private static int spin() {
    var turns = 0;
    while (System.nanoTime() != 0) {
      turns++;
    }
    return turns;
  }

  /** A loop that the compiler could make one without a safepoint. */
  private static int countForEver() {
    var sum = 0;
    while (true) {
      for (var i = 0; i < Integer.MAX_VALUE; i++) {
        sum += i * sum;
      }
      if (sum == 42) {
        sum++;
      }
    }
  }

  @SuppressWarnings("CatchAndPrintStackTrace") // it swallows interrupts, which is the point
  private static int swallowInterrupts() {
    while (System.nanoTime() != 0) {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        System.err.println("interrupted, and going on");
      }
    }
    return 0;
  }

  private static int sleepInNativeCode() throws Throwable {
    var linker = Linker.nativeLinker();
    var sleep = linker.defaultLookup().find("sleep").orElseThrow();
    MethodHandle call =
        linker.downcallHandle(
            sleep, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    return (int) call.invokeExact(1000);
  }

  @Test
  void anEndlessLoopIsKilledAndItsStacksAreTold() throws Exception {
    assertThat(killed(TimeoutTest::spin).stacks().orElseThrow())
        .contains("TimeoutTest.spin")
        .startsWith("\"pool-");
  }

  @Test
  void aLoopWithoutASafepointIsKilledAndItsStacksAreTold() throws Exception {
    assertThat(killed(TimeoutTest::countForEver).stacks().orElseThrow())
        .contains("TimeoutTest.countForEver");
  }

  @Test
  void aTaskThatSwallowsInterruptsIsKilledAndItsStacksAreTold() throws Exception {
    assertThat(killed(TimeoutTest::swallowInterrupts).stacks().orElseThrow())
        .contains("TimeoutTest.swallowInterrupts");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @SuppressWarnings("restricted") // nothing else is as deaf
  void aSleepInNativeCodeIsKilledAndItsStacksAreTold() throws Exception {
    var timeout =
        killed(() -> {
          try {
            return sleepInNativeCode();
          } catch (Throwable e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(timeout.stacks().orElseThrow()).contains("sleepInNativeCode");
  }

  @Test
  void aTaskThatMindsTheInterruptEndsWithoutAKill() throws Exception {
    try (var pool = Pool.builder().workers(1).grace(Duration.ofMinutes(5)).build()) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      var timeout =
          timeoutOf(
              pool.withTimeout(TIMEOUT)
                  .submit(() -> {
                    Thread.sleep(600_000);
                    return 1;
                  }));
      assertThat(timeout.stacks()).isEmpty();
      assertThat(timeout).hasCauseExactlyInstanceOf(InterruptedException.class);
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isEqualTo(pid);
    }
  }

  @Test
  void whatIsReturnedAfterTheTimeoutIsLost() throws Exception {
    try (var pool = Pool.builder().workers(1).grace(Duration.ofMinutes(5)).build()) {
      var timeout =
          timeoutOf(
              pool.withTimeout(TIMEOUT)
                  .submit(() -> {
                    try {
                      Thread.sleep(600_000);
                    } catch (InterruptedException e) {
                      return new byte[1 << 20];
                    }
                    return new byte[0];
                  }));
      assertThat(timeout.stacks()).isEmpty();
      assertThat(timeout).hasNoCause();
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void aTaskThatEndsItsWorkerInTheGraceTimeHasTimedOutNevertheless() {
    try (var pool = Pool.builder().workers(1).grace(Duration.ofMinutes(5)).build()) {
      var timeout =
          timeoutOf(
              pool.withTimeout(TIMEOUT)
                  .submit(() -> {
                    try {
                      Thread.sleep(600_000);
                    } catch (InterruptedException e) {
                      Runtime.getRuntime().halt(9);
                    }
                    return 1;
                  }));
      assertThat(timeout).hasCauseInstanceOf(WorkerCrashedException.class);
      assertThat(timeout.stacks()).isEmpty();
    }
  }

  @Test
  void withoutGraceAWorkerIsKilledAtOnce() throws Exception {
    try (var pool = Pool.builder().workers(1).grace(Duration.ZERO).timeout(TIMEOUT).build()) {
      assertThat(timeoutOf(pool.submit(TimeoutTest::spin)).stacks()).isPresent();
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void theQueueIsNotCounted() throws Exception {
    try (var pool = pool(1)) {
      // Together they take far longer than one may.
      var tasks =
          pool.withTimeout(Duration.ofSeconds(2))
              .mapAsync(
                  n -> {
                    Thread.sleep(100);
                    return n;
                  },
                  IntStream.range(0, 40));
      for (var n = 0; n < tasks.size(); n++) {
        assertThat(tasks.get(n).get(60, TimeUnit.SECONDS)).isEqualTo(n);
      }
    }
  }

  @Test
  void whatWasQueuedBehindItGoesElsewhereUnharmed() throws Exception {
    try (var pool = pool(2)) {
      // Tasks are known to be short, so that some are sent behind one that is not.
      for (var n = 0; n < 500; n++) {
        pool.submit(() -> 7).join();
      }
      for (var repeat = 0; repeat < 2; repeat++) {
        var tasks = new ArrayList<Task<Integer>>();
        var late = new ArrayList<Task<Integer>>();
        for (var n = 0; n < 200; n++) {
          var number = n;
          if (n % 100 == 25) {
            late.add(pool.withTimeout(TIMEOUT).submit(TimeoutTest::spin));
          }
          tasks.add(pool.submit(() -> number));
        }
        for (var n = 0; n < tasks.size(); n++) {
          assertThat(tasks.get(n).get(60, TimeUnit.SECONDS)).isEqualTo(n);
        }
        late.forEach(TimeoutTest::timeoutOf);
      }
    }
  }

  @Test
  void ofAThousandTasksEachEndsOnceAsItShould() throws Exception {
    try (var pool = Pool.builder().workers(4).grace(GRACE).build()) {
      var tasks =
          pool.withTimeout(Duration.ofMillis(100))
              .mapAsync(
                  n -> {
                    if (n % 100 == 49) {
                      spin();
                    } else if (n % 10 == 9) {
                      Thread.sleep(600_000);
                    }
                    return n;
                  },
                  IntStream.range(0, 1000));
      for (var n = 0; n < tasks.size(); n++) {
        if (n % 10 == 9) {
          // An interrupt may come too late on a busy machine: then a sleep is killed, too.
          assertThat(timeoutOf(tasks.get(n)).stacks().isPresent() || n % 100 != 49).isTrue();
        } else {
          assertThat(tasks.get(n).get(60, TimeUnit.SECONDS)).isEqualTo(n);
        }
      }
    }
  }

  @Test
  void mapAndForEachThrowItOnceAllOthersAreSettled() throws Exception {
    var name = directory.toString();
    try (var pool = pool(2).withTimeout(TIMEOUT)) {
      var pools = List.of(pool);
      assertThatThrownBy(() ->
              pools
                  .getFirst()
                  .map(
                      n -> {
                        if (n == 3) {
                          spin();
                        }
                        Files.createFile(Path.of(name, "map-" + n));
                        return n;
                      },
                      IntStream.range(0, 20)))
          .isExactlyInstanceOf(TaskTimeoutException.class);
      try (var files = Files.list(directory)) {
        assertThat(files).hasSize(19);
      }
      assertThatThrownBy(() ->
              pool.forEach(
                  n -> {
                    if (n % 2 == 0) {
                      Thread.sleep(600_000);
                    }
                  },
                  IntStream.range(0, 4)))
          .isExactlyInstanceOf(TaskTimeoutException.class);
      pool.terminate();
    }
  }

  @Test
  void invokeAllGivesItAsAnOutcomeAndInvokeAnyGoesOn() throws Exception {
    RemoteCallable<Integer> loop = TimeoutTest::spin;
    RemoteCallable<Integer> good =
        () -> {
          Thread.sleep(1000);
          return 5;
        };
    try (var pool = pool(2)) {
      var limited = pool.withTimeout(TIMEOUT);
      var all = limited.<Integer>invokeAll(List.of(loop, () -> 4, loop));
      assertThat(all.get(1).get()).isEqualTo(4);
      assertThat(all.get(0).exceptionNow()).isExactlyInstanceOf(TaskTimeoutException.class);
      assertThat(all.get(2).exceptionNow()).isExactlyInstanceOf(TaskTimeoutException.class);
      assertThat(pool.withTimeout(Duration.ofSeconds(30)).<Integer>invokeAny(List.of(good)))
          .isEqualTo(5);
      assertThatThrownBy(() -> limited.<Integer>invokeAny(List.of(loop, good)))
          .isInstanceOf(ExecutionException.class)
          .hasCauseExactlyInstanceOf(TaskTimeoutException.class);
    }
  }

  @Test
  void aDeadlineFromSubmissionEndsWhatNeverStarted() throws Exception {
    var ran = Flag.in(directory, "ran");
    var blocking = Flag.in(directory, "blocking");
    try (var pool = pool(1)) {
      var blocker = pool.submit(blocking::raiseAndSleep);
      blocking.await();
      var tasks = new ArrayList<Task<?>>();
      for (var n = 0; n < 100; n++) {
        tasks.add(pool.withDeadline(TIMEOUT).submit(ran::raise));
      }
      tasks.addAll(
          pool.withDeadline(TIMEOUT).mapAsync(n -> ran.isRaised(), IntStream.range(0, 1000)));
      for (var task : tasks) {
        var timeout = timeoutOf(task);
        assertThat(timeout.worker()).isEmpty();
        assertThat(timeout.pid()).isZero();
        assertThat(timeout.stacks()).isEmpty();
        assertThat(timeout).hasMessageContaining("had not started");
      }
      // What it was queued behind does not notice.
      assertThat(blocker).isNotDone();
      blocker.cancel(true);
      assertThat(pool.submit(() -> 7).get(60, TimeUnit.SECONDS)).isEqualTo(7);
      assertThat(ran.isRaised()).isFalse();
    }
  }

  @Test
  void aDeadlineFromSubmissionEndsWhatRuns() throws Exception {
    try (var pool = pool(1)) {
      pool.submit(() -> 1).get();
      var timeout = timeoutOf(pool.withDeadline(TIMEOUT).submit(TimeoutTest::spin));
      assertThat(timeout.stacks().orElseThrow()).contains("TimeoutTest.spin");
      assertThat(timeout.timeout()).isEqualTo(TIMEOUT);
      pool.submit(() -> 1).get();
      // The shorter limit counts.
      var both = pool.withDeadline(TIMEOUT).withTimeout(Duration.ofHours(1));
      assertThat(timeoutOf(both.submit(TimeoutTest::spin)).timeout()).isEqualTo(TIMEOUT);
      pool.submit(() -> 1).get();
      var other = pool.withTimeout(TIMEOUT).withDeadline(Duration.ofHours(1));
      assertThat(timeoutOf(other.submit(TimeoutTest::spin)).timeout()).isEqualTo(TIMEOUT);
    }
  }

  @Test
  void aDeadlineHoldsForAMapAsAWhole() throws Exception {
    try (var pool = pool(2)) {
      assertThatThrownBy(() ->
              pool.withDeadline(Duration.ofMillis(500))
                  .map(
                      n -> {
                        Thread.sleep(20);
                        return n;
                      },
                      IntStream.range(0, 1_000_000)))
          .isExactlyInstanceOf(TaskTimeoutException.class);
      assertThat(pool.map(n -> n + 1, List.of(1, 2))).containsExactly(2, 3);
    }
  }

  @Test
  void aTaskInTimeIsLeftAlone() throws Exception {
    try (var pool = pool(2)) {
      var limited = pool.withTimeout(Duration.ofSeconds(60)).withDeadline(Duration.ofSeconds(120));
      for (var n = 0; n < 2000; n++) {
        var number = n;
        assertThat(limited.submit(() -> number).get()).isEqualTo(n);
      }
      assertThat(limited.map(n -> n, IntStream.range(0, 100_000))).hasSize(100_000);
      assertThat(pool.workers()).extracting(WorkerInfo::name).allMatch(n -> n.matches(".*-[12]"));
    }
  }

  @Test
  void tasksThatEndJustAtTheirTimeoutEndOnceInEitherWay() throws Exception {
    try (var pool = Pool.builder().workers(2).grace(Duration.ofMillis(2)).build()) {
      var tasks =
          pool.withTimeout(Duration.ofMillis(20))
              .mapAsync(
                  n -> {
                    var until = System.nanoTime() + 15_000_000 + (n % 10) * 1_000_000L;
                    while (System.nanoTime() < until) {
                      Thread.onSpinWait();
                    }
                    return n;
                  },
                  IntStream.range(0, 200));
      var good = 0;
      for (var n = 0; n < tasks.size(); n++) {
        var task = tasks.get(n);
        try {
          assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo(n);
          good++;
        } catch (ExecutionException e) {
          assertThat(e).hasCauseExactlyInstanceOf(TaskTimeoutException.class);
        }
      }
      assertThat(good).isPositive();
    }
  }

  @Test
  void theGraceHoldsForCancelToo() throws Exception {
    var started = Flag.in(directory, "started");
    try (var pool = Pool.builder().workers(1).grace(Duration.ofMillis(50)).build()) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      var task = pool.submit(started::raiseAndSpin);
      started.await();
      task.cancel(true);
      assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get(60, TimeUnit.SECONDS))
          .isNotEqualTo(pid);
    }
    var second = Flag.in(directory, "second");
    var ended = Flag.in(directory, "ended");
    try (var pool = Pool.builder().workers(1).grace(Duration.ofMinutes(5)).build()) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      var task =
          pool.submit(() -> {
            try {
              second.raiseAndSleep();
            } catch (InterruptedException e) {
              // It takes its time, longer than the usual grace.
              Thread.sleep(1500);
              ended.raise();
            }
            return 0;
          });
      second.await();
      task.cancel(true);
      ended.await();
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isEqualTo(pid);
    }
  }

  @Test
  void whatATaskStartedDiesWithIt() throws Exception {
    var name = directory.resolve("pid").toString();
    try (var pool = pool(1)) {
      var task =
          pool.withTimeout(TIMEOUT)
              .submit(() -> {
                var child = new ProcessBuilder("sleep", "600").start();
                Files.writeString(Path.of(name), Long.toString(child.pid()));
                return spin();
              });
      timeoutOf(task);
      var pid = Long.parseLong(Files.readString(Path.of(name)));
      Await.until(
          () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty(),
          "the program that the task started is gone");
    }
  }

  @Test
  void limitsArePositive() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> pool.withTimeout(Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("timeout=PT0S");
      assertThatThrownBy(() -> pool.withDeadline(Duration.ofSeconds(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("deadline=PT-1S");
      assertThatThrownBy(() -> Pool.builder().timeout(Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Pool.builder().grace(Duration.ofSeconds(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("grace=PT-1S");
      // So long that it cannot be counted in nanoseconds: no limit in fact.
      assertThat(
              pool.withTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                  .withDeadline(Duration.ofSeconds(Long.MAX_VALUE))
                  .submit(() -> 1)
                  .join())
          .isEqualTo(1);
    }
  }
}
