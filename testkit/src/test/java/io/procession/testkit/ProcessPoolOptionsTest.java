package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.PoolBrokenException;
import io.procession.WorkerInfo;
import io.procession.shared.SharedLong;
import io.procession.testkit.contract.Flag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a builder of pools says of the workers. */
@NoLeaks
class ProcessPoolOptionsTest {

  @TempDir Path directory = Path.of("");

  @Test
  void workersRunInOtherProcesses() {
    try (var pool = Pool.ofProcesses(2)) {
      var pids =
          new HashSet<>(
              pool.map(
                  n -> {
                    Thread.sleep(20);
                    return ProcessHandle.current().pid();
                  },
                  IntStream.range(0, 20)));
      assertThat(pids)
          .isSubsetOf(pool.workers().stream().map(WorkerInfo::pid).toList())
          .doesNotContain(ProcessHandle.current().pid());
    }
  }

  @Test
  void thereIsAWorkerForEachProcessorUnlessToldOtherwise() {
    try (var pool = Pool.ofProcesses()) {
      assertThat(pool.workers()).hasSize(Runtime.getRuntime().availableProcessors());
    }
  }

  @Test
  void theNameOfThePoolIsInTheNamesOfItsWorkers() throws Exception {
    try (var pool = Pool.builder().name("render").workers(2).build()) {
      assertThat(pool.workers())
          .extracting(WorkerInfo::name)
          .containsExactly("render-worker-1", "render-worker-2");
      assertThat(pool.submit(() -> Thread.currentThread().getName()).get())
          .startsWith("render-worker-");
    }
  }

  @Test
  void environmentDirectoryAndJvmArgumentsReachTheWorker() throws Exception {
    try (var pool =
        Pool.builder()
            .workers(1)
            .environment("PROCESSION_TEST", "value with spaces")
            .directory(directory)
            .jvmArguments("-Dprocession.test.key=a value", "-Xss2m")
            .build()) {
      assertThat(pool.submit(() -> System.getenv("PROCESSION_TEST")).get())
          .isEqualTo("value with spaces");
      assertThat(Path.of(pool.submit(() -> Path.of("").toAbsolutePath().toString()).get()))
          .isEqualTo(directory.toRealPath());
      assertThat(pool.submit(() -> System.getProperty("procession.test.key")).get())
          .isEqualTo("a value");
      assertThat(pool.submit(() -> System.getenv("PATH")).get()).isEqualTo(System.getenv("PATH"));
    }
  }

