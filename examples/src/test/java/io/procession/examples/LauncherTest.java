package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import io.procession.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher {@code ./procession}, and that the tool in Java runs scripts just as it does. */
@NoLeaks
@DisabledOnOs(OS.WINDOWS) // it is a shell script
@EnabledIf("packaged") // otherwise it would build, in the middle of a build
class LauncherTest {

  private static final Path LAUNCHER = Way.ROOT.resolve("procession");

  @TempDir Path directory;

  static boolean packaged() {
    return Files.isRegularFile(Way.LIBRARY);
  }

  private static Program launcher(String... arguments) {
    return Program.command(LAUNCHER.toString())
        .environment("JAVA_HOME", System.getProperty("java.home"))
        .arguments(arguments);
  }

  private String script(String body) throws Exception {
    var file = Files.createDirectories(directory.resolve("it's a folder")).resolve("Script.java");
    return Files.writeString(file, "import module io.procession;\n" + body).toString();
  }

  @Test
  void runsAnExample() throws Exception {
    var outcome = launcher("run", Way.source("PoolSubmit").toString()).run();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    assertThat(outcome.lines()).containsExactly("[1, 4, 9, 16, 25]");
    assertThat(outcome.errors()).isEmpty();
  }

  @Test
  void passesOptionsArgumentsInputAndExitCode() throws Exception {
    var script =
        script(
            """
            void main(String[] arguments) {
              IO.println(List.of(arguments) + System.getProperty("key") + IO.readln());
              System.exit(42);
            }
            """);

    var outcome =
        launcher("run", "-J-Dkey=it's a value", script, "a b", "-x", "it's").input("in\n").run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(42);
    assertThat(outcome.lines()).containsExactly("[a b, -x, it's]it's a valuein");
  }

  @Test
  void ctrlCReachesTheScript() throws Exception {
    var script =
        script(
            """
            void main() throws Exception {
              Runtime.getRuntime().addShutdownHook(new Thread(() -> IO.println("interrupted")));
              IO.println("ready");
              new CountDownLatch(1).await();
            }
            """);

    try (var running = launcher("run", script).start()) {
      running.awaitOutput(text -> text.contains("ready"));
      assertThat(running.descendants()).as("no process in between").isEmpty();
      running.signal("INT");
      var outcome = running.await();

      assertThat(outcome.exitCode()).isEqualTo(130);
      assertThat(outcome.lines()).endsWith("interrupted");
    }
  }

  @Test
  void aFileThatDoesNotCompileSaysWhereAndFails() throws Exception {
    var outcome = launcher("run", script("void main() { int x = \"\"; }")).run();

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.errors()).contains("Script.java:2: error:");
  }

  @Test
  void wrongUseIsToldByName() throws Exception {
    var missing = launcher("run", "missing.java").run();
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.errorLines())
        .containsExactly(
            "procession: there is no such file; give the path of a Java source file."
                + " file=missing.java");

    var option = launcher("run", "-Xmx1g", "missing.java").run();
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.errors()).contains("-J<option>").contains("option=-Xmx1g");

    var nothing = launcher("run").run();
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(nothing.errors()).contains("Usage: procession run");
  }

  @Test
  void theToolInJavaBuildsTheSameCommand() throws Exception {
    var named = script("void main() {}");
    var unnamed = Files.copy(Path.of(named), directory.resolve("a script")).toString();
    for (var arguments :
        List.of(
            List.of(named),
            List.of("-cp", "a b:c", "-J-Xmx1g", "-J-Dk=it's", named, "-cp", "x y", "--help"),
            List.of("--class-path=a", unnamed, "a"),
            List.of("-cp", "classes", "com.example.Main"))) {
      var command = launcher("run", "--print-command").arguments(arguments.toArray(String[]::new));
      var shell = command.run();
      var java = tool("run", "--print-command").arguments(arguments.toArray(String[]::new)).run();

      assertThat(shell.exitCode()).as("%s", shell).isZero();
      assertThat(shell.lines()).as("%s", arguments).isEqualTo(java.lines());
    }
  }

  /** The tool as the launcher starts it. */
  private static Program tool(String... arguments) throws Exception {
    var jar = "procession-tools-" + Way.VERSION + ".jar";
    return Program.main("io.procession.tools", "io.procession.tools.Main")
        .modulePath(
            Way.LIBRARY.toRealPath(),
            Way.ROOT.resolve("tools/target/" + jar),
            Way.ROOT.resolve("tools/target/lib"))
        .arguments(arguments);
  }

  @Test
  void everythingElseIsTheTools() throws Exception {
    var version = launcher("--version").run();
    assertThat(version.exitCode()).as("%s", version).isZero();
    assertThat(version.lines()).first().isEqualTo("procession " + Way.VERSION);

    var doctor = launcher("doctor").run();
    assertThat(doctor.exitCode()).as("%s", doctor).isZero();
    assertThat(doctor.lines()).anyMatch(line -> line.startsWith("ok    JDK"));

    var unknown = launcher("doctr").run();
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.errors()).contains("argument=doctr");
  }

  @Test
  void worksThroughASymbolicLink() throws Exception {
    var link = Files.createSymbolicLink(directory.resolve("procession"), LAUNCHER);

    var outcome = Program.command(link.toString(), "--version").run();

    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
  }

  @Test
  void withoutAJdkThatIsNewEnoughItSaysWhatToInstall() throws Exception {
    var text = Files.readString(LAUNCHER);
    var demanding = directory.resolve("procession");
    Files.writeString(demanding, text.replace("wanted=25", "wanted=9999"));
    Files.setPosixFilePermissions(demanding, PosixFilePermissions.fromString("rwx------"));

    var outcome = Program.command(demanding.toString(), "--version").run();

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.errorLines())
        .singleElement()
        .asString()
        .startsWith("procession: no JDK 9999 or newer was found; install one")
        .contains("JAVA_HOME=");
  }
}
