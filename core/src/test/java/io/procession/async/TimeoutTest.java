package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What happens about a time-out, after CPython's test_waitfor and test_timeouts. */
class TimeoutTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(2);

  private static int sleepLong(EventLoop loop) {
    loop.sleep(LONG);
    return 1;
  }

  private static int failAfterwards(EventLoop loop, RuntimeException failure) {
    try {
      loop.sleep(LONG);
      return 1;
    } catch (CancellationException e) {
      throw failure;
    }
  }

  @Test
  void whatHasNoTimeDoesNotEvenStart() {
    EventLoop.execute(loop -> {
      for (var timeout : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
        var log = new ArrayList<String>();
        var task = loop.createTask(() -> log.add("started"));
        assertThatThrownBy(() -> loop.waitFor(task, timeout)).isInstanceOf(TimeoutException.class);
        loop.sleep(SHORT);
        assertThat(log).isEmpty();
      }
    });
  }

  @Test
  void aFailureInsteadOfTheCancellationGoesBeforeTheTimeOut() {
    EventLoop.execute(loop -> {
      var failure = new IllegalStateException("while it cleaned up");
      for (var timeout : new Duration[] {SHORT, Duration.ZERO}) {
        var task = loop.createTask(() -> failAfterwards(loop, failure));
        loop.sleep(Duration.ZERO);
        assertThatThrownBy(() -> loop.waitFor(task, timeout)).isSameAs(failure);
      }
      assertThatThrownBy(() -> loop.timeout(SHORT, () -> failAfterwards(loop, failure)))
          .isSameAs(failure);
      loop.sleep(SHORT); // no cancellation is left
    });
  }

  @Test
  void aFailureInTimePassesAndItsTimerIsForgotten() {
    EventLoop.execute(loop -> {
      var failure = new IllegalStateException("no");
      for (var i = 0; i < 1_000; i++) {
        assertThatThrownBy(() ->
                loop.timeout(
                    LONG,
                    () -> {
                      throw failure;
                    }))
            .isSameAs(failure);
      }
      assertThat(loop.scheduler.timers().size()).isLessThan(300);
    });
  }

  /** The second cancellation goes on to the task as the first one did. */
  @Test
  void aTaskThatHoldsUpEveryCancellationKeepsItsWaiter() {
    EventLoop.execute(loop -> {
      var held = new ArrayList<CancellationException>();
      var inner =
          loop.createTask(() -> {
            while (held.size() < 2) {
              try {
                loop.sleep(LONG);
              } catch (CancellationException e) {
                held.add(e);
              }
            }
            return 42;
          });
      var outer = loop.createTask(() -> loop.waitFor(inner, SHORT));
      while (held.isEmpty()) {
        loop.sleep(Duration.ofMillis(1));
      }
      outer.cancel();
      assertThat(outer.await()).isEqualTo(42);
      assertThat(inner.result()).isEqualTo(42);
    });
  }

  @Test
  void whoeverCancelsAWaitWithALimitCancelsTheTaskToo() {
    EventLoop.execute(loop -> {
      var inner = loop.createTask(() -> sleepLong(loop));
      var outer = loop.createTask(() -> loop.waitFor(inner, LONG));
      loop.sleep(Duration.ZERO);
      outer.cancel();
      loop.gatherAll(outer);
      assertThat(outer.isCancelled()).isTrue();
      assertThat(inner.isCancelled()).isTrue();
    });
  }

  @Test
  void ofTwoLimitsThatPassAtOnceTheOuterOneIsTold() {
    EventLoop.execute(loop -> {
      var outer = Duration.ofNanos(1_000_001);
      assertThatThrownBy(() ->
              loop.timeout(
                  outer,
                  () ->
                      loop.timeout(
                          Duration.ofMillis(1),
                          () -> {
                            Thread.sleep(10); // holds the loop: no timer is looked at
                            return sleepLong(loop);
                          })))
          .isInstanceOf(TimeoutException.class)
          .hasMessageEndingWith("timeout=" + outer);
      loop.sleep(SHORT);
    });
  }

  @Test
  void cleaningUpAfterATimeOutMayHaveALimitOfItsOwn() {
    EventLoop.execute(loop -> {
      var log = new ArrayList<String>();
      assertThatThrownBy(() ->
              loop.timeout(
                  SHORT,
                  () -> {
                    try {
                      return sleepLong(loop);
                    } finally {
                      assertThatThrownBy(
                              () -> loop.timeout(Duration.ofMillis(1), () -> sleepLong(loop)))
                          .isInstanceOf(TimeoutException.class)
                          .hasMessageEndingWith("timeout=PT0.001S");
                      log.add("cleaned up");
                    }
                  }))
          .isInstanceOf(TimeoutException.class)
          .hasMessageEndingWith("timeout=" + SHORT);
      assertThat(log).containsExactly("cleaned up");
      loop.sleep(SHORT);
    });
  }

  @Test
  void aTaskThatCaughtItsCancellationMaySetLimits() {
    EventLoop.execute(loop -> {
      var task =
          loop.createTask(() -> {
            loop.currentTask().cancel();
            assertThatThrownBy(() -> loop.sleep(LONG)).isInstanceOf(CancellationException.class);
            assertThatThrownBy(() -> loop.timeout(Duration.ZERO, () -> sleepLong(loop)))
                .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() ->
                    loop.timeout(
                        LONG,
                        () -> {
                          loop.currentTask().cancel();
                          return sleepLong(loop);
                        }))
                .isInstanceOf(CancellationException.class);
            return "went on";
          });
      assertThat(task.await()).isEqualTo("went on");
    });
  }
}
