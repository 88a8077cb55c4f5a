package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NoLeaks
class ProgramTest {

  @TempDir Path directory;

  private Path script(String body) throws IOException {
    var file = directory.resolve("Script.java");
    return Files.writeString(
        file, "void main(String[] arguments) throws Exception {\n" + body + "\n}");
  }

  @Test
  void givesWhatTheProgramWroteAndItsExitCode() throws Exception {
    var file =
        script(
            """
            IO.println(arguments[0] + IO.readln());
            System.err.println(System.getProperty("key") + System.getenv("KEY"));
            System.exit(3);
            """);

    var outcome =
        Program.script(file)
            .jvmArguments("-Dkey=a")
            .environment("KEY", "b")
            .arguments("c")
            .input("d\n")
            .run();

    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.lines()).containsExactly("cd");
    assertThat(outcome.errorLines()).containsExactly("ab");
  }

  @Test
  void aProgramThatDoesNotEndIsKilledWithItsChildrenAndItsStacksAreShown() throws Exception {
    var file =
        script(
            """
            new ProcessBuilder("sleep", "600").start();
            IO.println("ready");
            new java.util.concurrent.CountDownLatch(1).await();
            """);

    try (var running = Program.script(file).within(Duration.ofSeconds(10)).start()) {
      running.awaitOutput(text -> text.contains("ready"));
      assertThat(running.descendants()).hasSize(1);
      assertThatThrownBy(running::await)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("bound=PT10S")
          .hasMessageContaining("ready")
          .hasMessageContaining("CountDownLatch.await");
    }
  }

  @Test
  void aSignalArrives() throws Exception {
    var file = script("IO.println(\"ready\"); new java.util.concurrent.CountDownLatch(1).await();");

    try (var running = Program.script(file).start()) {
      running.awaitOutput(text -> text.contains("ready"));
      running.signal("INT");

      assertThat(running.await().exitCode()).isEqualTo(130);
    }
  }

  @Test
  void aCommandThatDoesNotExistFailsAtOnce() {
    assertThatThrownBy(() -> Program.command(directory.resolve("missing").toString()).run())
        .isInstanceOf(IOException.class);
  }
}
