package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The behaviours of asyncio's task groups, after CPython's test_taskgroups. */
class TaskGroupTest {

  private static final Duration LONG = Duration.ofHours(1);

  private static Object fail(Exception failure) throws Exception {
    throw failure;
  }

  @Test
  void leavingAGroupWaitsForItsTasks() {
    EventLoop.execute(loop -> {
      var log = new ArrayList<String>();
      TaskGroup.execute(group -> {
        group.createTask(() -> {
          loop.sleep(Duration.ofMillis(10));
          log.add("slow");
        });
        group.createTask("quick", () -> log.add("quick"));
        log.add("body");
      });
      assertThat(log).containsExactly("body", "quick", "slow");
    });
  }

  @Test
  void aGroupHasTheResultOfItsBody() {
    int sum =
        EventLoop.run(loop ->
            TaskGroup.run(group -> {
              var one = group.createTask(() -> 1);
              var two = group.createTask(() -> 2);
              return one.await() + two.await();
            }));
    assertThat(sum).isEqualTo(3);
  }

  @Test
  void oneFailureCancelsTheOthersAndTheBody() {
    EventLoop.execute(loop -> {
      var log = new ArrayList<String>();
      assertThatThrownBy(() ->
              TaskGroup.execute(group -> {
                group.createTask(() -> sleepLogging(loop, log, "task"));
                group.createTask(() -> fail(new IllegalArgumentException("no")));
                sleepLogging(loop, log, "body");
              }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no");
      assertThat(log).containsExactlyInAnyOrder("task cancelled", "body cancelled");
      loop.sleep(Duration.ofMillis(1));
    });
  }

  private static void sleepLogging(EventLoop loop, List<String> log, String name) {
    try {
      loop.sleep(LONG);
    } catch (CancellationException e) {
      log.add(name + " cancelled");
      throw e;
    }
  }

  @Test
  void aFailureWhileTheGroupWaitsForItsEndCancelsTheOthers() {
    EventLoop.execute(loop -> {
      var checked = new IOException("no");
      assertThatThrownBy(() ->
              TaskGroup.execute(group -> {
                group.createTask(() -> loop.sleep(LONG));
                group.createTask(() -> {
                  loop.sleep(Duration.ofMillis(1));
                  throw checked;
                });
              }))
          .isInstanceOf(CompletionException.class)
          .hasCause(checked);
      loop.sleep(Duration.ofMillis(1));
    });
  }

  @Test
  void furtherFailuresAreSuppressed() {
    EventLoop.execute(loop -> {
      var first = new IllegalStateException("first");
      var second = new IllegalStateException("second");
      var thrown =
          catchThrowable(() ->
              TaskGroup.execute(group -> {
                group.createTask(() -> fail(first));
                group.createTask(() -> {
                  try {
                    loop.sleep(LONG);
                  } finally {
                    fail(second);
                  }
                });
                loop.sleep(LONG);
              }));
      assertThat(thrown).isSameAs(first).hasSuppressedException(second);
    });
  }

  @Test
  void aFailureOfTheBodyCancelsTheTasks() {
    EventLoop.execute(loop -> {
      var failure = new IOException("body");
      var tasks = new ArrayList<LoopTask<?>>();
      assertThatThrownBy(() ->
              TaskGroup.execute(group -> {
                tasks.add(group.createTask(() -> loop.sleep(LONG)));
                loop.sleep(Duration.ZERO);
                throw failure;
              }))
          .isSameAs(failure);
      assertThat(tasks).allMatch(LoopTask::isCancelled);
    });
  }

  @Test
  void theBodyMayAwaitTheTaskThatFails() {
    EventLoop.execute(loop -> {
      var failure = new IllegalStateException("no");
      var thrown =
          catchThrowable(() ->
              TaskGroup.execute(group -> {
                var task = group.createTask(() -> fail(failure));
                task.await();
              }));
      assertThat(thrown).isSameAs(failure).hasNoSuppressedExceptions();
      loop.sleep(Duration.ofMillis(1));
    });
  }

  @Test
  void aCancelledTaskCancelsNoOther() {
    EventLoop.execute(loop -> {
      String value =
          TaskGroup.run(group -> {
            var cancelled = group.createTask(() -> loop.sleep(LONG));
            var other =
                group.createTask(() -> {
                  loop.sleep(Duration.ofMillis(2));
                  return "other";
                });
            loop.sleep(Duration.ZERO);
            cancelled.cancel();
            return other.await();
          });
      assertThat(value).isEqualTo("other");
    });
  }

  @Test
  void cancellingTheParentCancelsTheGroup() {
    EventLoop.execute(loop -> {
      for (var bodyWaits : List.of(true, false)) {
        var tasks = new ArrayList<LoopTask<?>>();
        var parent =
            loop.createTask(() ->
                TaskGroup.execute(group -> {
                  tasks.add(group.createTask(() -> loop.sleep(LONG)));
                  if (bodyWaits) {
                    loop.sleep(LONG);
                  }
                }));
        loop.sleep(Duration.ofMillis(1));
        parent.cancel();
        loop.gatherAll(parent);
        assertThat(parent.isCancelled()).isTrue();
        assertThat(tasks).hasSize(1).allMatch(LoopTask::isCancelled);
      }
    });
  }

  @Test
  void groupsNest() {
    EventLoop.execute(loop -> {
      var failure = new IllegalStateException("inner");
      assertThatThrownBy(() ->
              TaskGroup.execute(outer -> {
                outer.createTask(() -> loop.sleep(LONG));
                outer.createTask(() ->
                    TaskGroup.execute(inner -> {
                      inner.createTask(() -> loop.sleep(LONG));
                      inner.createTask(() -> fail(failure));
                    }));
                loop.sleep(LONG);
              }))
          .isSameAs(failure);
      assertThat(loop.tasks()).hasSize(1);
    });
  }

  @Test
  void aTimeoutEndsAGroup() {
    EventLoop.execute(loop -> {
      var tasks = new ArrayList<LoopTask<?>>();
      assertThatThrownBy(() ->
              loop.timeout(
                  Duration.ofMillis(2),
                  () ->
                      TaskGroup.run(group -> {
                        tasks.add(group.createTask(() -> loop.sleep(LONG)));
                        return 1;
                      })))
          .isInstanceOf(TimeoutException.class);
      assertThat(tasks).allMatch(LoopTask::isCancelled);
    });
  }

  @Test
  void aGroupThatHasEndedTakesNoTasks() {
    EventLoop.execute(loop -> {
      var groups = new ArrayList<TaskGroup>();
      TaskGroup.execute(group -> {
        groups.add(group);
      });
      assertThatThrownBy(() -> groups.getFirst().createTask(() -> 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("the group takes no more tasks: it has ended");
    });
  }
}
