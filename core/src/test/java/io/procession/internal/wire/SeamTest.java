package io.procession.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.os.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeamTest {
  /** Passes the step named in its argument, five times. */
  static final class Passer {
    static void main(String[] arguments) {
      for (var pass = 1; pass <= 5; pass++) {
        Seam.at(Step.CALL_ENDED);
        Seam.at(Step.valueOf(arguments[0]));
        System.out.println(pass);
      }
      System.out.println("end");
    }
  }

  /** Installs an observer and tells what it sees. */
  static final class Observer {
    static void main() {
      Seam.at(Step.CALL_STARTED);
      Seam.install(System.out::println);
      Seam.at(Step.CALL_ENDED);
    }
  }

  @Test
  void theProcessEndsAtTheStepThatTheSettingNames() throws IOException {
    var options = List.of("-D" + Seam.PROPERTY + "=call.started:3");
    try (var child = ChildJvm.start(Passer.class, options, "CALL_STARTED")) {
      assertThat(child.readLine()).isEqualTo("1");
      assertThat(child.readLine()).isEqualTo("2");
      assertThat(child.exitCode()).isEqualTo(Seam.EXIT_CODE);
    }
    try (var child = ChildJvm.start(Passer.class, options, "REQUEST_READ")) {
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void aTokenAllowsOneDeathAndSaysWhose(@TempDir Path directory) throws IOException {
    Files.createFile(directory.resolve(Seam.TOKEN));
    var options = List.of("-D" + Seam.PROPERTY + "=call.started:1@" + directory);
    long pid;
    try (var child = ChildJvm.start(Passer.class, options, "CALL_STARTED")) {
      pid = child.process().pid();
      assertThat(child.exitCode()).isEqualTo(Seam.EXIT_CODE);
    }
    try (var child = ChildJvm.start(Passer.class, options, "CALL_STARTED")) {
      assertThat(child.exitCode()).isZero();
    }
    assertThat(directory).isDirectoryContaining(file -> file.endsWith(Seam.DIED + pid));
  }

  @Test
  void anInstalledObserverSeesTheSteps() throws IOException {
    try (var child = ChildJvm.start(Observer.class, List.of("-D" + Seam.PROPERTY + "=install"))) {
      assertThat(child.readLine()).isEqualTo("call.ended");
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void withoutTheSettingNothingCanBeInstalled() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Seam.install(step -> {}))
        .withMessageContaining("-Dprocession.seam=install");
  }

  @Test
  void settingsThatMeanNothingAreRefused() {
    for (var setting :
        List.of(
            "",
            "call.ended",
            "call.ended:",
            "call.ended:0",
            "call.ended:-1",
            ":1",
            "call.ended:x",
            "call.ended:1@",
            "call.lost:1")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Seam.parse(setting))
          .withMessageContaining("procession.seam=" + setting);
    }
  }
}
