package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Waits for several tasks, after CPython's test_tasks, test_waitfor and test_timeouts. */
class GatherTest {

  private static final Duration LONG = Duration.ofHours(1);

  private static <T> LoopTask<T> after(EventLoop loop, int millis, T value) {
    return loop.createTask(() -> {
      loop.sleep(Duration.ofMillis(millis));
      return value;
    });
  }

  private static LoopTask<String> failing(EventLoop loop, int millis, Exception failure) {
    return loop.createTask(() -> {
      loop.sleep(Duration.ofMillis(millis));
      throw failure;
    });
  }

  @Test
  void gatherKeepsTheOrderOfTheTasks() {
    EventLoop.execute(loop -> {
      var values = loop.gather(after(loop, 20, "a"), after(loop, 1, "b"), after(loop, 10, "c"));
      assertThat(values).containsExactly("a", "b", "c");
      assertThat(loop.gather()).isEmpty();
      var one = after(loop, 1, "x");
      assertThat(loop.gather(one, one)).containsExactly("x", "x");
    });
  }

  @Test
  void gatherThrowsTheFirstFailureInTimeAndTheOthersGoOn() {
    EventLoop.execute(loop -> {
      var first = new IOException("first");
      var slow = after(loop, 30, "slow");
      var late = failing(loop, 15, new IOException("late"));
      assertThatThrownBy(() -> loop.gather(slow, late, failing(loop, 1, first)))
          .isInstanceOf(CompletionException.class)
          .hasCause(first);
      assertThat(slow.isDone()).isFalse();
      assertThat(slow.await()).isEqualTo("slow");
    });
  }

  @Test
  void gatherOfACancelledTaskThrowsItsCancellation() {
    EventLoop.execute(loop -> {
      var cancelled = after(loop, 1000, "a");
      var other = after(loop, 5, "b");
      cancelled.cancel();
      assertThatThrownBy(() -> loop.gather(cancelled, other))
          .isInstanceOf(CancellationException.class);
      assertThat(other.await()).isEqualTo("b");
    });
  }

  @Test
  void cancellingAGatherCancelsAllItsTasks() {
    EventLoop.execute(loop -> {
      for (var waitsForAll : List.of(false, true)) {
        var a = loop.createTask(() -> loop.sleep(LONG));
        var b = loop.createTask(() -> loop.sleep(LONG));
        var outer =
            loop.createTask(() -> {
              if (waitsForAll) {
                loop.gatherAll(a, b);
              } else {
                loop.gather(a, b);
              }
            });
        loop.sleep(Duration.ZERO);
        outer.cancel();
        loop.gatherAll(outer, a, b);
        assertThat(List.of(outer, a, b)).allMatch(LoopTask::isCancelled);
      }
    });
  }

  @Test
  void aGatherWhoseTasksSwallowTheCancellationIsCancelledAllTheSame() {
    EventLoop.execute(loop -> {
      var stubborn =
          loop.createTask(() -> {
            try {
              loop.sleep(LONG);
            } catch (CancellationException e) {
              return "stubborn";
            }
            return "slept";
          });
      var outer = loop.createTask(() -> loop.gather(stubborn));
      loop.sleep(Duration.ZERO);
      loop.sleep(Duration.ZERO);
      outer.cancel();
      loop.gatherAll(outer);
      assertThat(outer.isCancelled()).isTrue();
      assertThat(stubborn.result()).isEqualTo("stubborn");
    });
  }

  @Test
  void gatherAllWaitsForEveryOutcome() {
    EventLoop.execute(loop -> {
      var failure = new IOException("no");
      var good = after(loop, 10, "good");
      var bad = failing(loop, 1, failure);
      loop.gatherAll(good, bad);
      assertThat(good.result()).isEqualTo("good");
      assertThat(bad.exception()).isSameAs(failure);
    });
  }

  @Test
  void awaitGivesThoseThatHaveEnded() {
    EventLoop.execute(loop -> {
      var slow = loop.createTask(() -> loop.sleep(LONG));
      var bad = failing(loop, 20, new IOException("no"));
      var quick = after(loop, 1, "quick");
      var all = List.of(slow, bad, quick);

      List<LoopTask<?>> tasks = List.copyOf(all);
      assertThat(loop.await(tasks, LoopUntil.FIRST_ENDED)).containsExactly(quick);
      assertThat(loop.await(tasks, LoopUntil.FIRST_FAILED)).containsExactly(bad, quick);
      assertThat(loop.await(tasks, LoopUntil.ALL_ENDED, Duration.ofMillis(5)))
          .containsExactly(bad, quick);
      assertThat(slow.isDone()).as("a time-out cancels nothing").isFalse();
      slow.cancel();
      assertThat(loop.await(tasks, LoopUntil.ALL_ENDED)).isEqualTo(tasks);
      assertThat(bad.exception()).hasMessage("no");
    });
  }

