package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** More of waits for several tasks and of shields, after CPython's test_tasks. */
class WaitTest {

  private static final Duration LONG = Duration.ofHours(1);

  private static <T> LoopTask<T> afterTurns(EventLoop loop, int turns, T value) {
    return loop.createTask(() -> {
      for (var i = 0; i < turns; i++) {
        loop.sleep(Duration.ZERO);
      }
      return value;
    });
  }

  private static LoopTask<?> failing(EventLoop loop, RuntimeException failure) {
    return loop.createTask(() -> {
      throw failure;
    });
  }

  @Test
  void thereIsNothingToWaitForInNothing() {
    EventLoop.execute(loop -> {
      for (var until : LoopUntil.values()) {
        assertThat(loop.await(List.<LoopTask<?>>of(), until)).isEmpty();
        assertThat(loop.await(List.<LoopTask<?>>of(), until, LONG)).isEmpty();
      }
      loop.gatherAll();
      assertThat(loop.asCompleted(List.<LoopTask<?>>of())).isEmpty();
    });
  }

  @Test
  void aTaskMayBeNamedTwice() {
    EventLoop.execute(loop -> {
      var task = afterTurns(loop, 2, "a");
      assertThat(loop.await(List.of(task, task), LoopUntil.ALL_ENDED)).containsExactly(task, task);
      var another = afterTurns(loop, 2, "b");
      assertThat(loop.await(List.of(another, another), LoopUntil.FIRST_ENDED))
          .containsExactly(another, another);
    });
  }

  @Test
  void thoseThatEndInOneTurnAreGivenTogether() {
    EventLoop.execute(loop -> {
      var a = afterTurns(loop, 2, "a");
      var slow = afterTurns(loop, 20, "slow");
      var b = afterTurns(loop, 2, "b");
      assertThat(loop.await(List.of(a, slow, b), LoopUntil.FIRST_ENDED)).containsExactly(a, b);
      assertThat(slow.await()).isEqualTo("slow");
    });
  }

  @Test
  void withoutAFailureTheWaitForOneLastsUntilAllHaveEnded() {
    EventLoop.execute(loop -> {
      var tasks = List.of(afterTurns(loop, 1, "a"), afterTurns(loop, 9, "b"));
      assertThat(loop.await(tasks, LoopUntil.FIRST_FAILED)).isEqualTo(tasks);
    });
  }

  @Test
  void whatHadFailedBeforeEndsTheWaitAtOnceAndSoDoesACancellation() {
    EventLoop.execute(loop -> {
      var slow = loop.createTask(() -> loop.sleep(LONG));
      var failed = failing(loop, new IllegalStateException("no"));
      loop.gatherAll(failed);
      assertThat(loop.await(List.<LoopTask<?>>of(slow, failed), LoopUntil.FIRST_FAILED))
          .containsExactly(failed);
      assertThat(failed.exception()).hasMessage("no");

      var cancelled = loop.createTask(() -> loop.sleep(LONG));
      loop.callSoon(cancelled::cancel);
      assertThat(loop.await(List.of(slow, cancelled), LoopUntil.FIRST_FAILED))
          .containsExactly(cancelled);
      slow.cancel();
    });
  }

  @Test
  void aTimeOfNothingStillLetsTheOthersHaveATurn() {
    EventLoop.execute(loop -> {
      var quick = loop.createTask(() -> "quick");
      var slow = loop.createTask(() -> loop.sleep(LONG));
      assertThat(loop.await(List.<LoopTask<?>>of(quick, slow), LoopUntil.ALL_ENDED, Duration.ZERO))
          .containsExactly(quick);
      slow.cancel();
    });
  }

  @Test
  void aWaitForEndsMayBeLimitedInTime() {
    EventLoop.execute(loop -> {
      var quick = afterTurns(loop, 1, "quick");
      var slow = loop.createTask(() -> loop.sleep(LONG));
      var seen = new ArrayList<LoopTask<?>>();
      assertThatThrownBy(() ->
              loop.timeout(
                  Duration.ofMillis(300),
                  () -> {
                    for (var task : loop.asCompleted(List.<LoopTask<?>>of(slow, quick))) {
                      seen.add(task);
                    }
                    return null;
                  }))
          .isInstanceOf(TimeoutException.class);
      assertThat(seen).containsExactly(quick);
      assertThat(slow.isDone()).as("its wait was cancelled, not the task").isFalse();
      slow.cancel();
    });
  }

  @Test
  void eachIterationOverTheEndsIsOneOfItsOwn() {
    EventLoop.execute(loop -> {
      var ends = loop.asCompleted(List.of(afterTurns(loop, 5, "b"), afterTurns(loop, 1, "a")));
      for (var round = 0; round < 2; round++) {
        var values = new ArrayList<String>();
        for (var task : ends) {
          values.add(task.result());
        }
        assertThat(values).containsExactlyInAnyOrder("a", "b");
      }
    });
  }

  @Test
  void aShieldPassesFailureCancellationAndValueOn() {
    EventLoop.execute(loop -> {
      var failure = new IllegalStateException("no");
      assertThatThrownBy(() -> loop.shield(failing(loop, failure))).isSameAs(failure);

      var inner =
          loop.createTask(() -> {
            loop.sleep(LONG);
            return "slept";
          });
      var outer = loop.createTask(() -> loop.shield(inner));
      loop.sleep(Duration.ZERO);
      inner.cancel();
      loop.gatherAll(outer);
      assertThat(outer.isCancelled()).as("the inner one was cancelled").isTrue();

      var ended = afterTurns(loop, 0, "value");
      ended.await();
      assertThat(loop.shield(ended)).isEqualTo("value");
    });
  }

  @Test
  void aShieldAroundAGatherKeepsAllItsTasks() {
    EventLoop.execute(loop -> {
      var a = afterTurns(loop, 10, "a");
      var b = afterTurns(loop, 10, "b");
      var gather = loop.createTask(() -> loop.gather(a, b));
      var outer = loop.createTask(() -> loop.shield(gather));
      loop.sleep(Duration.ZERO);
      outer.cancel();
      loop.gatherAll(outer);
      assertThat(outer.isCancelled()).isTrue();
      assertThat(gather.await()).containsExactly("a", "b");
    });
  }

  @Test
  void aCancelledGatherOfShieldsKeepsWhatIsBehindThem() {
    EventLoop.execute(loop -> {
      var a = afterTurns(loop, 10, "a");
      var b = afterTurns(loop, 10, "b");
      var shields =
          List.of(loop.createTask(() -> loop.shield(a)), loop.createTask(() -> loop.shield(b)));
      var outer = loop.createTask(() -> loop.gather(shields));
      loop.sleep(Duration.ZERO);
      outer.cancel();
      loop.gatherAll(outer);
      assertThat(outer.isCancelled()).isTrue();
      assertThat(shields).allMatch(LoopTask::isCancelled);
      assertThat(loop.gather(a, b)).containsExactly("a", "b");
    });
  }

  @Test
  void aGatherWithACancelledAndAFailedTaskThrowsWhichCameFirst() {
    EventLoop.execute(loop -> {
      var cancelled = loop.createTask(() -> loop.sleep(LONG));
      cancelled.cancel();
      var failed = failing(loop, new IllegalStateException("later"));
      assertThatThrownBy(() -> loop.gather(failed, cancelled))
          .isInstanceOf(CancellationException.class);
      assertThat(failed.exception()).hasMessage("later");
    });
  }
}
