package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What is thrown where several things go wrong in groups, after CPython's test_taskgroups. */
class TaskGroupFailureTest {

  private static final Duration LONG = Duration.ofHours(1);

  private static void failWhenCancelled(EventLoop loop, RuntimeException failure) {
    try {
      loop.sleep(LONG);
    } catch (CancellationException e) {
      throw failure;
    }
  }

  private static void fail(Throwable failure) {
    switch (failure) {
      case Error error -> throw error;
      case RuntimeException unchecked -> throw unchecked;
      default -> throw new AssertionError(failure);
    }
  }

  @Test
  void failuresWhileAGroupIsCancelledGoBeforeTheCancellation() {
    EventLoop.execute(loop -> {
      var parent =
          loop.createTask(() ->
              TaskGroup.execute(group -> {
                for (var i = 0; i < 5; i++) {
                  var failure = new IllegalStateException("of task " + i);
                  group.createTask(() -> failWhenCancelled(loop, failure));
                }
                loop.sleep(LONG);
              }));
      loop.sleep(Duration.ZERO);
      loop.sleep(Duration.ZERO);
      parent.cancel();
      var thrown = catchThrowable(parent::await);
      assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("of task 0");
      assertThat(thrown.getSuppressed())
          .extracting(Throwable::getMessage)
          .containsExactly("of task 1", "of task 2", "of task 3", "of task 4");
    });
  }

  @Test
  void theCancellationIsSeenAtTheNextWait() {
    EventLoop.execute(loop -> {
      var log = new ArrayList<String>();
      var failure = new IllegalStateException("no");
      var parent =
          loop.createTask(() -> {
            try {
              TaskGroup.execute(group -> {
                group.createTask(() -> failWhenCancelled(loop, failure));
              });
            } catch (IllegalStateException e) {
              log.add("caught");
            }
            loop.sleep(LONG);
            log.add("never");
          });
      loop.sleep(Duration.ZERO);
      loop.sleep(Duration.ZERO);
      parent.cancel();
      loop.gatherAll(parent);
      assertThat(parent.isCancelled()).isTrue();
      assertThat(log).containsExactly("caught");
    });
  }

  @Test
  void aFailureInAGroupWithinAGroupEndsBoth() {
    EventLoop.execute(loop -> {
      var failure = new IllegalStateException("inner");
      var parent =
          loop.createTask(() ->
              TaskGroup.execute(outer -> {
                outer.createTask(() -> loop.sleep(LONG));
                TaskGroup.execute(inner -> {
                  inner.createTask(() -> failWhenCancelled(loop, failure));
                  loop.sleep(LONG);
                });
              }));
      loop.sleep(Duration.ZERO);
      loop.sleep(Duration.ZERO);
      parent.cancel();
      assertThat(catchThrowable(parent::await)).isSameAs(failure).hasNoSuppressedExceptions();
      assertThat(loop.tasks()).hasSize(1);
    });
  }

  @Test
  void aFailureOfTheOuterGroupEndsTheInnerOne() {
    EventLoop.execute(loop -> {
      var failure = new IllegalStateException("outer");
      var inners = new ArrayList<LoopTask<?>>();
      assertThatThrownBy(() ->
              TaskGroup.execute(outer -> {
                outer.createTask(() -> {
                  loop.sleep(Duration.ofMillis(2));
                  throw failure;
                });
                TaskGroup.execute(inner -> {
                  inners.add(inner.createTask(() -> loop.sleep(LONG)));
                });
              }))
          .isSameAs(failure);
      assertThat(inners).hasSize(1).allMatch(LoopTask::isCancelled);
      loop.sleep(Duration.ofMillis(1)); // no cancellation is left
    });
  }

  @Test
  void aTaskThatFailsWhileTheCancelledBodyCleansUpIsNotLost() {
    EventLoop.execute(loop -> {
      var failure = new IllegalStateException("late");
      var event = LoopEvent.create();
      var parent =
          loop.createTask(() ->
              TaskGroup.execute(group -> {
                group.createTask(() -> {
                  event.await();
                  throw failure;
                });
                try {
                  loop.sleep(LONG);
                } finally {
                  event.set();
                  sleepWhateverComes(loop, Duration.ofMillis(5));
                }
              }));
      loop.sleep(Duration.ZERO);
      loop.sleep(Duration.ZERO);
      parent.cancel();
      assertThat(catchThrowable(parent::await)).isSameAs(failure);
    });
  }

  private static void sleepWhateverComes(EventLoop loop, Duration duration) {
    try {
      loop.sleep(duration);
    } catch (CancellationException e) {
      assertThat(e).hasMessageStartingWith("a task of the group failed");
    }
  }

  @Test
  void whatTheBodyThrowsInsteadOfItsCancellationIsThrown() {
    EventLoop.execute(loop -> {
      var instead = new IllegalStateException("instead");
      var parent =
          loop.createTask(() ->
              TaskGroup.execute(group -> {
                failWhenCancelled(loop, instead);
              }));
      loop.sleep(Duration.ZERO);
      parent.cancel();
      assertThat(catchThrowable(parent::await)).isSameAs(instead);
    });
  }

  @Test
  void whatTheBodyThrowsAfterATaskFailedIsSuppressed() {
    EventLoop.execute(loop -> {
      for (var first : List.of(new IllegalStateException("first"), new AssertionError("first"))) {
        var second = new IllegalArgumentException("second");
        var thrown =
            catchThrowable(() ->
                TaskGroup.execute(group -> {
                  group.createTask(() -> fail(first));
                  failWhenCancelled(loop, second);
                }));
        assertThat(thrown).isSameAs(first).hasSuppressedException(second);
        loop.sleep(Duration.ofMillis(1));
      }
    });
  }

  @Test
  void aGroupThatIsEndingTakesNoTasks() {
    EventLoop.execute(loop -> {
      var messages = new ArrayList<String>();
      assertThatThrownBy(() ->
              TaskGroup.execute(group -> {
                group.createTask(() -> {
                  try {
                    loop.sleep(LONG);
                  } finally {
                    messages.add(catchThrowable(() -> group.createTask(() -> 1)).getMessage());
                  }
                });
                group.createTask(() -> fail(new IllegalStateException("no")));
              }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no");
      assertThat(messages)
          .singleElement()
          .asString()
          .contains("it is ending, because one of its tasks failed");
    });
  }

  @Test
  void aGroupNeedsATask() {
    assertThatThrownBy(() -> TaskGroup.execute(group -> {}))
        .isInstanceOf(IllegalStateException.class);
    EventLoop.execute(loop -> {
      var thrown = new ArrayList<Throwable>();
      loop.callSoon(() -> thrown.add(catchThrowable(() -> TaskGroup.execute(group -> {}))));
      loop.sleep(Duration.ZERO);
      assertThat(thrown)
          .singleElement()
          .isInstanceOf(IllegalStateException.class)
          .extracting(Throwable::getMessage)
          .asString()
          .contains("in a callback");
    });
  }

  @Test
  void itsTasksHaveTheNamesThatTheyAreGiven() {
    EventLoop.execute(loop -> {
      TaskGroup.execute(group -> {
        assertThat(group.createTask("reader", () -> 1).name()).isEqualTo("reader");
        assertThat(group.createTask(() -> 1).name()).startsWith("task-");
      });
    });
  }
}
