package io.procession.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StandardOutputTest {

  private static final PrintStream PLAIN = new PrintStream(OutputStream.nullOutputStream());

  @AfterEach
  void clearProperty() {
    System.clearProperty(StandardOutput.PROPERTY);
  }

  @Test
  void inheritsFromAPlainProgram() {
    assertThat(StandardOutput.mustBeForwarded(PLAIN, PLAIN, "app.Main a b")).isFalse();
  }

  @Test
  void forwardsToWhatAnotherPutThere() {
    var other = new PrintStream(OutputStream.nullOutputStream());
    assertThat(StandardOutput.mustBeForwarded(other, PLAIN, "app.Main")).isTrue();
    var special = new PrintStream(OutputStream.nullOutputStream()) {};
    assertThat(StandardOutput.mustBeForwarded(special, special, "app.Main")).isTrue();
  }

  @Test
  void forwardsInKnownHosts() {
    assertThat(
            StandardOutput.mustBeForwarded(
                PLAIN, PLAIN, "jdk.jshell.execution.RemoteExecutionControl 1234"))
        .isTrue();
  }

  @Test
  void forwardsInThisTestRunner() {
    assertThat(StandardOutput.mustBeForwarded()).isTrue();
  }

  @Test
  void thePropertyDecides() {
    System.setProperty(StandardOutput.PROPERTY, "inherit");
    assertThat(StandardOutput.mustBeForwarded()).isFalse();
    System.setProperty(StandardOutput.PROPERTY, "forward");
    assertThat(StandardOutput.mustBeForwarded()).isTrue();
    System.setProperty(StandardOutput.PROPERTY, "both");
    assertThatThrownBy(StandardOutput::mustBeForwarded)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("procession.stdout=both");
  }
}
