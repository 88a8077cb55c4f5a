package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.internal.wire.Seam;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.Program;
import io.procession.testkit.RunningProgram;
import io.procession.testkit.TaskLog;
import io.procession.testkit.kill.Family.Life;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The parent dies by whatever means: its children, theirs, and the programs that they started are
 * gone after a second, and nothing is left. The bound is wider than that, for a busy machine; what
 * was measured is printed.
 */
@NoLeaks
class ParentKillTest {

  private static final Duration BOUND = Duration.ofSeconds(Settings.IS_PORTABLE ? 15 : 5);
  private static final int REPEATS = Math.max(1, Settings.PARENTS / 12);
  private static final int LONGEST_PAUSE_MILLIS = 100;

  @TempDir Path directory;
  private final Random random = new Random(Settings.SEED);
  private final List<Long> millis = new ArrayList<>();
  private Path temporary;
  private Path arrivals;

  @BeforeEach
  void makeRoom() throws IOException {
    temporary = Files.createDirectory(directory.resolve("temporary"));
  }

  @AfterEach
  void print() {
    if (!millis.isEmpty()) {
      var sorted = millis.stream().sorted().toList();
      System.out.printf(
          "%s: kills=%d, gone after: median=%d ms, max=%d ms, seed=%d%n",
          Settings.platform(),
          sorted.size(),
          sorted.get(sorted.size() / 2),
          sorted.getLast(),
          Settings.SEED);
    }
  }