  @Test
  void cancellingAnAwaitLeavesTheTasks() {
    EventLoop.execute(loop -> {
      var task = after(loop, 10, "a");
      var outer = loop.createTask(() -> loop.await(List.of(task), LoopUntil.ALL_ENDED));
      loop.sleep(Duration.ZERO);
      outer.cancel();
      loop.gatherAll(outer);
      assertThat(outer.isCancelled()).isTrue();
      assertThat(task.await()).isEqualTo("a");
    });
  }

  @Test
  void asCompletedGivesTasksInTheOrderOfTheirEnds() {
    EventLoop.execute(loop -> {
      var tasks = List.of(after(loop, 30, 3), after(loop, 1, 1), after(loop, 15, 2));
      var order = new ArrayList<Integer>();
      for (var task : loop.asCompleted(tasks)) {
        order.add(task.result());
      }
      assertThat(order).containsExactly(1, 2, 3);

      var iterator = loop.asCompleted(List.of(tasks.get(0), tasks.get(0))).iterator();
      assertThat(iterator.next().result()).isEqualTo(3);
      assertThat(iterator.hasNext()).as("each task once").isFalse();
      assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    });
  }

  @Test
  void shieldKeepsATaskFromACancellationOfItsWaiter() {
    EventLoop.execute(loop -> {
      var inner = after(loop, 10, "kept");
      var outer = loop.createTask(() -> loop.shield(inner));
      loop.sleep(Duration.ZERO);
      outer.cancel();
      loop.gatherAll(outer);
      assertThat(outer.isCancelled()).isTrue();
      assertThat(inner.isDone()).isFalse();
      assertThat(loop.shield(inner)).isEqualTo("kept");
    });
  }

  @Test
  void waitForGivesTheValueInTime() throws Exception {
    EventLoop.execute(loop -> {
      assertThat(loop.waitFor(after(loop, 1, "a"), LONG)).isEqualTo("a");
      var ended = after(loop, 0, "b");
      ended.await();
      assertThat(loop.waitFor(ended, Duration.ZERO)).isEqualTo("b");
      var failure = new IllegalArgumentException("no");
      assertThatThrownBy(() -> loop.waitFor(failing(loop, 1, failure), LONG)).isSameAs(failure);
    });
  }

  @Test
  void waitForCancelsTheTaskAndWaitsForItsEnd() {
    EventLoop.execute(loop -> {
      for (var timeout : List.of(Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(-5))) {
        var log = new ArrayList<String>();
        var task =
            loop.createTask(() -> {
              try {
                loop.sleep(LONG);
              } finally {
                log.add("cleaned up");
              }
            });
        loop.sleep(Duration.ZERO);
        assertThatThrownBy(() -> loop.waitFor(task, timeout))
            .isInstanceOf(TimeoutException.class)
            .hasMessageEndingWith("timeout=" + timeout)
            .hasCauseInstanceOf(CancellationException.class);
        assertThat(task.isCancelled()).isTrue();
        assertThat(log).containsExactly("cleaned up");
      }
    });
  }

  @Test
  void aValueThatComesDespiteTheTimeoutCounts() throws Exception {
    EventLoop.execute(loop -> {
      var stubborn =
          loop.createTask(() -> {
            try {
              loop.sleep(LONG);
            } catch (CancellationException e) {
              return "kept";
            }
            return "slept";
          });
      assertThat(loop.waitFor(stubborn, Duration.ofMillis(1))).isEqualTo("kept");
      loop.sleep(Duration.ofMillis(1));
    });
  }

  @Test
  void aCancellationFromOutsideIsNoTimeout() {
    EventLoop.execute(loop -> {
      var task =
          loop.createTask(() -> {
            loop.timeout(
                LONG,
                () -> {
                  loop.sleep(LONG);
                  return null;
                });
          });
      loop.sleep(Duration.ZERO);
      task.cancel();
      loop.gatherAll(task);
      assertThat(task.isCancelled()).isTrue();
    });
  }

  @Test
  void nestedTimeoutsTellWhichHasPassed() throws Exception {
    EventLoop.execute(loop -> {
      assertThatThrownBy(() ->
              loop.timeout(
                  Duration.ofMillis(5),
                  () ->
                      loop.timeout(
                          LONG,
                          () -> {
                            loop.sleep(LONG);
                            return 1;
                          })))
          .isInstanceOf(TimeoutException.class)
          .hasMessageEndingWith("timeout=PT0.005S");
      String value =
          loop.timeout(
              LONG,
              () -> {
                try {
                  return loop.timeout(
                      Duration.ofMillis(1),
                      () -> {
                        loop.sleep(LONG);
                        return "slept";
                      });
                } catch (TimeoutException inner) {
                  loop.sleep(Duration.ofMillis(1));
                  return "inner";
                }
              });
      assertThat(value).isEqualTo("inner");
      loop.sleep(Duration.ofMillis(1));
    });
  }

  @Test
  void aTimeoutThatPassesWhileTheBodyComputesLeavesNoCancellationBehind() throws Exception {
    EventLoop.execute(loop -> {
      int value = loop.timeout(Duration.ZERO, () -> 1);
      assertThat(value).isEqualTo(1);
      loop.sleep(Duration.ofMillis(1));
    });
  }
}
