package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future.State;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The behaviours of asyncio's tasks, after CPython's test_tasks. */
class LoopTaskTest {

  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void aTaskStartsAtTheNextWaitInTheOrderOfTheirMaking() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var a = loop.createTask(() -> log.add("a"));
      var b = loop.createTask(() -> log.add("b"));
      log.add("main");
      loop.gather(a, b);
    });
    assertThat(log).containsExactly("main", "a", "b");
  }

  @Test
  void awaitGivesTheValueAlsoNull() {
    EventLoop.execute(loop -> {
      assertThat(loop.createTask(() -> 42).await()).isEqualTo(42);
      assertThat(loop.<Object>createTask(() -> null).await()).isNull();
      assertThat(loop.createTask(() -> {}).await()).isNull();
    });
  }

  @Test
  void manyMayAwaitOneTask() {
    int sum =
        EventLoop.run(loop -> {
          var one = loop.createTask(() -> slow(loop, 7));
          var readers = new ArrayList<LoopTask<Integer>>();
          for (var i = 0; i < 10; i++) {
            readers.add(loop.createTask(() -> one.await()));
          }
          return loop.gather(readers).stream().mapToInt(n -> n).sum();
        });
    assertThat(sum).isEqualTo(70);
  }

  private static int slow(EventLoop loop, int value) {
    loop.sleep(Duration.ofMillis(5));
    return value;
  }

  @Test
  void failuresArriveAsThemselvesAndCheckedOnesAsCause() {
    EventLoop.execute(loop -> {
      var unchecked = new IllegalArgumentException("no");
      LoopTask<String> one =
          loop.createTask(() -> {
            throw unchecked;
          });
      assertThatThrownBy(one::await).isSameAs(unchecked);
      assertThatThrownBy(one::await).as("again").isSameAs(unchecked);
      assertThat(one.exception()).isSameAs(unchecked);
      assertThat(one.state()).isEqualTo(State.FAILED);

      var checked = new IOException("no");
      LoopTask<String> two =
          loop.createTask(() -> {
            throw checked;
          });
      assertThatThrownBy(two::await).isInstanceOf(CompletionException.class).hasCause(checked);

      var error = new AssertionError("no");
      LoopTask<String> three =
          loop.createTask(() -> {
            throw error;
          });
      assertThatThrownBy(three::await).isSameAs(error);
    });
  }

  @Test
  void resultAndExceptionAreForTasksThatHaveEnded() {
    EventLoop.execute(loop -> {
      var task = loop.createTask("fetch", () -> 1);
      assertThat(task.isDone()).isFalse();
      assertThat(task.state()).isEqualTo(State.RUNNING);
      assertThatThrownBy(task::result)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith("task=fetch");
      assertThatThrownBy(task::exception).isInstanceOf(IllegalStateException.class);
      task.await();
      assertThat(task.result()).isEqualTo(1);
      assertThat(task.exception()).isNull();
      assertThat(task.toString()).isEqualTo("fetch (SUCCESS)");
    });
  }

  @Test
  void namesAreCountedWhereNoneIsGiven() {
    EventLoop.execute(loop -> {
      assertThat(loop.createTask("mine", () -> 1).name()).isEqualTo("mine");
      assertThat(loop.createTask(() -> 1).name()).isEqualTo("task-2");
      assertThat(loop.currentTask()).extracting(LoopTask::name).isEqualTo("main");
      loop.sleep(Duration.ZERO);
      assertThat(loop.tasks()).extracting(LoopTask::name).containsExactly("main");
    });
  }

  @Test
  void aCancelledSleepThrowsAndTheTaskIsCancelled() {
    EventLoop.execute(loop -> {
      var log = new ArrayList<String>();
      var task =
          loop.createTask(() -> {
            try {
              loop.sleep(LONG);
            } catch (CancellationException e) {
              log.add("cleans up after " + e.getMessage());
              throw e;
            }
          });
      loop.sleep(Duration.ZERO);
      assertThat(task.cancel("enough")).isTrue();
      assertThat(task.isDone()).as("it has not had its turn").isFalse();
      assertThatThrownBy(task::await)
          .isInstanceOf(CancellationException.class)
          .hasMessage("enough");
      assertThat(log).containsExactly("cleans up after enough");
      assertThat(task.isCancelled()).isTrue();
      assertThat(task.cancel()).as("of a task that has ended").isFalse();
      assertThatThrownBy(task::exception).isInstanceOf(CancellationException.class);
    });
  }

  @Test
  void aTaskThatSwallowsItsCancellationGoesOn() {
    EventLoop.execute(loop -> {
      var task =
          loop.createTask(() -> {
            try {
              loop.sleep(LONG);
            } catch (CancellationException e) {
              loop.sleep(Duration.ofMillis(1));
            }
            return "went on";
          });
      loop.sleep(Duration.ZERO);
      task.cancel();
      assertThat(task.await()).isEqualTo("went on");
    });
  }

  @Test
  void aTaskThatIsCancelledBeforeItStartsNeverStarts() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var task = loop.createTask(() -> log.add("started"));
      task.cancel();
      loop.gatherAll(task);
      assertThat(task.isCancelled()).isTrue();
    });
    assertThat(log).isEmpty();
  }

  @Test
  void aTaskThatCancelsItselfIsCancelledWhereItWaitsNext() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var task =
          loop.createTask(() -> {
            loop.currentTask().cancel();
            log.add("still here");
            loop.sleep(LONG);
            log.add("never");
          });
      loop.gatherAll(task);
      assertThat(task.isCancelled()).isTrue();

      var last = loop.createTask(() -> loop.currentTask().cancel());
      loop.gatherAll(last);
      assertThat(last.isCancelled()).as("as asyncio has it").isTrue();
    });
    assertThat(log).containsExactly("still here");
  }

  @Test
  void cancellingATaskCancelsWhatItAwaits() {
    EventLoop.execute(loop -> {
      var inner = loop.createTask(() -> loop.sleep(LONG));
      var outer = loop.createTask(() -> inner.await());
      loop.sleep(Duration.ZERO);
      outer.cancel("both");
      loop.gatherAll(inner, outer);
      assertThat(inner.isCancelled()).isTrue();
      assertThat(outer.isCancelled()).isTrue();
      assertThatThrownBy(outer::result).hasMessage("both");
    });
  }

  @Test
  void anInnerTaskThatSwallowsTheCancellationKeepsTheOuterOneAlive() {
    EventLoop.execute(loop -> {
      var inner =
          loop.createTask(() -> {
            try {
              loop.sleep(LONG);
            } catch (CancellationException e) {
              return "kept";
            }
            return "slept";
          });
      var outer = loop.createTask(() -> inner.await());
      loop.sleep(Duration.ZERO);
      outer.cancel();
      assertThat(outer.await()).isEqualTo("kept");
    });
  }

  @Test
  void aTaskThatWasWokenAndThenCancelledIsCancelled() {
    EventLoop.execute(loop -> {
      var event = LoopEvent.create();
      var task = loop.createTask(() -> event.await());
      loop.sleep(Duration.ZERO);
      event.set();
      task.cancel();
      loop.gatherAll(task);
      assertThat(task.isCancelled()).isTrue();
    });
  }

  @Test
  void doneCallbacksAreCalledSoonAndInOrder() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var task = loop.createTask(() -> log.add("body"));
      task.addDoneCallback(done -> log.add("first " + done.result()));
      task.addDoneCallback(done -> log.add("second"));
      task.await();
      task.addDoneCallback(done -> log.add("late"));
      log.add("main");
      loop.sleep(Duration.ZERO);
    });
    assertThat(log).containsExactly("body", "first true", "second", "main", "late");
  }

  @Test
  void doneCallbacksCanBeTakenBackUntilTheEnd() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      var task = loop.createTask(() -> log.add("body"));
      Consumer<LoopTask<Boolean>> twice = done -> log.add("twice");
      Consumer<LoopTask<Boolean>> stays = done -> log.add("stays");
      task.addDoneCallback(twice);
      task.addDoneCallback(stays);
      task.addDoneCallback(twice);
      assertThat(task.removeDoneCallback(done -> log.add("another"))).isZero();
      assertThat(task.removeDoneCallback(twice)).isEqualTo(2);
      assertThat(task.removeDoneCallback(twice)).isZero();
      task.await();
      assertThat(task.removeDoneCallback(stays)).isZero();
    });
    assertThat(log).containsExactly("body", "stays");
  }

  @Test
  void aTaskCannotAwaitItself() {
    EventLoop.execute(loop -> {
      assertThatThrownBy(() -> loop.currentTask().await())
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a task cannot await itself. task=main");
    });
  }

  @Test
  void sleepingNotAtAllGivesEachOtherTaskATurn() {
    var log = new ArrayList<String>();
    EventLoop.execute(loop -> {
      for (var name : List.of("a", "b", "c")) {
        var _ =
            loop.createTask(() -> {
              for (var i = 1; i <= 3; i++) {
                log.add(name + i);
                loop.sleep(Duration.ZERO);
              }
            });
      }
      for (var i = 0; i < 4; i++) {
        loop.sleep(Duration.ZERO);
      }
    });
    assertThat(log).containsExactly("a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3");
  }

  @Test
  void sleepersWakeInTheOrderOfTheirTimes() {
    var log = new ArrayList<Integer>();
    EventLoop.execute(loop -> {
      var tasks = new ArrayList<LoopTask<?>>();
      for (var millis : List.of(40, 10, 30, 20)) {
        tasks.add(
            loop.createTask(() -> {
              loop.sleep(Duration.ofMillis(millis));
              log.add(millis);
            }));
      }
      var started = System.nanoTime();
      loop.gatherAll(tasks);
      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .isGreaterThanOrEqualTo(Duration.ofMillis(40));
    });
    assertThat(log).containsExactly(10, 20, 30, 40);
  }
}
