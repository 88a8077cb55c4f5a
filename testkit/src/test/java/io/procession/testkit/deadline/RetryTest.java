package io.procession.testkit.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.RetryPolicy;
import io.procession.TaskTimeoutException;
import io.procession.WorkerCrashedException;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that failed and are run again. */
@NoLeaks
class RetryTest {

  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATE = Duration.ofHours(1);

  @TempDir Path directory = Path.of("");

  /** Counts its runs in files. */
  private static int run(String directory, String name) throws IOException {
    Files.createTempFile(Path.of(directory), name + "-", ".run");
    return runs(Path.of(directory), name);
  }

  private static int runs(Path directory, String name) throws IOException {
    try (var files = Files.newDirectoryStream(directory, name + "-*.run")) {
      var count = 0;
      for (var _ : files) {
        count++;
      }
      return count;
    }
  }

  private static int failUntil(String directory, String name, int goodRun) throws IOException {
    var run = run(directory, name);
    if (run < goodRun) {
      throw new FileNotFoundException("run " + run);
    }
    return run;
  }

  private static int crashUntil(String directory, String name, int goodRun) throws IOException {
    var run = run(directory, name);
    if (run < goodRun) {
      Runtime.getRuntime().halt(9);
    }
    return run;
  }

  @Test
  void withoutAPolicyNothingIsRunAgain() throws Exception {
    var name = directory.toString();
    try (var pool = Pool.ofProcesses(1)) {
      var task = pool.submit(() -> failUntil(name, "own", 2));
      assertThatThrownBy(task::get).hasCauseExactlyInstanceOf(FileNotFoundException.class);
      assertThat(task.attempts()).isEqualTo(1);
      var crash = pool.submit(() -> crashUntil(name, "crash", 2));
      assertThatThrownBy(crash::get).hasCauseExactlyInstanceOf(WorkerCrashedException.class);
      assertThat(crash.attempts()).isEqualTo(1);
    }
  }

  @Test
  void aCrashIsRunAgainAndAnOwnFailureOnlyIfListed() throws Exception {
    var name = directory.toString();
    try (var pool = Pool.ofProcesses(1)) {
      var crashes = pool.withRetries(RetryPolicy.times(2));
      var crash = crashes.submit(() -> crashUntil(name, "crash", 3));
      assertThat(crash.get(60, TimeUnit.SECONDS)).isEqualTo(3);
      assertThat(crash.attempts()).isEqualTo(3);
      assertThatThrownBy(() -> crashes.submit(() -> failUntil(name, "own", 2)).get())
          .hasCauseExactlyInstanceOf(FileNotFoundException.class);

      var listed = pool.withRetries(RetryPolicy.times(2).on(IOException.class));
      var task = listed.submit(() -> failUntil(name, "listed", 3));
      assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo(3);
      assertThat(task.attempts()).isEqualTo(3);
      var other =
          listed.submit(() -> {
            throw new IllegalStateException("not listed");
          });
      assertThatThrownBy(other::get).hasCauseExactlyInstanceOf(IllegalStateException.class);
      assertThat(other.attempts()).isEqualTo(1);
      // The last failure is the outcome.
      var hopeless = listed.submit(() -> failUntil(name, "hopeless", 100));
      assertThatThrownBy(hopeless::get).hasMessageContaining("run 3");
      assertThat(runs(directory, "hopeless")).isEqualTo(3);
      assertThat(hopeless.attempts()).isEqualTo(3);
    }
  }

  @Test
  void aConditionDecidesInTheProcessOfThePool() throws Exception {
    var name = directory.toString();
    var seen = new ArrayList<String>();
    var here = Thread.currentThread();
    var policy =
        RetryPolicy.times(5)
            .when(failure -> {
              assertThat(Thread.currentThread()).isNotSameAs(here);
              seen.add(failure.getMessage());
              return failure.getMessage().contains("run 1");
            });
    try (var pool = Pool.builder().workers(1).retries(policy).build()) {
      assertThatThrownBy(() -> pool.submit(() -> failUntil(name, "own", 9)).get())
          .hasMessageContaining("run 2");
      assertThat(seen).containsExactly("run 1", "run 2");
      var broken =
          pool.withRetries(
              RetryPolicy.times(5)
                  .when(failure -> {
                    throw new ArithmeticException("in the condition");
                  }));
      var task = broken.submit(() -> failUntil(name, "broken", 9));
      assertThatThrownBy(task::get)
          .cause()
          .isExactlyInstanceOf(FileNotFoundException.class)
          .satisfies(failure ->
              assertThat(failure.getSuppressed())
                  .singleElement()
                  .isInstanceOf(ArithmeticException.class));
    }
  }

