package io.procession.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("(?s)procession \\d+\\.\\d+\\.\\d+\\S*\\R.*");
  }

  @Test
  void helpNamesTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("run", "doctor", "examples/LineCount.java");
  }

  @Test
  void helpOfRunNamesItsOptions() {
    assertThat(run("help", "run")).isZero();
    assertThat(out.toString()).contains("--class-path", "-J", "--print-command");
  }

  @Test
  void noCommandIsWrongUse() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).startsWith("procession: no command was given").contains("--help");
  }

  @Test
  void anUnknownCommandIsNamedAndTheRightOneGuessed() {
    assertThat(run("doctr")).isEqualTo(2);
    assertThat(err.toString()).contains("argument=doctr").contains("procession doctor");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(run("run", "--print-command", "missing/Script.java")).isEqualTo(2);
    assertThat(err.toString()).contains("no such file").endsWith("file=missing/Script.java\n");
  }

  @Test
  void runGivesTheScriptItsArgumentsAndTheJvmItsOptions(@TempDir Path directory) throws Exception {
    var script = Files.createFile(directory.resolve("Script.java")).toString();

    assertThat(run("run", "--print-command", "-J-Xmx1g", "-cp", "a b", script, "-x", "--help"))
        .isZero();

    assertThat(out.toString().lines().toList())
        .startsWith(Path.of(System.getProperty("java.home"), "bin", "java").toString())
        .containsSubsequence("-p", "--add-modules", "io.procession")
        .contains("--enable-native-access=io.procession")
        .endsWith("-cp", "a b", "-Xmx1g", script, "-x", "--help");
  }

  @Test
  void aSourceFileWithoutTheSuffixIsOneAllTheSame(@TempDir Path directory) throws Exception {
    var script = Files.createFile(directory.resolve("script")).toString();

    assertThat(run("run", "--print-command", script)).isZero();

    assertThat(out.toString().lines().toList())
        .endsWith("--source", Integer.toString(Runtime.version().feature()), script);
  }

  @Test
  void runEndsWithTheExitCodeOfTheScript(@TempDir Path directory) throws Exception {
    var script = directory.resolve("Script.java");
    Files.writeString(script, "void main() { System.exit(42); }");

    assertThat(run("run", script.toString())).isEqualTo(42);
  }
}