  @Test
  void killedAtRandomMoments() throws Exception {
    var lives = List.of(Life.POOL, Life.SLEEPING, Life.WAITING, Life.NESTING_IN_POOL, Life.NOTHING);
    var startMillis = 1000L;
    for (var kill = 0; kill < Settings.PARENTS; kill++) {
      var life = kill == 0 ? Life.POOL : lives.get(random.nextInt(lives.size()));
      var start = System.nanoTime();
      try (var program = start(life)) {
        if (kill == 0) {
          awaitArrival(program, Family.ROOT);
          startMillis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        } else {
          Thread.sleep(random.nextLong(2 * startMillis));
        }
        killRoot(program);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POOL", "SLEEPING", "COUNTING", "COLLECTING", "WAITING", "NESTING"})
  void killedWithChildrenThatAre(Life life) throws Exception {
    System.out.print(life + ", ");
    for (var kill = 0; kill < REPEATS; kill++) {
      try (var program = start(life)) {
        awaitLife(program, life);
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        killRoot(program);
      }
    }
  }

  @Test
  void killedWithAChildThatIsStopped() throws Exception {
    System.out.print("STOPPED, ");
    for (var kill = 0; kill < REPEATS; kill++) {
      try (var program = start(Life.SLEEPING)) {
        var child = awaitArrival(program, Family.CHILD);
        Signals.send("STOP", child);
        Signals.awaitState(child, 'T');
        killRoot(program);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void endedBy(String signal, int exitCode) throws Exception {
    for (var life : List.of(Life.POOL, Life.WAITING)) {
      System.out.print(signal + ", " + life + ", ");
      try (var program = start(life)) {
        awaitLife(program, life);
        program.signal(signal);
        assertThat(program.await().exitCode()).isEqualTo(exitCode);
        awaitGone(program, System.nanoTime());
        checkNothingIsLeft();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring.claimed", "ring.written", "ring.published", "ring.released"})
  void diesAtAStepOfTheProtocol(String step) throws Exception {
    System.out.print(step + ", ");
    for (var count : List.of(1, 2, 7, 100)) {
      try (var program = start(Life.POOL, "-D" + Seam.PROPERTY + "=" + step + ":" + count)) {
        assertThat(program.await().exitCode()).isEqualTo(Seam.EXIT_CODE);
        awaitGone(program, System.nanoTime());
        checkNothingIsLeft();
      }
    }
  }

  /** Other programs of a child that was killed alone go on, as {@code ChildProcess.kill} says. */
  @ParameterizedTest
  @EnumSource(names = {"NESTING", "NESTING_IN_POOL"})
  void theMiddleIsKilled(Life life) throws Exception {
    System.out.print("middle, " + life + ", ");
    for (var kill = 0; kill < REPEATS; kill++) {
      try (var program = start(life)) {
        awaitLife(program, life);
        var gone =
            new ArrayList<>(
                List.of(
                    awaitArrival(program, Family.GRANDCHILD),
                    awaitArrival(program, Family.EXTERNAL + "-" + Family.GRANDCHILD)));
        // Where children lead no groups, what a dead worker had started cannot be found any more.
        if (life == Life.NESTING_IN_POOL && !Settings.IS_PORTABLE) {
          gone.add(awaitArrival(program, Family.EXTERNAL + "-" + Family.CHILD));
        }
        var start = System.nanoTime();
        Signals.send("KILL", awaitArrival(program, Family.CHILD));
        for (var pid : gone) {
          while (Signals.isAlive(pid)) {
            assertThat(since(start)).isLessThan(BOUND);
            Thread.sleep(1);
          }
        }
        millis.add(since(start).toMillis());
        assertThat(program.await().exitCode()).isZero();
        assertThat(program.output()).contains("child ended: ");
      }
    }
  }

  private RunningProgram start(Life life, String... options) throws IOException {
    arrivals = Files.createTempDirectory(directory, "arrivals");
    var program =
        Program.main(Family.class.getName())
            .classPath(codeOf(Family.class), codeOf(TaskLog.class), codeOf(Pool.class))
            .jvmArguments("--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + temporary)
            .jvmArguments(options)
            .arguments(life.name(), arrivals.toString());
    if (Settings.IS_PORTABLE) {
      program.jvmArguments("-Dprocession.os=portable");
    }
    return program.start();
  }

  private static Path codeOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  /** Waits until all are there, and are found: else their end would say nothing. */
  private void awaitLife(RunningProgram program, Life life) throws Exception {
    awaitArrival(program, Family.ROOT);
    if (life != Life.POOL) {
      awaitArrival(program, Family.CHILD);
    }
    if (life == Life.NESTING || life == Life.NESTING_IN_POOL) {
      awaitArrival(program, Family.GRANDCHILD);
    }
    assertThat(program.family())
        .anyMatch(process -> process.pid() == program.pid())
        .anyMatch(process -> process.info().commandLine().orElse("").contains("WorkerMain"))
        .anyMatch(process -> process.info().commandLine().orElse("").contains("-sentinel"));
  }

  private long awaitArrival(RunningProgram program, String what) throws Exception {
    while (true) {
      var pids = Family.whoArrived(what, arrivals);
      if (!pids.isEmpty()) {
        return pids.getFirst();
      }
      if (!Signals.isAlive(program.pid())) {
        throw new AssertionError(what + " did not arrive\n" + program.await());
      }
      Thread.sleep(1);
    }
  }

  private void killRoot(RunningProgram program) throws Exception {
    var start = System.nanoTime();
    ProcessHandle.of(program.pid()).ifPresent(ProcessHandle::destroyForcibly);
    awaitGone(program, start);
    checkNothingIsLeft();
  }

  private void awaitGone(RunningProgram program, long start) throws InterruptedException {
    for (var left = program.family(); !left.isEmpty(); left = program.family()) {
      assertThat(since(start)).as(() -> describe(program.family())).isLessThan(BOUND);
      Thread.sleep(1);
    }
    millis.add(since(start).toMillis());
  }

  private static String describe(List<ProcessHandle> left) {
    return "still there: "
        + left.stream().map(p -> p.pid() + " " + p.info().commandLine()).toList();
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Where segments are files, the next start sweeps them. */
  private void checkNothingIsLeft() throws Exception {
    if (Settings.IS_PORTABLE) {
      try (var sweeper = start(Life.NOTHING)) {
        assertThat(sweeper.await().exitCode()).isZero();
      }
    }
    try (Stream<Path> files = Files.walk(temporary)) {
      assertThat(files).containsExactly(temporary);
    }
  }
}
