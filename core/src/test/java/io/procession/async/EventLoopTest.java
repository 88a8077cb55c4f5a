package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** The loop itself, after CPython's test_runners and test_base_events. */
class EventLoopTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void runGivesTheValueOrThrowsTheException() {
    int value = EventLoop.run(loop -> 42);
    assertThat(value).isEqualTo(42);
    assertThatThrownBy(() ->
            EventLoop.execute(loop -> {
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("no");
    assertThatThrownBy(() ->
            EventLoop.execute(loop -> {
              throw new AssertionError("no");
            }))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() ->
            EventLoop.execute(loop -> {
              loop.currentTask().cancel("enough");
              loop.sleep(LONG);
            }))
        .isInstanceOf(CancellationException.class)
        .hasMessage("enough");
  }

  @Test
  void aLoopRunsAlsoFromAVirtualThread() throws Exception {
    var result = new CompletableFuture<Integer>();
    Thread.startVirtualThread(() ->
            result.complete(
                EventLoop.run(loop -> {
                  loop.sleep(Duration.ofMillis(1));
                  return 1;
                })))
        .join();
    assertThat(result.join()).isEqualTo(1);
  }

  @Test
  void aLoopInALoopIsAnError() {
    EventLoop.execute(loop -> {
      assertThatThrownBy(() -> EventLoop.run(inner -> 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("a loop in a task of another");
      int value = loop.toThread(() -> EventLoop.run(inner -> 1)).await();
      assertThat(value).as("beside the loop there may be another").isEqualTo(1);
    });
  }

  private static int slow(EventLoop loop) {
    loop.sleep(Duration.ofMillis(1));
    return 1;
  }

  @Test
  void outsideTheLoopEverythingIsAClearError() {
    assertThatThrownBy(EventLoop::current).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(LoopLock::create).isInstanceOf(IllegalStateException.class);
    EventLoop.execute(loop -> {
      var task = loop.createTask(() -> slow(loop));
      var event = LoopEvent.create();
      List<Runnable> misuses =
          List.of(
              task::await,
              task::cancel,
              () -> loop.createTask(() -> 1),
              () -> loop.sleep(LONG),
              () -> loop.callLater(LONG, () -> {}),
              () -> loop.gatherAll(task),
              () -> loop.shield(task),
              () -> loop.toThread(() -> 1),
              () -> loop.wrap(new CompletableFuture<>()),
              loop::currentTask,
              event::await,
              event::set);
      var thread =
          loop.toThread(() -> {
            for (var misuse : misuses) {
              assertThatThrownBy(misuse::run)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("outside its event loop")
                  .hasMessageContaining("thread=");
            }
          });
      thread.await();
      task.await();
    });
  }

  @Test
  void aCallbackCannotWait() {
    EventLoop.execute(loop -> {
      var thrown = new ArrayList<Throwable>();
      loop.callSoon(() -> {
        assertThatThrownBy(loop::currentTask).isInstanceOf(IllegalStateException.class);
        assertThat(EventLoop.current()).isSameAs(loop);
        try {
          loop.sleep(LONG);
        } catch (IllegalStateException e) {
          thrown.add(e);
        }
      });
      loop.sleep(Duration.ZERO);
      assertThat(thrown)
          .singleElement()
          .extracting(Throwable::getMessage)
          .asString()
          .startsWith("EventLoop.sleep was called in a callback, which cannot wait");
    });
  }

  @Test
  void callbacksAreCalledInOrderAndLaterOnesInTheOrderOfTheirTimes() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      loop.callLater(Duration.ofMillis(500), () -> log.add("500 ms"));
      loop.callLater(Duration.ofMillis(5), () -> log.add("5 ms"));
      loop.callLater(Duration.ofMillis(5), () -> log.add("5 ms, second"));
      var never = loop.callLater(Duration.ofMillis(400), () -> log.add("never"));
      loop.callSoon(() -> log.add("soon"));
      loop.callSoon(() -> {
        throw new IllegalStateException("of a callback: the loop goes on");
      });
      log.add("main");
      never.cancel();
      never.cancel();
      assertThat(never.isCancelled()).isTrue();
      loop.sleep(Duration.ofMillis(520));
    });
    assertThat(log).containsExactly("main", "soon", "5 ms", "5 ms, second", "500 ms");
  }

  @Test
  void cancelledTimersDoNotPileUp() {
    EventLoop.execute(loop -> {
      var timers = new ArrayList<LoopTimer>();
      for (var i = 0; i < 10_000; i++) {
        timers.add(loop.callLater(LONG, () -> {}));
      }
      timers.forEach(LoopTimer::cancel);
      assertThat(loop.scheduler.timers().size()).isLessThan(300);
    });
  }