  @Test
  void theItemsOfAMapAreRunAgainEachForItself() {
    var name = directory.toString();
    var policy = RetryPolicy.times(3).on(IOException.class).backOff(SOON, SOON);
    try (var pool = Pool.ofProcesses(2).withRetries(policy)) {
      var runs =
          pool.map(
              n -> n % 10 == 3 ? failUntil(name, "item" + n + "x", 3) : 1, IntStream.range(0, 100));
      for (var n = 0; n < 100; n++) {
        assertThat(runs.get(n)).isEqualTo(n % 10 == 3 ? 3 : 1);
      }
      var tasks =
          pool.mapAsync(
              n -> n % 20 == 3 ? crashUntil(name, "async" + n + "x", 2) : 1,
              IntStream.range(0, 60));
      for (var n = 0; n < 60; n++) {
        assertThat(tasks.get(n).join()).isEqualTo(n % 20 == 3 ? 2 : 1);
        assertThat(tasks.get(n).attempts()).isEqualTo(n % 20 == 3 ? 2 : 1);
      }
      assertThatThrownBy(() -> pool.forEach(n -> failUntil(name, "for" + n + "x", 9), List.of(1)))
          .isExactlyInstanceOf(CompletionException.class)
          .hasMessageContaining("run 4");
      pool.terminate();
    }
  }

  @Test
  void thePausesGrowAndBlockNobody() throws Exception {
    var name = directory.toString();
    var policy =
        RetryPolicy.times(3)
            .on(IOException.class)
            .backOff(Duration.ofMillis(400), Duration.ofMillis(600));
    try (var pool = Pool.ofProcesses(1)) {
      pool.submit(() -> 1).get();
      var before = System.nanoTime();
      var task = pool.withRetries(policy).submit(() -> failUntil(name, "own", 4));
      var others = 0;
      while (!task.isDone()) {
        // The only worker is free meanwhile.
        assertThat(pool.submit(() -> 1).get(60, TimeUnit.SECONDS)).isEqualTo(1);
        others++;
      }
      assertThat(task.get()).isEqualTo(4);
      // At least half of 400, 600 and 600 ms.
      assertThat(System.nanoTime() - before).isGreaterThan(800_000_000);
      assertThat(others).isGreaterThan(10);
    }
  }

