package io.procession.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParentFlagsTest {

  @TempDir Path directory;

  private static List<String> read(String... commandLine) {
    return LauncherCommandLine.flags(List.of(commandLine), Map.of()).flags();
  }

  @Test
  void argumentFilesReadBackWhatWasWritten() {
    var arguments =
        List.of("", "a b", "\"q\" 'r'", "\\", "c:\\d", "#no", "@file", "x\n\t\r\fy", "é");
    assertThat(ArgumentFile.parse(ArgumentFile.format(arguments))).isEqualTo(arguments);
  }

  @Test
  void argumentFilesAsPeopleWriteThem() {
    assertThat(
            ArgumentFile.parse(
                """
                # a comment
                -Da=b c:\\d # another
                "two words" 'and "more"' x"y z"w "joined \\
                   line" e#f
                """))
        .containsExactly(
            "-Da=b", "c:\\d", "two words", "and \"more\"", "xy zw", "joined line", "e#f");
  }

  @Test
  void flagsEndAtTheMainClass() {
    assertThat(read("java", "-Da=1", "-cp", "x", "--add-opens", "m/p=q", "Main", "-Db=2", "@none"))
        .containsExactly("-Da=1", "--add-opens=m/p=q");
    assertThat(read("java", "-p", "x", "-ea", "-m", "m/Main", "-Db=2"))
        .containsExactly("--module-path=x", "-ea");
    assertThat(read("java", "-Da=1", "-jar", "a.jar", "-Db=2")).containsExactly("-Da=1");
  }

  @Test
  void argumentFilesAndTheEnvironment() throws IOException {
    var file = Files.writeString(directory.resolve("a"), "-Dfile=1\n--add-modules x");
    var flags =
        LauncherCommandLine.flags(
            List.of("java", "-Dline=1", "@" + file, "Main"),
            Map.of(
                "JDK_JAVA_OPTIONS", "-Djdk=1 --add-opens a/b=c",
                "JAVA_TOOL_OPTIONS", "-Dtool=\\#",
                "_JAVA_OPTIONS", "-Dlast='1 2'"));
    assertThat(flags.lost()).isNull();
    assertThat(flags.flags())
        .containsExactly(
            "-Dtool=\\#",
            "-Djdk=1",
            "--add-opens=a/b=c",
            "-Dline=1",
            "-Dfile=1",
            "--add-modules=x",
            "-Dlast=1 2");
  }

  @Test
  void saysWhatWasLost() {
    var gone = directory.resolve("gone");
    var flags = LauncherCommandLine.flags(List.of("java", "@" + gone, "-Da=1", "Main"), Map.of());
    assertThat(flags.flags()).containsExactly("-Da=1");
    assertThat(flags.lost()).contains("--add-modules java.management", "file=" + gone);
    assertThat(ParentFlags.readCommandLine(gone, Map.of("JAVA_TOOL_OPTIONS", "-Dt=1")))
        .satisfies(other -> {
          assertThat(other.flags()).containsExactly("-Dt=1");
          assertThat(other.lost()).contains(gone.toString());
        });
  }

  /** Both sources must agree on this very JVM, as far as a child is concerned. */
  @Test
  void theCommandLineTellsTheSameAsTheManagementBean() {
    var commandLine = ParentFlags.readCommandLine(Path.of("/proc/self/cmdline"), System.getenv());
    assertThat(InheritedFlags.of(commandLine.flags(), true))
        .isEqualTo(InheritedFlags.of(ParentFlags.current().flags(), true));
  }

  @Test
  void onlyAllowedFlagsAreInherited() {
    var denied =
        List.of(
            "-Xmx1g",
            "-Xss1m",
            "-XX:+UseG1GC",
            "-XX:StartFlightRecording",
            "-XX:AOTCache=x",
            "-XX:SharedArchiveFile=x",
            "-XX:+HeapDumpOnOutOfMemoryError",
            "-Xlog:gc",
            "-javaagent:x.jar",
            "-agentlib:jdwp=transport=dt_socket",
            "-Dcom.sun.management.jmxremote.port=1",
            "-Djava.class.path=x",
            "-Duser.timezone=UTC",
            "-Duser.language=de");
    assertThat(InheritedFlags.of(denied, true)).isEmpty();
    assertThat(
            InheritedFlags.of(
                List.of(
                    "-Da=1",
                    "-Da=2",
                    "-Da=1",
                    "-ea:p...",
                    "-ea:p...",
                    "--patch-module=m=x:/y",
                    "--add-modules=z"),
                false))
        .containsExactly(
            "-Da=2",
            "-Da=1",
            "-ea:p...",
            "--patch-module=m=" + Path.of("x").toAbsolutePath() + ":/y");
  }

  @Test
  void aRuntimeWithoutLauncherIsAClearError() {
    assertThatThrownBy(() -> JavaCommand.javaBinary(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("--strip-native-commands")
        .hasMessageEndingWith("launcher=" + directory.resolve("bin", "java"));
  }
}
