package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExitTest {

  private static final int LEFT = 42;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A JVM waits 300 ms for threads in native calls when it exits, daemon or not. */
  @Test
  void ourThreadsLeaveNativeCallsWhenAChildExits() throws Exception {
    var child =
        ChildProcess.start(
            () -> Runtime.getRuntime().addShutdownHook(new Thread(ExitTest::awaitThreadsInJava)));

    child.join();

    assertThat(child.exitCode()).isEqualTo(LEFT);
  }

  private static void awaitThreadsInJava() {
    var start = System.nanoTime();
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      if (Thread.getAllStackTraces().keySet().stream().noneMatch(ExitTest::mayBeInNative)) {
        Runtime.getRuntime().halt(LEFT);
      }
    }
  }

  /** A thread in a native call counts as runnable. */
  private static boolean mayBeInNative(Thread thread) {
    return thread.getState() == Thread.State.RUNNABLE
        && (thread.getName().equals("procession-control")
            || thread.getName().equals("procession-parent-watch"));
  }
}