  @Test
  void timeoutsAreRunAgainOnlyIfListed() throws Exception {
    var name = directory.toString();
    var limited =
        Pool.builder()
            .workers(1)
            .timeout(Duration.ofMillis(300))
            .grace(Duration.ofMillis(50))
            .build();
    try (limited) {
      var once = limited.withRetries(RetryPolicy.times(3)).submit(() -> hangUntil(name, "a", 2));
      assertThatThrownBy(once::get).hasCauseExactlyInstanceOf(TaskTimeoutException.class);
      assertThat(once.attempts()).isEqualTo(1);
      var policy = RetryPolicy.times(3).on(TaskTimeoutException.class);
      for (var spins : List.of("sleep", "spin")) {
        var again = limited.withRetries(policy).submit(() -> hangUntil(name, spins, 3));
        assertThat(again.get(60, TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(again.attempts()).isEqualTo(3);
      }
      var never = limited.withRetries(policy).submit(() -> hangUntil(name, "never", 100));
      assertThatThrownBy(never::get).hasCauseExactlyInstanceOf(TaskTimeoutException.class);
      assertThat(runs(directory, "never")).isEqualTo(4);
    }
  }

  private static int hangUntil(String directory, String name, int goodRun) throws Exception {
    var run = run(directory, name);
    while (run < goodRun) {
      if (!name.equals("spin")) {
        Thread.sleep(60_000);
      }
    }
    return run;
  }

  @Test
  void aDeadlineFromSubmissionEndsTheAttempts() throws Exception {
    var name = directory.toString();
    var policy = RetryPolicy.times(1000).on(IOException.class).backOff(SOON, SOON);
    try (var pool = Pool.ofProcesses(1)) {
      pool.submit(() -> 1).get();
      var task =
          pool.withRetries(policy)
              .withDeadline(Duration.ofMillis(500))
              .submit(() -> failUntil(name, "own", 10_000));
      assertThatThrownBy(() -> task.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TaskTimeoutException.class);
      assertThat(task.attempts()).isBetween(2, 500);
      var waiting =
          pool.withRetries(RetryPolicy.times(1).on(IOException.class).backOff(LATE, LATE))
              .withDeadline(Duration.ofMillis(500))
              .submit(() -> failUntil(name, "other", 10_000));
      assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(TaskTimeoutException.class);
      assertThat(runs(directory, "other")).isEqualTo(1);
    }
  }

  @Test
  void aTaskThatWaitsForItsNextAttemptCanBeCancelledDroppedOrKilled() throws Exception {
    var name = directory.toString();
    var policy = RetryPolicy.times(1).on(IOException.class).backOff(LATE, LATE);
    try (var pool = Pool.ofProcesses(1).withRetries(policy)) {
      var task = pool.submit(() -> failUntil(name, "cancelled", 9));
      Await.until(() -> task.attempts() == 2, "the task waits for its next attempt");
      assertThat(pool.isTerminated()).isFalse();
      assertThat(task.cancel(true)).isTrue();
      var dropped = pool.submit(() -> failUntil(name, "dropped", 9));
      Await.until(() -> dropped.attempts() == 2, "the task waits for its next attempt");
      assertThat(pool.shutdownNow()).hasSize(1);
      assertThatThrownBy(dropped::get).isInstanceOf(CancellationException.class);
      assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    try (var pool = Pool.ofProcesses(1)) {
      var view = pool.withRetries(policy);
      var killed = view.submit(() -> failUntil(name, "killed", 9));
      Await.until(() -> killed.attempts() == 2, "the task waits for its next attempt");
      pool.terminate();
      assertThatThrownBy(killed::get).isInstanceOf(CancellationException.class);
    }
    assertThat(runs(directory, "cancelled")).isEqualTo(1);
    assertThat(runs(directory, "dropped")).isEqualTo(1);
    assertThat(runs(directory, "killed")).isEqualTo(1);
  }

  @Test
  void closeWaitsForTheAttempts() throws Exception {
    var name = directory.toString();
    var policy = RetryPolicy.times(3).on(IOException.class).backOff(SOON, SOON);
    var pool = Pool.builder().workers(1).retries(policy).build();
    var own = pool.submit(() -> failUntil(name, "own", 3));
    var crash = pool.submit(() -> crashUntil(name, "crash", 3));
    pool.close();
    assertThat(own).isCompletedWithValue(3);
    assertThat(crash).isCompletedWithValue(3);
  }

  @Test
  void aTaskThatIsCancelledWhileItIsJudgedIsNotRunAgain() throws Exception {
    var name = directory.toString();
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    var policy =
        RetryPolicy.times(3)
            .when(failure -> {
              asked.countDown();
              try {
                return answer.await(60, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                return false;
              }
            });
    try (var pool = Pool.ofProcesses(1)) {
      var task = pool.withRetries(policy).submit(() -> failUntil(name, "own", 9));
      asked.await();
      // Who judges blocks nobody.
      assertThat(pool.submit(() -> 1).get(60, TimeUnit.SECONDS)).isEqualTo(1);
      task.cancel(true);
      answer.countDown();
      assertThat(pool.submit(() -> 2).get(60, TimeUnit.SECONDS)).isEqualTo(2);
    }
    assertThat(runs(directory, "own")).isEqualTo(1);
  }

  @Test
  void aThousandTasksThatFailTwiceEndOnceEach() throws Exception {
    var judged = new AtomicInteger();
    var policy =
        RetryPolicy.times(2)
            .when(failure -> judged.incrementAndGet() > 0)
            .backOff(Duration.ofMillis(1), Duration.ofMillis(5));
    try (var pool = Pool.ofProcesses(2)) {
      var tasks =
          pool.withRetries(policy)
              .mapAsync(
                  n -> {
                    throw new IOException("item " + n);
                  },
                  IntStream.range(0, 1000));
      for (var n = 0; n < tasks.size(); n++) {
        var task = tasks.get(n);
        assertThatThrownBy(() -> task.get(60, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasMessageContaining("item " + n);
        assertThat(task.attempts()).isEqualTo(3);
      }
      assertThat(judged).hasValue(2000);
    }
  }

  @Test
  void whatIsCancelledOrTooLateIsNotRunAgain() throws Exception {
    var name = directory.toString();
    try (var pool = Pool.builder().workers(1).grace(Duration.ofMillis(100)).build()) {
      var all = pool.withRetries(RetryPolicy.times(3).on(Exception.class));
      var cancelled =
          all.submit(() -> {
            run(name, "cancelled");
            Thread.sleep(LATE);
          });
      Await.until(() -> runs(directory, "cancelled") == 1, "it runs");
      cancelled.cancel(true);
      var late =
          all.withDeadline(Duration.ofSeconds(1))
              .submit(() -> {
                run(name, "late");
                while (System.nanoTime() != 0) {
                  Thread.onSpinWait();
                }
              });
      assertThatThrownBy(() -> late.get(1, TimeUnit.MINUTES))
          .hasCauseInstanceOf(TaskTimeoutException.class);
      assertThat(pool.submit(() -> 1).get(1, TimeUnit.MINUTES)).isEqualTo(1);
      assertThat(runs(directory, "cancelled")).isEqualTo(1);
      assertThat(runs(directory, "late")).isEqualTo(1);
      assertThat(late.attempts()).isEqualTo(1);
    }
  }
}
