package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FlowTest {

  private static Load load(int bytes, int calls) {
    return new Load(FakeEngine.HeapMessage.of(bytes), calls);
  }

  private static boolean takes(Flow flow, Load load) throws InterruptedException {
    return flow.admit(load, 0);
  }

  @Test
  void whatHasNoRoomIsRefusedAndSettlingMakesRoom() throws Exception {
    var flow = new Flow("p", 100, Flow.FOREVER);
    var first = load(60, 2);
    assertThat(takes(flow, first)).isTrue();
    assertThat(takes(flow, load(60, 1))).isFalse();
    assertThat(takes(flow, load(40, 1))).isTrue();
    first.settledOne();
    assertThat(takes(flow, load(60, 1))).as("one of two has ended").isFalse();
    first.settledOne();
    assertThat(takes(flow, load(60, 1))).isTrue();
    assertThat(flow.bytes()).isEqualTo(100);
    assertThat(flow.rejection()).hasMessageContaining("pool=p").hasMessageEndingWith("of=100");
  }

  @Test
  void callsCountOneByOneWhereTheyAreLimited() throws Exception {
    var flow = new Flow("p", Flow.FOREVER, 3);
    var three = load(1, 3);
    assertThat(takes(flow, three)).isTrue();
    assertThat(takes(flow, load(1, 1))).isFalse();
    three.settledOne();
    assertThat(takes(flow, load(1, 1))).isTrue();
    assertThat(takes(flow, load(1, 1))).isFalse();
  }

  @Test
  void aPoolWithMoreWorkersTakesMoreCalls() throws Exception {
    var flow = new Flow("p", Flow.FOREVER, 1);
    assertThat(takes(flow, load(1, 1))).isTrue();
    assertThat(takes(flow, load(1, 1))).isFalse();
    flow.resized(2);
    assertThat(takes(flow, load(1, 2))).isTrue();
    assertThat(takes(flow, load(1, 1))).isFalse();
  }

  @Test
  void whatIsLargerThanTheLimitGoesAlone() throws Exception {
    var flow = new Flow("p", 10, Flow.FOREVER);
    var large = load(1000, 1);
    assertThat(takes(flow, large)).isTrue();
    assertThat(takes(flow, load(1, 1))).isFalse();
    large.settledOne();
    assertThat(takes(flow, load(1, 1))).isTrue();
    assertThat(takes(flow, load(1000, 1))).isFalse();
  }

  @Test
  void nothingOvertakesWhoWaits() throws Exception {
    var flow = new Flow("p", 100, Flow.FOREVER);
    var first = load(50, 1);
    assertThat(takes(flow, first)).isTrue();
    var large = new CompletableFuture<Boolean>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                large.complete(flow.admit(load(80, 1), Flow.FOREVER));
              } catch (InterruptedException e) {
                large.completeExceptionally(e);
              }
            });
    awaitWaiting(thread);
    assertThat(takes(flow, load(10, 1))).as("there is room, but someone waits").isFalse();
    first.settledOne();
    assertThat(large.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(takes(flow, load(10, 1))).isTrue();
  }

  @Test
  void anInterruptAndATimeOutEndTheWaitAndLeaveNothing() throws Exception {
    var flow = new Flow("p", 10, Flow.FOREVER);
    var first = load(10, 1);
    assertThat(takes(flow, first)).isTrue();
    assertThat(flow.admit(load(1, 1), 1_000_000)).isFalse();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> flow.admit(load(1, 1), Flow.FOREVER))
        .isInstanceOf(InterruptedException.class);
    assertThat(flow.bytes()).isEqualTo(10);
    first.settledOne();
    Thread.currentThread().interrupt();
    assertThat(flow.admit(load(1, 1), Flow.FOREVER)).as("it need not wait").isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void theEndLetsAllThrough() throws Exception {
    var flow = new Flow("p", 10, Flow.FOREVER);
    assertThat(takes(flow, load(10, 1))).isTrue();
    var through = new ArrayList<CompletableFuture<Boolean>>();
    for (var i = 0; i < 5; i++) {
      var done = new CompletableFuture<Boolean>();
      through.add(done);
      awaitWaiting(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  done.complete(flow.admit(load(10, 1), Flow.FOREVER));
                } catch (InterruptedException e) {
                  done.completeExceptionally(e);
                }
              }));
    }
    flow.end();
    for (var done : through) {
      assertThat(done.get(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void theLimitHoldsUnderManyThreads() throws Exception {
    for (var round = 0; round < 20; round++) {
      var flow = new Flow("p", 1000, round % 2 == 0 ? Flow.FOREVER : 7);
      var inFlight = new AtomicLong();
      var most = new AtomicLong();
      var threads = new ArrayList<Thread>();
      for (var t = 0; t < 8; t++) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  var random = ThreadLocalRandom.current();
                  for (var i = 0; i < 500; i++) {
                    var bytes = random.nextInt(1, 600);
                    var load = load(bytes, random.nextInt(1, 4));
                    try {
                      if (!flow.admit(load, random.nextBoolean() ? Flow.FOREVER : 100_000)) {
                        continue;
                      }
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                    most.accumulateAndGet(inFlight.addAndGet(bytes), Math::max);
                    Thread.onSpinWait();
                    inFlight.addAndGet(-bytes);
                    for (var call = 0; call < load.calls(); call++) {
                      load.settledOne();
                    }
                  }
                }));
      }
      for (var thread : threads) {
        assertThat(thread.join(java.time.Duration.ofMinutes(1))).isTrue();
      }
      assertThat(most.get()).isLessThanOrEqualTo(1000);
      assertThat(flow.bytes()).isZero();
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
