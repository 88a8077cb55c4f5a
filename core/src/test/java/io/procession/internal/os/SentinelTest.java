package io.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SentinelTest {
  /** A child: ties itself where it can, starts an external program, says its number. */
  static final class Child {
    static void main(String[] arguments) throws Exception {
      var platform = Platforms.named(arguments[0]);
      platform.becomeChildOf(
          new ProcessIdentity(Long.parseLong(arguments[1]), Long.parseLong(arguments[2])));
      var program = new ProcessBuilder("sleep", "600").start();
      System.out.println(program.pid());
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  /** A root with a sentinel and a child; says the sentinel's, the child's and its program's. */
  static final class Root {
    static void main(String[] arguments) throws Exception {
      var platform = Platforms.named(arguments[0]);
      var self = platform.self();
      var sentinel = platform.newSentinel().orElseThrow();
      var child = ChildJvm.start(Child.class, List.of(), arguments[0], self.pid(), self.start());
      sentinel.add(platform.identify(child.pid()).orElseThrow());
      var program = child.readLong();
      System.out.println(sentinel.pid());
      System.out.println(child.pid());
      System.out.println(program);
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  @BeforeEach
  void aShellIsNeeded() {
    assumeTrue(Platforms.named("portable").newSentinel().isPresent());
  }

  private static Process sleeper() throws IOException {
    return new ProcessBuilder("sleep", "600").start();
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void everythingDiesThoughRootAndChildAreKilledAtOnce(Platform platform) throws Exception {
    try (var root = ChildJvm.start(Root.class, List.of(), platform.name())) {
      var sentinel = platform.identify(root.readLong()).orElseThrow();
      var child = platform.identify(root.readLong()).orElseThrow();
      var program = platform.identify(root.readLong()).orElseThrow();
      root.process().destroyForcibly();
      ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
      root.exitCode();
      ChildJvm.await("the child's death", () -> platform.isDead(child));
      ChildJvm.await("the sentinel's end", () -> platform.isDead(sentinel));
      if (platform.killsGroups()) {
        ChildJvm.await("the program's death", () -> platform.isDead(program));
      } else {
        platform.kill(program.pid(), Signal.KILL); // its number is in no list
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aStoppedChildDiesToo(Platform platform) throws Exception {
    assumeTrue(ProcFiles.available());
    try (var root = ChildJvm.start(Root.class, List.of(), platform.name())) {
      var sentinel = platform.identify(root.readLong()).orElseThrow();
      var child = platform.identify(root.readLong()).orElseThrow();
      var program = platform.identify(root.readLong()).orElseThrow();
      new ProcessBuilder("kill", "-STOP", Long.toString(child.pid())).start().waitFor();
      new ProcessBuilder("kill", "-STOP", Long.toString(program.pid())).start().waitFor();
      root.kill();
      ChildJvm.await("the child's death", () -> platform.isDead(child));
      ChildJvm.await("the sentinel's end", () -> platform.isDead(sentinel));
      if (platform.killsGroups()) {
        ChildJvm.await("the program's death", () -> platform.isDead(program));
      } else {
        platform.kill(program.pid(), Signal.KILL);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void closingKillsWhatIsListedAndNothingElse(Platform platform) throws Exception {
    var listed = sleeper();
    var removed = sleeper();
    var reused = sleeper();
    try {
      var sentinel = platform.newSentinel().orElseThrow();
      assertThat(sentinel.pid()).isZero();
      var reusedIdentity = platform.identify(reused.pid()).orElseThrow();
      sentinel.add(platform.identify(listed.pid()).orElseThrow());
      sentinel.add(platform.identify(removed.pid()).orElseThrow());
      sentinel.add(new ProcessIdentity(reused.pid(), reusedIdentity.start() - 1));
      sentinel.remove(platform.identify(removed.pid()).orElseThrow());
      var process = ProcessHandle.of(sentinel.pid()).orElseThrow();
      sentinel.close();
      sentinel.close();
      assertThat(process.isAlive()).isFalse();
      assertThat(listed.waitFor()).isEqualTo(128 + Signal.KILL.number());
      assertThat(removed.isAlive()).isTrue();
      assertThat(reused.isAlive()).isEqualTo(ProcFiles.available());
      assertThatIllegalStateException().isThrownBy(() -> sentinel.add(reusedIdentity));
    } finally {
      for (var process : List.of(listed, removed, reused)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void theSignalsOfATerminalDoNotEndIt(Platform platform) throws Exception {
    var listed = sleeper();
    try {
      try (var sentinel = platform.newSentinel().orElseThrow()) {
        sentinel.add(platform.identify(listed.pid()).orElseThrow());
        var pid = sentinel.pid();
        ChildJvm.await("its signals are ignored", () -> ignoresTerminalSignals(pid));
        for (var signal : List.of("-INT", "-TERM", "-HUP")) {
          new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
        }
      }
      assertThat(listed.waitFor()).isEqualTo(128 + Signal.KILL.number());
    } finally {
      listed.destroyForcibly().waitFor();
    }
  }

  /** Looks at the mask of ignored signals: bits 0, 1 and 14 are HUP, INT and TERM. */
  private static boolean ignoresTerminalSignals(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      var terminal = 1L | 1L << 1 | 1L << 14;
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .anyMatch(mask -> (mask & terminal) == terminal);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void aDeadSentinelIsReplacedAndToldEverything(Platform platform) throws Exception {
    var first = sleeper();
    var second = sleeper();
    try {
      try (var sentinel = platform.newSentinel().orElseThrow()) {
        sentinel.add(platform.identify(first.pid()).orElseThrow());
        var victim = platform.identify(sentinel.pid()).orElseThrow();
        platform.kill(victim.pid(), Signal.KILL);
        ChildJvm.await("the first sentinel's death", () -> platform.isDead(victim));
        sentinel.add(platform.identify(second.pid()).orElseThrow());
      }
      assertThat(first.waitFor()).isEqualTo(128 + Signal.KILL.number());
      assertThat(second.waitFor()).isEqualTo(128 + Signal.KILL.number());
    } finally {
      first.destroyForcibly().waitFor();
      second.destroyForcibly().waitFor();
    }
  }
}
