package io.procession.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.os.ChildJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeamTest {
  /** Passes the step named in its argument, five times. */
  static final class Passer {
    static void main(String[] arguments) {
      for (var pass = 1; pass <= 5; pass++) {
        Seam.at("other.step");
        Seam.at(arguments[0]);
        System.out.println(pass);
      }
      System.out.println("end");
    }
  }

  /** Installs an observer and tells what it sees. */
  static final class Observer {
    static void main() {
      Seam.at("too.early");
      Seam.install(System.out::println);
      Seam.at("part.step");
    }
  }

  @Test
  void theProcessEndsAtTheStepThatTheSettingNames() throws IOException {
    var options = List.of("-D" + Seam.PROPERTY + "=part.step:3");
    try (var child = ChildJvm.start(Passer.class, options, "part.step")) {
      assertThat(child.readLine()).isEqualTo("1");
      assertThat(child.readLine()).isEqualTo("2");
      assertThat(child.exitCode()).isEqualTo(Seam.EXIT_CODE);
    }
    try (var child = ChildJvm.start(Passer.class, options, "part.other")) {
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void anInstalledObserverSeesTheSteps() throws IOException {
    try (var child = ChildJvm.start(Observer.class, List.of("-D" + Seam.PROPERTY + "=install"))) {
      assertThat(child.readLine()).isEqualTo("part.step");
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
    for (var setting : List.of("", "step", "step:", "step:0", "step:-1", ":1", "step:x")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Seam.parse(setting))
          .withMessageContaining("procession.seam=" + setting);
    }
  }
}
