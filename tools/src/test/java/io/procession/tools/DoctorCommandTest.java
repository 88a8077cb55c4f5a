package io.procession.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.os.Check;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {

  private final StringWriter out = new StringWriter();

  private int report(Finding... findings) {
    var doctor = new DoctorCommand();
    new CommandLine(doctor).setOut(new PrintWriter(out, true));
    return doctor.report(List.of(findings));
  }

  @Test
  void aMachineThatBuildsThisIsFit() {
    var command = Main.commandLine().setOut(new PrintWriter(out, true));

    assertThat(command.execute("doctor")).isZero();

    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("ok +JDK .*java\\.home=.*"))
        .anyMatch(line -> line.startsWith("ok    child JVM"))
        .anyMatch(line -> line.contains("open files"))
        .anyMatch(line -> line.contains("processes"))
        .anyMatch(line -> line.contains("cache directory"))
        .anyMatch(line -> line.contains("/dev/shm"))
        .last()
        .asString()
        .startsWith("Procession works here");
  }

  @Test
  void aFailureGivesExitCodeOneAndItsRemedy() {
    assertThat(report(Finding.ok("a", "fine"), Finding.fail("b", "broken", "mend it")))
        .isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            "ok    a               fine",
            "FAIL  b               broken; remedy: mend it",
            "Procession cannot work here. failed=1");
  }

  @Test
  void aWarningDoesNot() {
    assertThat(report(Finding.of(Check.failed("memfd", "missing", "allow it")))).isZero();
    assertThat(out.toString())
        .contains("WARN  memfd           missing; remedy: allow it")
        .contains("warnings=1");
  }

  @Test
  void fewOpenFilesOrProcessesAreAWarning() {
    assertThat(Examination.openFiles(OptionalLong.of(256)).level()).isEqualTo(Finding.Level.WARN);
    assertThat(Examination.openFiles(OptionalLong.of(1024)).level()).isEqualTo(Finding.Level.OK);
    assertThat(Examination.openFiles(OptionalLong.empty()).level()).isEqualTo(Finding.Level.OK);
    assertThat(Examination.processes(OptionalLong.of(100)).remedy()).contains("ulimit -u");
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed(@TempDir Path directory) throws Exception {
    var missing = directory.resolve("missing");
    var file = Files.createFile(directory.resolve("file"));

    assertThat(Examination.temporaryDirectory(missing).level()).isEqualTo(Finding.Level.FAIL);
    assertThat(Examination.sharedMemoryDirectory(missing).level()).isEqualTo(Finding.Level.WARN);
    assertThat(Examination.cacheDirectory(missing.resolve("deeper")).level())
        .as("it can be made")
        .isEqualTo(Finding.Level.OK);
    assertThat(Examination.cacheDirectory(file.resolve("deeper")).line())
        .startsWith("WARN")
        .contains("-Dprocession.cache");
    assertThat(missing).doesNotExist();
  }
}
