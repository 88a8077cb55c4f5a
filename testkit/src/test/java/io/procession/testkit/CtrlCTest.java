package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a terminal does on Ctrl-C: SIGINT to the whole group of the program. */
@NoLeaks
@EnabledOnOs(OS.LINUX)
class CtrlCTest {

  @TempDir Path directory = Path.of("");

  private Program program(String members) throws IOException {
    var script =
        Files.writeString(
            directory.resolve("Script.java"),
            """
            import io.procession.*;
            import java.util.stream.IntStream;

            void hook() {
              Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
            }
            """
                + members);
    var platform = System.getProperty("procession.os");
    // It leads a group of its own, as a shell has it for a job.
    return Program.command(
        "setsid",
        Program.tool("java"),
        "-cp",
        System.getProperty("java.class.path"),
        "--enable-native-access=ALL-UNNAMED",
        platform == null ? "-Dprocession.test=none" : "-Dprocession.os=" + platform,
        script.toString());
  }

  private static void interruptGroup(RunningProgram program) throws Exception {
    var kill = new ProcessBuilder("kill", "-INT", "--", "-" + program.pid()).inheritIO().start();
    assertThat(kill.waitFor()).isZero();
  }

  private static void assertEndedOnceAndQuietly(RunningProgram program) throws Exception {
    var outcome = program.await();
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(130);
    assertThat(outcome.lines()).containsOnlyOnce("hook");
    assertThat(outcome.errors()).as("%s", outcome).isEmpty();
    Await.until(() -> program.family().isEmpty(), "parent and children have ended");
  }

  @Test
  void aProgramThatWaitsForItsPoolEndsOnceAndQuietly() throws Exception {
    var program =
        program(
            """
            void main() {
              hook();
              try (var pool = Pool.ofProcesses(2)) {
                pool.mapAsync(n -> {
                  System.out.println("running");
                  Thread.sleep(1_000_000);
                  return n;
                }, IntStream.range(0, 100));
                pool.map(n -> n, IntStream.range(0, 100));
              }
            }
            """);
    try (var running = program.start()) {
      running.awaitOutput(text -> text.split("running", -1).length == 3);
      interruptGroup(running);
      assertEndedOnceAndQuietly(running);
    }
  }

  @Test
  void aProgramWithChildrenAndTheirChildrenEndsOnceAndQuietly() throws Exception {
    var program =
        program(
            """
            void main() throws Exception {
              hook();
              var child = ChildProcess.start(() -> {
                try (var pool = Pool.ofProcesses(1)) {
                  pool.submit(() -> {
                    System.out.println("running");
                    Thread.sleep(1_000_000);
                  }).join();
                }
              });
              child.join();
            }
            """);
    try (var running = program.start()) {
      running.awaitOutput(text -> text.contains("running"));
      interruptGroup(running);
      assertEndedOnceAndQuietly(running);
    }
  }

  @Test
  void alsoWhileItsWorkersComeUp() throws Exception {
    var program =
        program(
            """
            void main() throws Exception {
              hook();
              try (var pool = Pool.ofProcesses(3)) {
                System.out.println("starting");
                pool.map(n -> { Thread.sleep(10); return n; }, IntStream.range(0, 1_000_000));
              }
            }
            """);
    for (var round = 0; round < 3; round++) {
      try (var running = program.start()) {
        running.awaitOutput(text -> text.contains("starting"));
        // Any moment of the start will do.
        Thread.sleep(ThreadLocalRandom.current().nextInt(200));
        interruptGroup(running);
        assertEndedOnceAndQuietly(running);
      }
    }
  }
}
