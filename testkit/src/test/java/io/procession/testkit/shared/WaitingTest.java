package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.Party;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What it costs that threads wait for shared objects, which another process has. */
@NoLeaks
class WaitingTest {

  private static final Duration LOOK = Duration.ofSeconds(3);

  /** A few in a hundred of one processor. */
  private static final double MOST_SHARE = 0.04;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  /** Were a carrier thread pinned by each, the last would find none. */
  @Test
  void virtualThreadsThatWaitHoldNoCarrier() throws Exception {
    var each = Runtime.getRuntime().availableProcessors() + 1;
    try (var crowd = new Crowd(Thread.ofVirtual(), each)) {
      var last = new FutureTask<>(() -> "ran");
      Thread.ofVirtual().start(last);
      assertThat(last.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("ran");
      assertThat(crowd.isWaiting()).isTrue();
      crowd.release();
    }
  }

  @Test
  void waitingTakesHardlyAnyProcessorTime() throws Exception {
    for (var builder : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
      try (var crowd = new Crowd(builder, 8)) {
        var before = processorNanos();
        var start = System.nanoTime();
        Thread.sleep(LOOK);
        var share = (double) (processorNanos() - before) / (System.nanoTime() - start);
        System.out.printf(
            "%d threads that wait use %.2f %% of a processor%n", crowd.size(), 100 * share);
        assertThat(crowd.isWaiting()).isTrue();
        assertThat(share).isLessThan(MOST_SHARE);
        crowd.release();
      }
    }
  }

  /** Of all threads of this process that run Java: who waits, who carries, who listens for them. */
  private long processorNanos() {
    var nanos = 0L;
    for (var id : threads.getAllThreadIds()) {
      nanos += Math.max(0, threads.getThreadCpuTime(id));
    }
    return nanos;
  }
}
