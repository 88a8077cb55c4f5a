package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole programs with children: what their parent's end means to them, and what is printed. */
@NoLeaks
class ChildProgramsTest {

  @TempDir Path directory = Path.of("");

  private Program script(String members) throws IOException {
    return Programs.script(
        Files.writeString(
            directory.resolve("Script.java"),
            """
            import io.procession.ChildProcess;
            import io.procession.Pool;
            import io.procession.shared.SharedQueue;
            import java.time.Duration;
            import java.util.List;
            import java.util.stream.IntStream;
            import java.util.Locale;
            import java.util.TimeZone;
            """
                + members));
  }

  @Test
  void theParentWaitsForItsChildrenAndEndsTheDaemons() throws Exception {
    var outcome =
        script(
                """
                void main() throws Exception {
                  ChildProcess.builder().daemon(true).start(() -> {
                    System.out.println("daemon up");
                    Thread.sleep(600_000);
                    System.out.println("daemon done");
                  });
                  ChildProcess.start(() -> {
                    Thread.sleep(300);
                    System.out.println("child done");
                  });
                  System.out.println("main done");
                }
                """)
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.lines())
        .containsSubsequence("main done", "child done")
        .doesNotContain("daemon done");
  }

  @Test
  void joinSaysThatTheChildWaitsForRoomInAQueue() throws Exception {
    var outcome =
        script(
                """
                void main() throws Exception {
                  var queue = SharedQueue.<Integer>bounded(1);
                  var child = ChildProcess.start(() -> { queue.put(1); queue.put(2); });
                  while (!child.join(Duration.ofSeconds(5)) && queue.size() < 1) {}
                  System.out.println("alive " + child.isAlive());
                  System.out.println(queue.take() + queue.take());
                  child.join();
                  System.out.println(child.exitCode());
                }
                """)
            .run();
    assertThat(outcome.lines()).containsExactly("alive true", "3", "0");
    assertThat(outcome.errors())
        .containsOnlyOnce("join() waits for a child that waits to put into a full queue")
        .containsPattern("child=\\S+ pid=\\d+ queue=\\d+");
  }

  @Test
  void aPoolThatNobodyClosesDoesNotKeepTheJvmUp() throws Exception {
    var outcome =
        script(
                """
                void main() throws Exception {
                  var pool = Pool.ofProcesses(2);
                  System.out.println(pool.map(n -> n * n, List.of(1, 2, 3)));
                  pool.submit(() -> { while (true) { Thread.sleep(1000); } });
                }
                """)
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.lines()).containsExactly("[1, 4, 9]");
    assertThat(outcome.errors()).isEmpty();
  }

  @Test
  void theMainNeverRunsInAChildAndStaticInitialisersDo() throws Exception {
    var outcome =
        script(
                """
                static final String PLACE = ChildProcess.current().name();
                void main() throws Exception {
                  System.out.println("main in " + PLACE);
                  ChildProcess.builder().name("kid").start(() -> System.out.println("task in " + PLACE)).join();
                  try (var pool = Pool.builder().workers(1).name("p").build()) {
                    System.out.println("pool: " + pool.submit(() -> PLACE).get());
                  }
                }
                """)
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.lines()).containsExactly("main in main", "task in kid", "pool: p-worker-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pool.ofProcesses(1)", "ChildProcess.start(() -> {})"})
  void aStaticInitialiserThatStartsProcessesIsNoForkBomb(String bomb) throws Exception {
    var outcome =
        script(
                """
                static final Object BOMB = %s;
                void main() throws Exception {
                  var child = ChildProcess.start(() -> System.out.println("ran" + BOMB));
                  child.join();
                  System.out.println("exit code " + child.exitCode());
                }
                """
                    .formatted(bomb))
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.lines()).containsExactly("exit code 1");
    assertThat(outcome.errors())
        .contains("a process cannot be started while a child process boots")
        .contains("start processes in a method");
  }

  @Test
  void anUncaughtExceptionIsOnStderrWithItsTrace() throws Exception {
    var outcome =
        script(
                """
                static void fail() { throw new IllegalStateException("nobody catches this"); }
                void main() throws Exception {
                  var child = ChildProcess.builder().name("unlucky").start(() -> fail());
                  child.join();
                  System.out.println(child.exitCode());
                }
                """)
            .run();
    assertThat(outcome.lines()).as("%s", outcome).containsExactly("1");
    assertThat(outcome.errorLines().getFirst())
        .isEqualTo(
            "Exception in thread \"unlucky\" java.lang.IllegalStateException: nobody catches this");
    assertThat(outcome.errors()).contains("Script.fail(Script.java");
  }

  @Test
  void exitOfTheParentLeavesNothing() throws Exception {
    var outcome =
        script(
                """
                void main() throws Exception {
                  var pool = Pool.ofProcesses(2);
                  pool.submit(() -> 1).get();
                  pool.mapAsync(n -> { Thread.sleep(600_000); return n; }, IntStream.range(0, 100));
                  ChildProcess.start(() -> Thread.sleep(600_000)).pid();
                  System.exit(4);
                }
                """)
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(4);
    assertThat(outcome.errors()).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anInterruptFromTheKeyboardEndsAllWithoutAStormOfTraces() throws Exception {
    var program =
        script(
            """
            void main() throws Exception {
              var child = ChildProcess.start(() -> Thread.sleep(600_000));
              try (var pool = Pool.ofProcesses(2)) {
                pool.map(n -> n, List.of(1, 2));
                System.out.println("up " + child.pid());
                pool.map(n -> { Thread.sleep(600_000); return n; }, List.of(1, 2));
              }
            }
            """);
    try (var running = program.start()) {
      running.awaitOutput(output -> output.contains("up "));
      running.signal("INT");
      var outcome = running.await();
      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(130);
      assertThat(outcome.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"inherit", "forward"})
  void linesArriveWholeAndBeforeJoinReturns(String mode) throws Exception {
    var outcome =
        script(
                """
                static void print(String name) {
                  for (var i = 0; i < 500; i++) {
                    System.out.println(name + " line " + i + " of a text that is long enough to be torn");
                  }
                }
                void main() throws Exception {
                  var children = List.of("a", "b").stream()
                      .map(name -> ChildProcess.start(n -> print(n), name)).toList();
                  for (var child : children) {
                    child.join();
                  }
                  System.out.println("joined");
                }
                """)
            .jvmArguments("-Dprocession.stdout=" + mode)
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    var lines = outcome.lines();
    assertThat(lines).hasSize(1001).last().isEqualTo("joined");
    for (var name : List.of("a", "b")) {
      assertThat(lines.stream().filter(line -> line.startsWith(name)))
          .containsExactlyElementsOf(
              IntStream.range(0, 500)
                  .mapToObj(i -> name + " line " + i + " of a text that is long enough to be torn")
                  .toList());
    }
  }

  @Test
  void localeTimeZoneAndPropertiesAreTheParents() throws Exception {
    var outcome =
        script(
                """
                static String settings() {
                  return Locale.getDefault().toLanguageTag() + " " + TimeZone.getDefault().getID() + " "
                      + System.getProperty("a.property") + " " + Boolean.getBoolean("set.by.code");
                }
                void main() throws Exception {
                  System.setProperty("set.by.code", "true");
                  TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Apia"));
                  System.out.println(settings());
                  ChildProcess.start(() -> System.out.println(settings())).join();
                }
                """)
            .jvmArguments("-Duser.language=fr", "-Duser.country=CA", "-Da.property=its value")
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.lines())
        .containsExactly("fr-CA Pacific/Apia its value true", "fr-CA Pacific/Apia its value false");
  }

  @Test
  void theEmptyStandardInputIsTheChildsAloneAndNotTheParents() throws Exception {
    var outcome =
        script(
                """
                void main() throws Exception {
                  ChildProcess.start(() -> System.out.println("child reads " + System.in.read())).join();
                  System.out.println("parent reads " + IO.readln());
                }
                """)
            .input("a line\n")
            .run();
    assertThat(outcome.lines())
        .as("%s", outcome)
        .containsExactly("child reads -1", "parent reads a line");
  }
}
