package io.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.internal.os.linux.LinuxPlatform;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlatformTest {
  /** Says which platform it got. */
  static final class Teller {
    static void main() {
      try {
        System.out.println(Platform.current().name());
      } catch (RuntimeException failure) {
        System.out.println(failure.getMessage());
      }
      var checks = Platforms.named("portable").checks();
      System.out.println(checks.getFirst().detail());
    }
  }

  @Test
  void thePropertyChooses() {
    var usual = LinuxPlatform.obstacle().isEmpty() ? "linux" : "portable";
    assertThat(Platform.choose(null).name()).isEqualTo(usual);
    assertThat(Platform.choose("portable").name()).isEqualTo("portable");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Platform.choose("Linux"))
        .withMessageContaining("procession.os=Linux");
    assertThat(Platform.current()).isSameAs(Platform.current());
  }

  @Test
  void withoutNativeAccessThePortableOneServesUnlessNativeWasAskedFor() throws IOException {
    var denied = List.of("--illegal-native-access=deny", "--enable-native-access=java.base");
    try (var child = ChildJvm.startBare(Teller.class, denied)) {
      assertThat(child.readLine()).isEqualTo("portable");
    }
    var asked =
        List.of(
            "--illegal-native-access=deny",
            "--enable-native-access=java.base",
            "-Dprocession.os=native");
    try (var child = ChildJvm.startBare(Teller.class, asked)) {
      assertThat(child.readLine()).contains("procession.os=native").contains("portable");
    }
  }

  @ParameterizedTest
  @MethodSource("io.procession.internal.os.Platforms#all")
  void everyCheckHasARemedyIfItFails(Platform platform) {
    var checks = platform.checks();
    assertThat(checks)
        .isNotEmpty()
        .allSatisfy(check -> assertThat(check.remedy().isEmpty()).isEqualTo(check.ok()))
        .allSatisfy(check -> assertThat(check.detail()).isNotEmpty());
    if (platform.name().equals("linux")) {
      assertThat(checks)
          .extracting(Check::name)
          .containsExactly("native access", "memfd", "futex", "pidfd", "/proc");
    }
  }

  /** Ties itself to its parent and says so. */
  static final class Child {
    static void main(String[] arguments) throws InterruptedException {
      var platform = Platforms.named("linux");
      var parent = new ProcessIdentity(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]));
      System.out.println(platform.becomeChildOf(parent));
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  /** Starts a child and says what its number is, once it is tied. */
  static final class Parent {
    static void main() throws Exception {
      var self = Platforms.named("linux").self();
      try (var child = ChildJvm.start(Child.class, List.of(), self.pid(), self.start())) {
        child.readLine();
        System.out.println(child.pid());
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }

  @Test
  void aChildDiesWithItsParentAndLeadsItsOwnGroup() throws IOException {
    assumeTrue(LinuxPlatform.obstacle().isEmpty());
    var platform = Platforms.named("linux");
    try (var parent = ChildJvm.start(Parent.class, List.of())) {
      var child = platform.identify(parent.readLong()).orElseThrow();
      var stat = ProcFiles.stat(child.pid()).orElseThrow();
      assertThat(stat.group()).isEqualTo(child.pid());
      assertThat(stat.session()).isEqualTo(child.pid());
      assertThat(platform.isDead(child)).isFalse();
      parent.kill();
      ChildJvm.await("the child's death", () -> platform.isDead(child));
    }
  }

  @Test
  void aChildWhoseParentIsDeadAlreadyEndsAtOnce() throws Exception {
    assumeTrue(LinuxPlatform.obstacle().isEmpty());
    var platform = Platforms.named("linux");
    var process = new ProcessBuilder("sleep", "600").start();
    var dead = platform.identify(process.pid()).orElseThrow();
    process.destroyForcibly().waitFor();
    try (var child = ChildJvm.start(Child.class, List.of(), dead.pid(), dead.start())) {
      assertThat(child.exitCode()).isEqualTo(128 + Signal.KILL.number());
    }
  }

  @Test
  void thePortableOneLeavesAChildAsItIs() {
    var platform = Platforms.named("portable");
    assertThat(platform.becomeChildOf(platform.self())).isFalse();
  }
}
