package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.TestExecutionResultConditions;

class LeakCheckTest {

  private static final Duration NO_PATIENCE = Duration.ZERO;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Belongings before = Belongings.now();

  @Test
  void nothingIsLeftOfNothing() throws Exception {
    assertThat(LeakCheck.await(before, NO_PATIENCE)).isEmpty();
  }

  @Test
  void aLivingProcessIsNamedAndAZombieIsNot() throws Exception {
    var sleep = new ProcessBuilder("sleep", "600").start();
    try {
      assertThat(LeakCheck.await(before, NO_PATIENCE))
          .anyMatch(line -> line.startsWith("process pid=" + sleep.pid()));
    } finally {
      sleep.destroyForcibly().waitFor();
    }
    assertThat(LeakCheck.await(before, PATIENCE)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anOpenDescriptorIsNamed(@TempDir Path directory) throws Exception {
    var file = directory.resolve("left open");
    try (var channel = open(file)) {
      assertThat(channel.isOpen()).isTrue();
      assertThat(LeakCheck.await(before, NO_PATIENCE))
          .singleElement()
          .asString()
          .matches("descriptor \\d+ -> " + file);
    }
    assertThat(LeakCheck.await(before, PATIENCE)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatAProgramLeftBehindIsNamed() throws Exception {
    try (var running = Program.command("sh", "-c", "sleep 600 & echo $!").start()) {
      var outcome = running.await();
      assertThat(LeakCheck.await(before, NO_PATIENCE))
          .anyMatch(line -> line.startsWith("process pid=" + outcome.lines().getFirst()));
    }
    assertThat(LeakCheck.await(before, PATIENCE)).isEmpty();
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileAndAMappingInSharedMemoryAreNamed() throws Exception {
    var file = Files.createTempFile(Path.of("/dev/shm"), "procession-", "");
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      try (var channel = open(file)) {
        channel.map(MapMode.READ_WRITE, 0, 4096, arena);
      }
      assertThat(LeakCheck.await(before, NO_PATIENCE))
          .hasSize(2)
          .anyMatch(("file " + file)::equals)
          .anyMatch(line -> line.startsWith("mapping ") && line.endsWith(file.toString()));
    } finally {
      Files.delete(file);
    }
    assertThat(LeakCheck.await(before, PATIENCE)).isEmpty();
  }

  @Test
  void aThreadIsNamed() throws Exception {
    var end = new CountDownLatch(1);
    var thread = Thread.ofPlatform().name("procession-left-over").start(() -> awaitQuietly(end));
    try {
      assertThat(LeakCheck.await(before, NO_PATIENCE))
          .containsExactly("thread " + thread.getName());
    } finally {
      end.countDown();
      thread.join();
    }
    assertThat(LeakCheck.await(before, PATIENCE)).isEmpty();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTestThatLeavesAThreadFails() throws Exception {
    try {
      EngineTestKit.engine("junit-jupiter")
          .selectors(selectMethod(Leaky.class, "leavesAThread"))
          .execute()
          .testEvents()
          .assertThatEvents()
          .haveExactly(
              1,
              EventConditions.finishedWithFailure(
                  TestExecutionResultConditions.message(
                      text -> text.contains("thread procession-of-a-leaky-test"))));
    } finally {
      Leaky.END.countDown();
    }
    assertThat(LeakCheck.await(before, PATIENCE)).isEmpty();
  }

  /** Not a test of the build: it is run by the one above. */
  @NoLeaks
  static class Leaky {

    static final CountDownLatch END = new CountDownLatch(1);

    @Test
    void leavesAThread() {
      Thread.ofPlatform().name("procession-of-a-leaky-test").start(() -> awaitQuietly(END));
    }
  }
}
