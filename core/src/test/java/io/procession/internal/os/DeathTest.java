package io.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Identity, and the proof of death, for each way in which a process can look dead or alive. */
class DeathTest {
  private static Process sleeper() throws IOException {
    return new ProcessBuilder("sleep", "600").start();
  }

  private static void end(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aRunningProcessIsNotDead(Platform platform) throws Exception {
    var process = sleeper();
    try {
      var identity = platform.identify(process.pid()).orElseThrow();
      assertThat(platform.isDead(identity)).isFalse();
      assertThat(platform.isDead(platform.self())).isFalse();
      assertThat(platform.identify(process.pid())).contains(identity);
    } finally {
      end(process);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aReapedProcessIsDead(Platform platform) throws Exception {
    var process = sleeper();
    var identity = platform.identify(process.pid()).orElseThrow();
    end(process);
    assertThat(platform.isDead(identity)).isTrue();
    assertThat(platform.identify(process.pid())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aNumberThatWentToAnotherProcessProvesDeath(Platform platform) throws Exception {
    var process = sleeper();
    try {
      var identity = platform.identify(process.pid()).orElseThrow();
      var former = new ProcessIdentity(identity.pid(), identity.start() - 1);
      assertThat(platform.isDead(former)).isTrue();
    } finally {
      end(process);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aStoppedProcessIsNotDead(Platform platform) throws Exception {
    assumeTrue(ProcFiles.available());
    var process = sleeper();
    try {
      var pid = process.pid();
      var identity = platform.identify(pid).orElseThrow();
      new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
      ChildJvm.await("stopped", () -> state(pid) == 'T');
      assertThat(platform.isDead(identity)).isFalse();
    } finally {
      end(process);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aZombieThatNobodyReapsIsDead(Platform platform) throws Exception {
    assumeTrue(ProcFiles.available());
    // The shell becomes a program that never waits for the child it does not know.
    var parent = new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
    try (var lines = parent.inputReader()) {
      var zombie = Long.parseLong(lines.readLine());
      ChildJvm.await("no shell", () -> stat(parent.pid()).command().equals("sleep"));
      platform.kill(zombie, Signal.KILL);
      ChildJvm.await("a zombie", () -> state(zombie) == 'Z');
      var identity = platform.identify(zombie).orElseThrow();
      assertThat(platform.isDead(identity)).isTrue();
    } finally {
      end(parent);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aZombieLeaderWhoseThreadsRunIsNotDead(Platform platform) throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64") && ProcFiles.available());
    try (var child = ChildJvm.start(LeaderlessProcess.class, List.of())) {
      var pid = child.readLong();
      var identity = platform.identify(pid).orElseThrow();
      assertThat(state(pid)).isEqualTo('Z');
      assertThat(platform.isDead(identity)).isFalse();
      child.writeLine("still running?");
      assertThat(child.readLine()).isEqualTo("still running");
      child.kill();
      assertThat(platform.isDead(identity)).isTrue();
    }
  }

  @Test
  void aNameWithParenthesesAndSpacesDoesNotMoveTheFields(@TempDir Path directory) throws Exception {
    assumeTrue(ProcFiles.available());
    var program = directory.resolve("a) Z 1 (b");
    Files.copy(Path.of("/bin/sleep"), program, StandardCopyOption.COPY_ATTRIBUTES);
    var before = ProcFiles.stat(ProcessHandle.current().pid()).orElseThrow();
    var process = new ProcessBuilder(program.toString(), "600").start();
    try {
      var pid = process.pid();
      ChildJvm.await("the name", () -> stat(pid).command().equals("a) Z 1 (b"));
      var stat = stat(pid);
      assertThat(stat.pid()).isEqualTo(pid);
      assertThat(stat.parent()).isEqualTo(ProcessHandle.current().pid());
      assertThat(stat.group()).isEqualTo(before.group());
      assertThat(stat.start()).isGreaterThanOrEqualTo(before.start());
      assertThat(stat.state()).isNotEqualTo('Z');
    } finally {
      end(process);
    }
  }

  @Test
  void everyFieldComesFromItsPlace() {
    var line = "17 (x) (y\n) z) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22222 23 24 25\n";
    assertThat(ProcFiles.Stat.parse(line))
        .isEqualTo(new ProcFiles.Stat(17, "x) (y\n) z", 'S', 4, 5, 6, 22222));
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void signalsArriveAndTellWhetherThereWasAnybody(Platform platform) throws Exception {
    var process = sleeper();
    assertThat(platform.kill(process.pid(), Signal.TERM)).isTrue();
    assertThat(process.waitFor()).isEqualTo(128 + Signal.TERM.number());
    assertThat(platform.kill(process.pid(), Signal.KILL)).isFalse();
    assertThat(platform.killGroup(process.pid(), Signal.KILL)).isFalse();
    for (var number : new long[] {1, 0, -1}) {
      assertThatIllegalArgumentException().isThrownBy(() -> platform.kill(number, Signal.TERM));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> platform.killGroup(number, Signal.TERM));
    }
  }

  @Test
  void signalsHaveTheirNumbers() {
    assertThat(Signal.KILL.number()).isEqualTo(9);
    assertThat(Signal.SYS.number()).isEqualTo(31);
  }

  private static ProcFiles.Stat stat(long pid) {
    try {
      return ProcFiles.stat(pid).orElseThrow();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static char state(long pid) {
    return stat(pid).state();
  }
}
