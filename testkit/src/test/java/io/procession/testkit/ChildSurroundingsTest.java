package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.ChildProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a child has from its parent, and what not; after CPython's tests of descriptors and ends.
 */
@NoLeaks
class ChildSurroundingsTest {

  @TempDir Path directory = Path.of("");

  /** What this process's descriptors lead to, line by line. */
  private static String descriptors() throws IOException {
    var targets = new StringBuilder();
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      for (var link : links.toList()) {
        if (Files.isSymbolicLink(link)) {
          targets.append(Files.readSymbolicLink(link)).append('\n');
        }
      }
    }
    return targets.toString();
  }

  private static void writeDescriptors(String file) throws IOException {
    Files.writeString(Path.of(file), descriptors());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noDescriptorOfTheParentIsInherited() throws Exception {
    var kept = Files.createFile(directory.resolve("a file of the parent"));
    var answer = directory.resolve("answer").toString();
    try (var _ = Files.newOutputStream(kept);
        var _ = new ServerSocket(0)) {
      var mine = descriptors();
      assertThat(mine).contains(kept.toString());
      var child = ChildProcess.start(ChildSurroundingsTest::writeDescriptors, answer);
      child.join();
      assertThat(child.exitCode()).isZero();
      assertThat(mine.lines().filter(target -> target.startsWith("socket:")))
          .isNotEmpty()
          .doesNotContainAnyElementsOf(Files.readAllLines(Path.of(answer)));
      assertThat(Files.readString(Path.of(answer))).doesNotContain(kept.toString());
    }
  }

  private static void writeAtTheEnd(String file) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              try {
                Files.writeString(Path.of(file), "bye");
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            }));
  }

  @Test
  void shutdownHooksRunAtTheEndOfAChild() throws Exception {
    var file = directory.resolve("farewell");
    var child = ChildProcess.start(ChildSurroundingsTest::writeAtTheEnd, file.toString());
    child.join();
    assertThat(child.exitCode()).isZero();
    assertThat(file).hasContent("bye");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProgramWithoutStandardInputHasChildren() throws Exception {
    var script =
        Files.writeString(
            directory.resolve("Script.java"),
            """
            import io.procession.*;
            void main() throws Exception {
              var child = ChildProcess.start(() -> IO.println("a child read " + System.in.read()));
              child.join();
              try (var pool = Pool.ofProcesses(1)) {
                IO.println(pool.submit(() -> "a worker").join());
              }
            }
            """);
    var outcome =
        Program.command(
                "sh",
                "-c",
                "exec \"$@\" <&-",
                "sh",
                Program.tool("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                script.toString())
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.lines()).containsExactly("a child read -1", "a worker");
  }
}