  @Test
  void theHeapIsAsLargeAsToldAndElseAShare() throws Exception {
    try (var pool = Pool.builder().workers(1).heapBytes(64 << 20).build()) {
      assertThat(pool.submit(() -> Runtime.getRuntime().maxMemory()).get())
          .isBetween(48L << 20, 64L << 20);
    }
    assertThatThrownBy(() -> Pool.builder().heapBytes(1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("heapBytes=1000");
  }

  @Test
  void localeAndTimeZoneAreTheParents() throws Exception {
    var locale = Locale.getDefault();
    var zone = TimeZone.getDefault();
    Locale.setDefault(Locale.forLanguageTag("de-CH"));
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
    try (var pool = Pool.ofProcesses(1)) {
      assertThat(pool.submit(() -> Locale.getDefault().toLanguageTag()).get()).isEqualTo("de-CH");
      assertThat(pool.submit(() -> TimeZone.getDefault().getID()).get())
          .isEqualTo("Asia/Kathmandu");
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void theInitializerRunsOnceInEachWorkerBeforeItsTasks() throws Exception {
    var name = directory.toString();
    try (var pool =
        Pool.builder()
            .workers(2)
            .initializer(() -> {
              Files.createFile(Path.of(name, "init-" + ProcessHandle.current().pid()));
              System.setProperty("procession.test.initialized", "yes");
            })
            .build()) {
      assertThat(
              pool.map(
                  n -> System.getProperty("procession.test.initialized"), IntStream.range(0, 50)))
          .containsOnly("yes");
      Await.until(
          () -> pool.workers().stream().allMatch(w -> w.state() == WorkerInfo.State.IDLE),
          "both workers are initialized");
      for (var worker : pool.workers()) {
        assertThat(directory.resolve("init-" + worker.pid())).exists();
      }
    }
  }

  @Test
  void shutdownNowEndsAnInitializerWithoutHarmToWhatRuns() throws Exception {
    var started = Flag.in(directory, "started");
    try (var begun = SharedLong.create(0);
        var pool =
            Pool.builder()
                .workers(2)
                .grace(Duration.ofMinutes(1))
                .initializer(() -> {
                  if (begun.incrementAndGet() == 2) {
                    Thread.sleep(Long.MAX_VALUE);
                  }
                })
                .build()) {
      var task =
          pool.submit(() -> {
            try {
              started.raiseAndSleep();
            } catch (InterruptedException e) {
              Thread.sleep(50); // it takes its time to end
            }
            return 7;
          });
      started.await();
      Await.until(() -> begun.get() == 2, "the one works, the other comes up");
      assertThat(pool.shutdownNow()).isEmpty();
      assertThat(task.get(1, TimeUnit.MINUTES)).isEqualTo(7);
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void aFailingInitializerBreaksThePoolAtOnceWithItsException() throws Exception {
    try (var pool =
        Pool.builder()
            .workers(2)
            .initializer(() -> {
              throw new IllegalStateException("no database here");
            })
            .build()) {
      assertThatThrownBy(() -> pool.submit(() -> 1).get())
          .satisfiesAnyOf(
              failure -> assertThat(failure).isInstanceOf(PoolBrokenException.class),
              failure ->
                  assertThat(failure)
                      .isInstanceOf(ExecutionException.class)
                      .hasCauseInstanceOf(PoolBrokenException.class))
          .hasStackTraceContaining("no database here");
      Await.until(pool::isTerminated, "the pool has ended");
      assertThatThrownBy(() -> pool.submit(() -> 1))
          .isExactlyInstanceOf(PoolBrokenException.class)
          .hasMessageContaining("no database here")
          .hasRootCauseExactlyInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theInitializerRunsInTheReplacementToo() throws Exception {
    var name = directory.toString();
    try (var pool =
        Pool.builder()
            .workers(1)
            .initializer(() -> Files.createTempFile(Path.of(name), "init", ""))
            .build()) {
      assertThatThrownBy(() ->
              pool.submit(
                      () -> {
                        Runtime.getRuntime().halt(3);
                        return 0;
                      })
                  .get())
          .isInstanceOf(ExecutionException.class);
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void retriesRunATaskAgainWhenItsWorkerDied() throws Exception {
    var first = Flag.in(directory, "first");
    try (var pool = Pool.builder().workers(1).retries(1).build()) {
      var task =
          pool.submit(() -> {
            if (!first.isRaised()) {
              first.raise();
              Runtime.getRuntime().halt(3);
            }
            return "second";
          });
      assertThat(task.get()).isEqualTo("second");
      // A task that always kills its worker ends, too.
      assertThatThrownBy(() ->
              pool.withRetries(2)
                  .submit(() -> {
                    Runtime.getRuntime().halt(4);
                    return 0;
                  })
                  .get())
          .hasMessageContaining("exitCode=4");
    }
  }

  @Test
  void aPoolInATaskWorks() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var sum =
          pool.submit(() -> {
            try (var inner = Pool.ofProcesses(1)) {
              return inner.map(n -> n * n, List.of(1, 2, 3));
            }
          });
      assertThat(sum.get()).containsExactly(1, 4, 9);
    }
  }

  @Test
  void whatATaskPrintsArrivesWholeBeforeThePoolHasEnded() throws Exception {
    var file = directory.resolve("Print.java");
    Files.writeString(
        file,
        """
        import io.procession.Pool;
        void main() {
          try (var pool = Pool.ofProcesses(2)) {
            pool.forEach(n -> System.out.println("line " + n), java.util.stream.IntStream.range(0, 200));
          }
          System.out.println("end");
        }
        """);
    var outcome = Programs.script(file).run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.lines())
        .hasSize(201)
        .containsAll(IntStream.range(0, 200).mapToObj(n -> "line " + n).toList())
        .last()
        .isEqualTo("end");
  }

  @Test
  void aWorkerLoadsNothingOfTheFlightRecorder() throws Exception {
    var log = directory.resolve("classes");
    try (var pool =
        Pool.builder().workers(1).jvmArguments("-Xlog:class+load:file=" + log).build()) {
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
    try (var lines = Files.lines(log)) {
      assertThat(
              lines.filter(line ->
                  line.contains(" jdk.jfr.")
                      || line.contains("io.procession.Sight")
                      || line.contains("worker.WorkerLoop ")))
          .singleElement()
          .asString()
          .contains("WorkerLoop");
    }
  }

  /** Can be written, and not read where the caller is. */
  private record Unreadable(long pid) {
    Unreadable {
      if (pid != ProcessHandle.current().pid()) {
        throw new AssertionError("not here");
      }
    }
  }

  @Test
  void aResultThatCannotBeReadIsHowItsCallEnds() {
    try (var pool = Pool.ofProcesses(1)) {
      assertThatThrownBy(
              () -> pool.map(_ -> new Unreadable(ProcessHandle.current().pid()), List.of(1, 2, 3)))
          .hasStackTraceContaining("not here");
      assertThatThrownBy(
              () -> pool.submit(() -> new Unreadable(ProcessHandle.current().pid())).join())
          .hasStackTraceContaining("not here");
      assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
    }
  }
}
