package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.NotTransferableException;
import io.procession.Pool;
import io.procession.RemoteException;
import io.procession.Task;
import io.procession.WorkerCrashedException;
import io.procession.function.RemoteRunnable;
import io.procession.testkit.contract.Flag;
import java.io.FileNotFoundException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that fail, and tasks that take their worker with them. */
@NoLeaks
class WorkerCrashTest {

  @TempDir Path directory = Path.of("");

  private static Throwable failureOf(Task<?> task) {
    try {
      return new AssertionError("the task did not fail but gave " + task.join());
    } catch (RuntimeException e) {
      return task.exceptionNow();
    }
  }

  private WorkerCrashedException crash(Pool pool, RemoteRunnable task) {
    var failure = failureOf(pool.submit(task));
    assertThat(failure).isExactlyInstanceOf(WorkerCrashedException.class);
    // Nothing else is lost, and a replacement comes.
    assertThat(pool.map(n -> n + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
    return (WorkerCrashedException) failure;
  }

  private static void throwDeep() throws FileNotFoundException {
    throw new FileNotFoundException("not here");
  }

  @Test
  void anExceptionArrivesAsItselfWithTheFramesOfTheWorker() {
    try (var pool = Pool.builder().workers(1).name("frames").build()) {
      var failure = failureOf(pool.submit(WorkerCrashTest::throwDeep));
      var pid = pool.workers().getFirst().pid();
      assertThat(failure).isExactlyInstanceOf(FileNotFoundException.class).hasMessage("not here");
      var frames = failure.getStackTrace();
      assertThat(frames[0].getMethodName()).isEqualTo("throwDeep");
      assertThat(frames[frames.length - 1].toString())
          .contains("frames-worker-1")
          .contains("pid " + pid);
    }
  }

  @Test
  void causesAndSuppressedTravelAlong() {
    try (var pool = Pool.ofProcesses(1)) {
      var failure =
          failureOf(
              pool.submit(() -> {
                var cause = new IllegalArgumentException("cause");
                var outer = new IllegalStateException("outer", cause);
                outer.addSuppressed(new ArithmeticException("suppressed"));
                throw outer;
              }));
      assertThat(failure)
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasCauseExactlyInstanceOf(IllegalArgumentException.class);
      assertThat(failure.getSuppressed()).singleElement().isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  void anExceptionThatCannotBeMadeHereHasAStandIn() {
    try (var pool = Pool.ofProcesses(1)) {
      var failure =
          failureOf(
              pool.submit(() -> {
                throw OnlyThere.exception();
              }));
      assertThat(failure).isExactlyInstanceOf(RemoteException.class).hasMessage("made there");
      assertThat(((RemoteException) failure).className()).isEqualTo("made.InTheWorker");
      assertThat(failure.toString()).isEqualTo("made.InTheWorker: made there");
      assertThat(failure.getStackTrace()).isNotEmpty();
      assertThat(failure.getCause()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aResultThatCannotTravelFailsItsTaskWithThePath() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var failure = failureOf(pool.submit(() -> List.of(new Object[] {1, Thread.currentThread()})));
      assertThat(failure)
          .isInstanceOf(NotTransferableException.class)
          .hasMessageContaining("java.lang.Thread")
          .hasMessageContaining("[1]");
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void systemExitInATaskIsACrashWithItsExitCode() {
    try (var pool = Pool.ofProcesses(1)) {
      var crash = crash(pool, () -> System.exit(42));
      assertThat(crash.exitCode()).isEqualTo(42);
      assertThat(crash.signal()).isEmpty();
      assertThat(crash.errorFile()).isEmpty();
      assertThat(crash.pid()).isPositive();
      assertThat(crash.worker()).contains("worker-1");
      assertThat(crash).hasMessageContaining("exitCode=42");
      assertThat(crash(pool, () -> System.exit(0)).exitCode()).isZero();
    }
  }

  @Test
  void haltIsACrashWithItsExitCode() {
    try (var pool = Pool.ofProcesses(1)) {
      var crash = crash(pool, () -> Runtime.getRuntime().halt(7));
      assertThat(crash.exitCode()).isEqualTo(7);
      assertThat(crash.signal()).isEmpty();
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aKillIsNamed() {
    var started = Flag.in(directory, "started");
    try (var pool = Pool.ofProcesses(1)) {
      var task = pool.submit(started::raiseAndSpin);
      var failure =
          catchThrowable(() -> {
            started.await();
            ProcessHandle.of(pool.workers().getFirst().pid()).orElseThrow().destroyForcibly();
            task.get();
          });
      assertThat(failure).hasCauseExactlyInstanceOf(WorkerCrashedException.class);
      var crash = (WorkerCrashedException) task.exceptionNow();
      assertThat(crash.signal()).contains("SIGKILL");
      assertThat(crash.exitCode()).isEqualTo(137);
      assertThat(crash).hasMessageContaining("SIGKILL");
    }
  }

  @Test
  void theLastLinesOnStderrAreInTheCrash() {
    try (var pool = Pool.ofProcesses(1)) {
      var crash =
          crash(
              pool,
              () -> {
                System.err.println("the native library says goodbye");
                Runtime.getRuntime().halt(1);
              });
      assertThat(crash.lastLines()).contains("the native library says goodbye");
      assertThat(crash).hasMessageContaining("the native library says goodbye");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  @SuppressWarnings("restricted") // no other way is as sure a crash
  void aCrashInNativeCodeLeavesItsReport() throws Exception {
    try (var pool = Pool.builder().workers(1).directory(directory).build()) {
      var crash =
          crash(
              pool,
              () -> {
                System.err.println("about to crash");
                MemorySegment.NULL.reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
              });
      assertThat(crash.signal()).contains("SIGABRT");
      var report = crash.errorFile().orElseThrow();
      assertThat(report).isReadable().hasParent(directory);
      assertThat(Files.readString(report)).contains("SIGSEGV").contains("pid=" + crash.pid());
      assertThat(crash).hasMessageContaining(report.toString());
      assertThat(crash.lastLines()).contains("about to crash");
    }
  }

  private static int recurse(int n) {
    return n < 0 ? 0 : recurse(n + 1) + 1;
  }

  @Test
  void aStackOverflowIsTheTasksOwn() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      assertThat(failureOf(pool.submit(() -> recurse(0))))
          .isExactlyInstanceOf(StackOverflowError.class);
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isEqualTo(pid);
    }
  }

  @Test
  void runningOutOfMemoryEndsTheTaskOnly() {
    try (var pool = Pool.builder().workers(1).heapBytes(32 << 20).build()) {
      var failure =
          failureOf(
              pool.submit(() -> {
                var all = new ArrayList<byte[]>();
                for (var i = 0; i < 1000; i++) {
                  all.add(new byte[1 << 20]);
                }
                return all.size();
              }));
      assertThat(failure).isInstanceOfAny(OutOfMemoryError.class, WorkerCrashedException.class);
      assertThat(pool.map(n -> n + 1, List.of(1))).containsExactly(2);
    }
  }

  @Test
  void anUncaughtExceptionOfAnotherThreadInTheWorkerHarmsNothing() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      assertThat(
              pool.submit(
                      () -> {
                        var thread =
                            Thread.ofPlatform()
                                .start(() -> {
                                  throw new IllegalStateException("in a thread of the task's");
                                });
                        thread.join();
                        return 1;
                      })
                  .get())
          .isEqualTo(1);
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void onlyTheItemThatKilledItsWorkerIsLost() {
    try (var pool = Pool.ofProcesses(2)) {
      var tasks =
          pool.mapAsync(
              n -> {
                if (n == 50) {
                  Runtime.getRuntime().halt(9);
                }
                return n;
              },
              IntStream.range(0, 1000));
      for (var n = 0; n < 1000; n++) {
        if (n == 50) {
          assertThat(failureOf(tasks.get(n))).isExactlyInstanceOf(WorkerCrashedException.class);
        } else {
          assertThat(tasks.get(n).join()).isEqualTo(n);
        }
      }
      assertThatThrownBy(() ->
              pool.map(
                  n -> {
                    if (n == 5) {
                      Runtime.getRuntime().halt(9);
                    }
                    return n;
                  },
                  IntStream.range(0, 100)))
          .isExactlyInstanceOf(WorkerCrashedException.class)
          .hasMessageContaining("exitCode=9");
    }
  }

  @Test
  void whatATaskStartedDiesWithTheKillOfItsWorker() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var sleeper = pool.submit(() -> new ProcessBuilder("sleep", "600").start().pid()).get();
      assertThat(ProcessHandle.of(sleeper)).isPresent();
      pool.terminate();
      Await.until(
          () -> ProcessHandle.of(sleeper).filter(ProcessHandle::isAlive).isEmpty(),
          "the program that a task started is gone");
    }
  }
}
