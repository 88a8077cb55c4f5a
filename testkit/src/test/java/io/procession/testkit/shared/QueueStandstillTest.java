package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.ChildProcess;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.shared.SharedQueue;
import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process stands still in the middle of putting or taking, for longer than others want to wait:
 * nothing is taken from it, and when it goes on, so does the queue.
 */
@NoLeaks
class QueueStandstillTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  /** Stops this process when it comes to {@code step} first; it goes on when it is told to. */
  private static void standStillAt(Step step) {
    var stopped = new AtomicBoolean();
    Seam.install(passed -> {
      if (passed == step && stopped.compareAndSet(false, true)) {
        signal("STOP", ProcessHandle.current().pid());
      }
    });
  }

  private static void signal(String name, long pid) {
    try {
      var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      assertThat(kill.waitFor()).isZero();
    } catch (Exception e) {
      throw new AssertionError("no signal was sent", e);
    }
  }

  private static boolean standsStill(ChildProcess child) throws Exception {
    var list = new ProcessBuilder("ps", "-o", "stat=", Long.toString(child.pid())).start();
    try (var state = list.inputReader()) {
      var line = state.readLine();
      return line != null && line.startsWith("T");
    }
  }

  private static void putAll(SharedQueue<Integer> queue, Step step) throws Exception {
    standStillAt(step);
    for (var i = 1; i <= 3; i++) {
      queue.put(i);
    }
  }

  private static void takeAll(SharedQueue<Integer> from, SharedQueue<Integer> to, Step step)
      throws Exception {
    standStillAt(step);
    for (var i = 1; i <= 3; i++) {
      to.put(from.take());
    }
  }

  private static ChildProcess start(io.procession.function.RemoteRunnable work) {
    return ChildProcess.builder().jvmArguments("-D" + Seam.PROPERTY + "=install").start(work);
  }

  @ParameterizedTest
  @EnumSource(names = {"ELEMENT_WRITTEN", "ELEMENT_INTENDED", "ELEMENT_COMMITTED"})
  void aProducerThatStandsStillKeepsItsTurn(Step step) throws Exception {
    try (var queue = SharedQueue.<Integer>create()) {
      var child = start(() -> putAll(queue, step));
      Await.until(() -> standsStill(child), "the producer stands still");
      try {
        assertThat(queue.offer(9, SHORT)).isFalse();
        if (step != Step.ELEMENT_COMMITTED) {
          assertThat(queue.poll(SHORT)).isNull();
        }
      } finally {
        signal("CONT", child.pid());
      }
      child.join();
      assertThat(child.exitCode()).isZero();
      assertThat(List.of(queue.take(), queue.take(), queue.take())).containsExactly(1, 2, 3);
      assertThat(queue).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ELEMENT_COPIED", "TAKING_INTENDED", "MUTEX_LEFT"})
  void aConsumerThatStandsStillKeepsItsElement(Step step) throws Exception {
    try (var queue = SharedQueue.<Integer>create();
        var taken = SharedQueue.<Integer>create()) {
      var child = start(() -> takeAll(queue, taken, step));
      queue.put(1);
      queue.put(2);
      queue.put(3);
      Await.until(() -> standsStill(child), "the consumer stands still");
      try {
        assertThat(queue.poll(SHORT)).isNull();
        assertThat(queue.offer(4, SHORT)).as("the other end goes on").isTrue();
      } finally {
        signal("CONT", child.pid());
      }
      child.join();
      assertThat(child.exitCode()).isZero();
      assertThat(List.of(taken.take(), taken.take(), taken.take())).containsExactly(1, 2, 3);
      assertThat(queue.take()).isEqualTo(4);
    }
  }
}