  @Test
  void aTaskThatIsForgottenIsCancelledAndWaitedFor() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      loop.createTask(
          "forgotten",
          () -> {
            try {
              loop.sleep(LONG);
            } finally {
              loop.sleep(Duration.ofMillis(5));
              log.add("cleaned up");
            }
          });
      loop.sleep(Duration.ZERO);
    });
    assertThat(log).containsExactly("cleaned up");
  }

  @Test
  void aTaskThatTurnsForeverDoesNotKeepTheLoop() {
    EventLoop.execute(loop -> {
      var _ =
          loop.createTask(() -> {
            while (!loop.tasks().isEmpty()) {
              loop.sleep(Duration.ZERO);
            }
          });
      loop.sleep(Duration.ofMillis(1));
    });
  }

  @Test
  void anInterruptOfRunCancelsTheMainTask() throws Exception {
    var thrown = new AtomicReference<Throwable>();
    var log = new ArrayList<String>();
    var started = new CompletableFuture<Void>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                EventLoop.execute(loop -> {
                  started.complete(null);
                  try {
                    loop.sleep(LONG);
                  } finally {
                    log.add("cleaned up");
                  }
                });
              } catch (CancellationException e) {
                thrown.set(e);
                log.add("interrupted " + Thread.currentThread().isInterrupted());
              }
            });
    started.join();
    thread.interrupt();
    assertThat(thread.join(PATIENCE)).isTrue();
    assertThat(thrown.get()).hasMessageContaining("interrupted");
    assertThat(log).containsExactly("cleaned up", "interrupted true");
  }

  @Test
  void anInterruptThatTheMainTaskSwallowsIsKept() throws Exception {
    var outcome = new CompletableFuture<String>();
    var started = new CompletableFuture<Void>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              String value =
                  EventLoop.run(loop -> {
                    started.complete(null);
                    try {
                      loop.sleep(LONG);
                    } catch (CancellationException e) {
                      return "went on";
                    }
                    return "slept";
                  });
              outcome.complete(value + " " + Thread.currentThread().isInterrupted());
            });
    started.join();
    thread.interrupt();
    assertThat(outcome.join()).isEqualTo("went on true");
    assertThat(thread.join(PATIENCE)).isTrue();
  }

  @Test
  void anInterruptOfATasksThreadCancelsTheTask() {
    EventLoop.execute(loop -> {
      var threads = new ArrayList<Thread>();
      var task =
          loop.createTask(() -> {
            threads.add(Thread.currentThread());
            loop.sleep(LONG);
          });
      loop.sleep(Duration.ZERO);
      threads.getFirst().interrupt();
      loop.gatherAll(task);
      assertThat(task.isCancelled()).isTrue();
    });
  }

  @Test
  void callSoonLeadsIntoTheLoopFromAnyThread() {
    var count = new int[1];
    EventLoop.execute(loop -> {
      var all = LoopEvent.create();
      Runnable increment =
          () -> {
            if (++count[0] == 4_000) {
              all.set();
            }
          };
      var threads =
          IntStream.range(0, 4)
              .mapToObj(thread ->
                  loop.toThread(() -> {
                    for (var i = 0; i < 1_000; i++) {
                      loop.callSoon(increment);
                    }
                  }))
              .toList();
      all.await();
      loop.gather(threads);
    });
    assertThat(count).containsExactly(4_000);
  }

  @Test
  void aLoopThatHasEndedTakesNothing() {
    EventLoop ended = EventLoop.run(loop -> loop);
    assertThatThrownBy(() -> ended.callSoon(() -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the event loop has ended");
    List<ThrowableAssert.ThrowingCallable> others =
        List.of(
            () -> ended.createTask(() -> 1),
            () -> ended.callLater(Duration.ZERO, () -> {}),
            () -> ended.debug(Duration.ofMillis(100)),
            () -> ended.wrap(new CompletableFuture<>()),
            () -> ended.toThread(() -> 1));
    for (var other : others) {
      assertThatThrownBy(other)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("the event loop has ended");
    }
  }

  @Test
  void tasksMayBeMany() {
    int sum =
        EventLoop.run(loop -> {
          var tasks = new ArrayList<LoopTask<Integer>>();
          for (var i = 0; i < 20_000; i++) {
            tasks.add(
                loop.createTask(() -> {
                  loop.sleep(Duration.ofMillis(20));
                  return 1;
                }));
          }
          return loop.gather(tasks).stream().mapToInt(n -> n).sum();
        });
    assertThat(sum).isEqualTo(20_000);
  }
}
