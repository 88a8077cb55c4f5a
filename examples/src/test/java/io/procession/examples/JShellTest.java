package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import io.procession.testkit.Outcome;
import io.procession.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NoLeaks
class JShellTest {

  @TempDir Path preferences;

  /** Pastes the example into a fresh session and calls its {@code main}. */
  private Outcome paste(String example) throws Exception {
    var outcome =
        Program.command(
                Program.tool("jshell"),
                "-s",
                "-J-Djava.util.prefs.userRoot=" + preferences,
                "-R--enable-native-access=ALL-UNNAMED",
                "--class-path",
                Way.LIBRARY.toString())
            .input(Files.readString(Way.source(example)) + "\nmain();\n/exit\n")
            .run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome;
  }

  /** What was printed, without the prompts that end where the session has no terminal. */
  private static List<String> printed(Outcome outcome) {
    return outcome.lines().stream().map(line -> line.replaceFirst("^(-> )+", "")).toList();
  }

  @Test
  void helloProcess() throws Exception {
    var outcome = paste("HelloProcess");

    assertThat(printed(outcome))
        .as("%s", outcome)
        .containsSubsequence(
            "Child process started", "Child process finished", "Main process finished");
  }

  @Test
  void poolMap() throws Exception {
    var outcome = paste("PoolMap");

    assertThat(printed(outcome)).as("%s", outcome).contains("[1, 4, 9, 16, 25]");
    assertThat(printed(outcome).stream().filter(line -> line.contains("was squared by")))
        .hasSize(5);
  }
}
