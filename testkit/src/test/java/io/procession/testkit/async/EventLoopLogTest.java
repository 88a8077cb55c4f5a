package io.procession.testkit.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.async.EventLoop;
import io.procession.async.LoopEvent;
import io.procession.async.LoopTask;
import io.procession.testkit.NoLeaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the loop tells in the log, because nobody else would hear of it. */
@NoLeaks
class EventLoopLogTest {

  private static final Logger LOGGER = Logger.getLogger("io.procession.async");

  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          records.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void stop() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
  }

  private static LoopTask<?> failing(EventLoop loop, String name) {
    return loop.createTask(
        name,
        () -> {
          throw new IllegalArgumentException("of " + name);
        });
  }

  @Test
  void aFailureThatNobodyAwaitedIsLoggedOnce() {
    EventLoop.execute(loop -> {
      var _ = failing(loop, "unseen");
      var seen = failing(loop, "seen");
      loop.sleep(Duration.ZERO);
      assertThat(seen.exception()).hasMessage("of seen");
      loop.sleep(Duration.ofMillis(1));
    });
    assertThat(records)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.getMessage())
              .isEqualTo("a task failed, and nobody awaited it. task=unseen");
          assertThat(entry.getThrown()).hasMessage("of unseen");
        });
  }

  @Test
  void aFailureOfATaskThatIsGarbageIsLoggedBeforeTheLoopEnds() {
    EventLoop.execute(loop -> {
      for (var i = 0; records.isEmpty(); i++) {
        var _ = failing(loop, "garbage " + i);
        loop.sleep(Duration.ZERO);
        System.gc();
      }
    });
    assertThat(records.getFirst().getMessage()).contains("task=garbage");
  }

  @Test
  void theFailureOfRunIsNotLoggedAsWell() {
    try {
      EventLoop.execute(loop -> {
        throw new IllegalArgumentException("no");
      });
    } catch (IllegalArgumentException expected) {
      assertThat(records).isEmpty();
    }
  }

  @Test
  void forgottenTasksAreNamed() {
    EventLoop.execute(loop -> {
      var _ = loop.createTask("forgotten", () -> loop.sleep(Duration.ofHours(1)));
      var cancelled = loop.createTask("cancelled", () -> loop.sleep(Duration.ofHours(1)));
      loop.sleep(Duration.ZERO);
      cancelled.cancel();
    });
    assertThat(records)
        .singleElement()
        .extracting(LogRecord::getMessage)
        .asString()
        .contains("were cancelled")
        .endsWith("tasks=forgotten");
  }

  @Test
  void forgottenTasksThatRunElsewhereAreCancelledAndNamed() {
    var stage = new CompletableFuture<Integer>();
    var names = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var thread = loop.toThread(() -> Thread.sleep(1_000_000));
      var wrapped = loop.wrap(stage);
      var awaited = loop.wrap(CompletableFuture.completedFuture(1));
      assertThat(awaited.await()).isEqualTo(1);
      assertThat(loop.tasks()).hasSize(3).endsWith(thread, wrapped);
      var cancelled = loop.wrap(new CompletableFuture<Integer>());
      cancelled.cancel();
      names.addAll(List.of(thread.name(), wrapped.name()));
    });
    assertThat(stage).isCancelled();
    assertThat(records)
        .singleElement()
        .extracting(LogRecord::getMessage)
        .asString()
        .endsWith("tasks=" + String.join(", ", names));
  }

  @Test
  void theFailureOfAForgottenTaskIsLogged() {
    EventLoop.execute(loop -> {
      loop.createTask(
          "forgotten",
          () -> {
            try {
              loop.sleep(Duration.ofHours(1));
            } catch (CancellationException e) {
              throw new IllegalArgumentException("of cleaning up", e);
            }
          });
      loop.sleep(Duration.ZERO);
    });
    assertThat(records)
        .extracting(LogRecord::getMessage)
        .containsExactly(
            "tasks had not ended when the main task of their event loop did, and were cancelled;"
                + " await them, or make them in a TaskGroup. tasks=forgotten",
            "a task failed, and nobody awaited it. task=forgotten");
    assertThat(records.getLast().getThrown()).hasMessage("of cleaning up");
  }

  @Test
  void aFailureBehindAShieldThatNobodyAwaitsAnyMoreIsLogged() {
    EventLoop.execute(loop -> {
      var event = LoopEvent.create();
      var inner =
          loop.createTask(
              "inner",
              () -> {
                event.await();
                throw new IllegalArgumentException("of inner");
              });
      var outer = loop.createTask(() -> loop.shield(inner));
      loop.sleep(Duration.ZERO);
      outer.cancel();
      loop.gatherAll(outer);
      event.set();
      loop.gatherAll(inner);
    });
    assertThat(records)
        .singleElement()
        .extracting(LogRecord::getMessage)
        .isEqualTo("a task failed, and nobody awaited it. task=inner");
  }

  @Test
  void furtherFailuresOfAGatherAreNotLogged() {
    EventLoop.execute(loop -> {
      var one = failing(loop, "one");
      var two = failing(loop, "two");
      assertThatThrownBy(() -> loop.gather(List.of(one, two))).hasMessage("of one");
      loop.sleep(Duration.ofMillis(1));
    });
    assertThat(records).isEmpty();
  }

  @Test
  void aStreamOfResultsThatFailsToCloseIsLogged() {
    EventLoop.execute(loop -> {
      var stream =
          Stream.iterate(1, n -> n + 1)
              .onClose(() -> {
                throw new IllegalArgumentException("of closing");
              });
      assertThat(loop.results(stream).iterator().next()).isEqualTo(1);
    });
    assertThat(records)
        .singleElement()
        .extracting(LogRecord::getThrown)
        .extracting(Throwable::getMessage)
        .isEqualTo("of closing");
  }

  @Test
  void aFailingCallbackIsLoggedAndTheLoopGoesOn() {
    EventLoop.execute(loop -> {
      loop.callSoon(() -> {
        throw new IllegalArgumentException("of a callback");
      });
      loop.sleep(Duration.ZERO);
    });
    assertThat(records).singleElement().extracting(LogRecord::getThrown).isNotNull();
  }

  @Test
  void debuggingNamesATaskThatHoldsTheLoop() {
    EventLoop.execute(loop -> {
      loop.debug(Duration.ofMillis(100));
      loop.sleep(Duration.ofMillis(150));
      assertThat(records).as("a task that waits holds nothing").isEmpty();
      loop.createTask("greedy", () -> holdUntilLogged()).await();
    });
    assertThat(records)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.getMessage())
              .startsWith("a task holds its event loop")
              .endsWith("task=greedy");
          assertThat(entry.getThrown().getStackTrace())
              .anyMatch(frame -> frame.getMethodName().equals("holdUntilLogged"));
        });
  }

  /** Plain {@code Thread.sleep} in a task: what one must not do. */
  private void holdUntilLogged() throws InterruptedException {
    while (records.isEmpty()) {
      Thread.sleep(10);
    }
    Thread.sleep(200);
  }
}
