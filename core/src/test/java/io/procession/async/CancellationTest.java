package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future.State;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is cancelled with whom, after CPython's test_tasks. */
class CancellationTest {

  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void whoAwaitsWhatIsCancelledIsCancelled() {
    EventLoop.execute(loop -> {
      var future = new CompletableFuture<String>();
      var inner = loop.createTask(() -> loop.sleep(LONG));
      var tasks =
          List.of(
              loop.createTask(() -> loop.await(future)),
              loop.createTask(() -> inner.await()),
              loop.createTask(() -> inner.await()));
      loop.sleep(Duration.ZERO);
      future.cancel(true);
      inner.cancel();
      loop.gatherAll(tasks);
      assertThat(tasks).allMatch(LoopTask::isCancelled);
    });
  }

  @Test
  void cancellingBothATaskAndWhatItAwaitsEndsBoth() {
    EventLoop.execute(loop -> {
      var inner = loop.createTask(() -> loop.sleep(LONG));
      var outer = loop.createTask(() -> inner.await());
      loop.sleep(Duration.ZERO);
      inner.cancel();
      outer.cancel();
      loop.gatherAll(inner, outer);
      assertThat(inner.isCancelled()).isTrue();
      assertThat(outer.isCancelled()).isTrue();
    });
  }

  @Test
  void whoCatchesOneCancellationMayAwaitSomethingElse() {
    EventLoop.execute(loop -> {
      var event = LoopEvent.create();
      var task =
          loop.createTask(() -> {
            try {
              loop.sleep(LONG);
            } catch (CancellationException e) {
              event.await();
            }
            return 42;
          });
      loop.sleep(Duration.ZERO);
      task.cancel();
      loop.sleep(Duration.ZERO);
      loop.sleep(Duration.ZERO);
      assertThat(task.isDone()).isFalse();
      event.set();
      assertThat(task.await()).isEqualTo(42);
      assertThat(task.isCancelled()).isFalse();
    });
  }

  @Test
  void everyCancellationIsSeenByWhoCatchesThem() {
    EventLoop.execute(loop -> {
      var messages = new ArrayList<String>();
      var task =
          loop.createTask(() -> {
            for (var i = 0; i < 3; i++) {
              try {
                loop.sleep(LONG);
              } catch (CancellationException e) {
                messages.add(e.getMessage());
              }
            }
          });
      for (var message : List.of("one", "two", "three")) {
        loop.sleep(Duration.ZERO);
        task.cancel(message);
      }
      task.await();
      assertThat(messages).containsExactly("one", "two", "three");
    });
  }

  @Test
  void whatIsThrownInsteadOfTheCancellationIsTheOutcome() {
    EventLoop.execute(loop -> {
      var error = new AssertionError("instead");
      var task =
          loop.createTask(() -> {
            try {
              loop.sleep(LONG);
            } finally {
              fail(error);
            }
          });
      loop.sleep(Duration.ZERO);
      task.cancel();
      assertThatThrownBy(task::await).isSameAs(error);
      assertThat(task.state()).isEqualTo(State.FAILED);
    });
  }

  private static void fail(Error error) {
    throw error;
  }

  @Test
  void theMessageArrivesThoughTheTaskNeverStarted() {
    EventLoop.execute(loop -> {
      var task = loop.createTask(() -> 1);
      task.cancel("not wanted");
      assertThatThrownBy(task::await)
          .isInstanceOf(CancellationException.class)
          .hasMessage("not wanted");
    });
  }

  @Test
  void theCurrentTaskIsTheOneWhoseTurnItIs() {
    EventLoop.execute(loop -> {
      var tasks =
          Stream.of("a", "b", "c")
              .map(name ->
                  loop.createTask(
                      name,
                      () -> {
                        for (var i = 0; i < 3; i++) {
                          assertThat(loop.currentTask().name()).isEqualTo(name);
                          loop.sleep(Duration.ZERO);
                        }
                      }))
              .toList();
      loop.gather(tasks);
      assertThat(loop.currentTask().name()).isEqualTo("main");
    });
  }

  @Test
  void cancelledSleepersLeaveNoTimersBehind() {
    EventLoop.execute(loop -> {
      var tasks =
          Stream.generate(() -> loop.createTask(() -> loop.sleep(LONG))).limit(1_000).toList();
      loop.sleep(Duration.ZERO);
      tasks.forEach(LoopTask::cancel);
      loop.gatherAll(tasks);
      assertThat(tasks).allMatch(LoopTask::isCancelled);
      assertThat(loop.scheduler.timers().size()).isLessThan(300);
    });
  }

  private static int sleepLong(EventLoop loop) {
    loop.sleep(LONG);
    return 1;
  }

  @Test
  void aTaskOfAnotherLoopCannotBeAwaited() {
    EventLoop.execute(loop -> {
      var foreign = loop.createTask(() -> sleepLong(loop));
      loop.toThread(() ->
              EventLoop.execute(other -> {
                List<Runnable> misuses =
                    List.of(
                        foreign::await,
                        () -> other.gather(foreign),
                        () -> other.gatherAll(foreign),
                        () -> other.shield(foreign),
                        () -> other.await(List.of(foreign), LoopUntil.ALL_ENDED),
                        () -> {
                          var _ = other.asCompleted(List.of(foreign)).iterator();
                        });
                for (var misuse : misuses) {
                  assertThatThrownBy(misuse::run)
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("event loop");
                }
                assertThatThrownBy(() -> other.waitFor(foreign, LONG))
                    .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> other.waitFor(foreign, Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class);
              }))
          .await();
      assertThat(foreign.isDone()).isFalse();
      foreign.cancel();
    });
  }
}
