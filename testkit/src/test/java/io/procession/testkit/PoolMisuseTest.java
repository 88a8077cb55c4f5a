package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.NotTransferableException;
import io.procession.Pool;
import io.procession.PoolBrokenException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user may do wrong, and the one sentence that says what to do instead. */
@NoLeaks
class PoolMisuseTest {

  @TempDir Path directory = Path.of("");

  /** Travels, but for one field. */
  record Job(String name, List<Step> steps) {}

  record Step(Object socket) {}

  /** Not connected; made before a test starts, because the JDK keeps a descriptor of the first. */
  private static final Socket SOCKET = new Socket();

  @Test
  void aLambdaThatCapturesASocketIsToldThePath() {
    try (var pool = Pool.ofProcesses(1)) {
      var job = new Job("a", List.of(new Step("harmless"), new Step(SOCKET)));
      assertThatThrownBy(() -> pool.submit(() -> job.toString()))
          .isExactlyInstanceOf(NotTransferableException.class)
          .hasMessageContaining("java.net.Socket cannot travel to another process")
          .hasMessageContaining("make it where it is used")
          .hasMessageEndingWith(".steps[1].socket: java.net.Socket");
    }
  }

  @Test
  void aPoolNeedsWorkers() {
    for (var workers : List.of(0, -3)) {
      assertThatThrownBy(() -> Pool.ofProcesses(workers))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ask for 1 or more")
          .hasMessageEndingWith("workers=" + workers);
    }
  }

  @Test
  void aBadJvmOptionBreaksThePoolWithTheChildsOwnWords() throws Exception {
    try (var pool = Pool.builder().workers(2).jvmArguments("-XX:NoSuchOption=1").build()) {
      var failure = catchThrowable(() -> pool.submit(() -> 1).get());
      assertThat(failure).hasStackTraceContaining("NoSuchOption");
      var broken = failure instanceof PoolBrokenException ? failure : failure.getCause();
      assertThat(broken)
          .isInstanceOf(PoolBrokenException.class)
          .hasMessageContaining("Unrecognized VM option 'NoSuchOption=1'");
      assertThatThrownBy(() -> pool.map(n -> n, List.of(1)))
          .isInstanceOf(PoolBrokenException.class);
      // It does not start workers for ever.
      Await.until(pool::isTerminated, "the pool has ended");
      assertThat(pool.workers()).isEmpty();
    }
  }

  @Test
  void aWorkingDirectoryThatDoesNotExistIsRefusedAtOnce() {
    var missing = directory.resolve("missing");
    assertThatThrownBy(() -> Pool.builder().workers(1).directory(missing).build())
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("create it first")
        .hasMessageEndingWith("directory=" + missing);
  }

  @Test
  void aRuntimeWithoutALauncherIsToldTheRemedy() throws Exception {
    var home = System.getProperty("java.home");
    System.setProperty("java.home", Files.createDirectories(directory.resolve("jdk")).toString());
    try {
      assertThatThrownBy(() -> Pool.ofProcesses(1))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no executable launcher")
          .hasMessageContaining("--strip-native-commands");
    } finally {
      System.setProperty("java.home", home);
    }
  }

  @Test
  void aFunctionWhoseClassTheChildCannotLoadNamesTheClass() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var failure =
          catchThrowable(() -> pool.submit(() -> Class.forName("no.such.Thing").getName()).get());
      assertThat(failure)
          .hasCauseInstanceOf(ClassNotFoundException.class)
          .hasMessageContaining("no.such.Thing");
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }
}
