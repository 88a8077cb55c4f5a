package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.QueueClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** After CPython's test_queues. */
class LoopQueueTest {

  private static void turns(EventLoop loop, int count) {
    for (var i = 0; i < count; i++) {
      loop.sleep(Duration.ZERO);
    }
  }

  @Test
  void aProducerWaitsForRoomAndAConsumerForElements() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>bounded(2);
      var most = new int[1];
      var producer =
          loop.createTask(() -> {
            for (var i = 0; i < 100; i++) {
              queue.put(i);
              most[0] = Math.max(most[0], queue.size());
            }
          });
      var taken = new ArrayList<Integer>();
      for (var i = 0; i < 100; i++) {
        taken.add(queue.take());
      }
      producer.await();
      assertThat(taken).hasSize(100).isSorted();
      assertThat(most).containsExactly(2);
      assertThat(queue.isEmpty()).isTrue();
      assertThat(queue.remainingCapacity()).isEqualTo(2);
    });
  }

  @Test
  void offerAndPollDoNotWait() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<String>bounded(1);
      assertThat(queue.poll()).isNull();
      assertThat(queue.offer("a")).isTrue();
      assertThat(queue.offer("b")).isFalse();
      assertThat(queue.poll()).isEqualTo("a");
      assertThatThrownBy(() -> LoopQueue.bounded(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("capacity=0");
    });
  }

  @Test
  void thereAreOtherOrders() {
    EventLoop.execute(loop -> {
      var lifo = LoopQueue.<Integer>lifo(10);
      var least = LoopQueue.<Integer>priority(10, Comparator.naturalOrder());
      for (var number : List.of(2, 3, 1)) {
        lifo.put(number);
        least.put(number);
      }
      assertThat(List.of(lifo.take(), lifo.take(), lifo.take())).containsExactly(1, 3, 2);
      assertThat(List.of(least.take(), least.take(), least.take())).containsExactly(1, 2, 3);
    });
  }

  @Test
  void joinWaitsUntilEverythingIsDone() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>create();
      queue.join();
      var done = new ArrayList<Integer>();
      for (var worker = 0; worker < 3; worker++) {
        var _ =
            loop.createTask(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                var number = queue.take();
                turns(loop, number % 4);
                done.add(number);
                queue.taskDone();
              }
            });
      }
      for (var i = 0; i < 20; i++) {
        queue.put(i);
      }
      queue.join();
      assertThat(done).hasSize(20);
      assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
      loop.tasks().stream().skip(1).forEach(LoopTask::cancel);
    });
  }

  @Test
  void aCancelledTakerLosesNothing() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<String>create();
      var first = loop.createTask(() -> queue.take());
      var second = loop.createTask(() -> queue.take());
      turns(loop, 1);
      queue.put("only");
      first.cancel();
      assertThat(second.await()).isEqualTo("only");
      assertThat(first.isCancelled()).isTrue();
    });
  }

  @Test
  void aCancelledPutterLeavesItsRoomToTheNext() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<String>bounded(1);
      queue.put("a");
      var first = loop.createTask(() -> queue.put("b"));
      var second = loop.createTask(() -> queue.put("c"));
      turns(loop, 1);
      assertThat(queue.take()).isEqualTo("a");
      first.cancel();
      second.await();
      assertThat(queue.take()).isEqualTo("c");
      assertThat(queue.isEmpty()).isTrue();
    });
  }

  @Test
  void afterAShutdownWhatIsLeftIsTakenAndNothingPut() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>create();
      queue.put(1);
      queue.put(2);
      queue.shutdown();
      queue.shutdown();
      assertThat(queue.isShutdown()).isTrue();
      assertThat(queue.take()).isEqualTo(1);
      assertThat(queue.poll()).isEqualTo(2);
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              queue::take, queue::poll, () -> queue.put(3), () -> queue.offer(3))) {
        assertThatThrownBy(call)
            .isInstanceOf(QueueClosedException.class)
            .hasMessage("the queue was shut down. size=0");
      }
    });
  }

  @Test
  void aShutdownEndsEveryWait() {
    for (var immediate : List.of(true, false)) {
      EventLoop.execute(loop -> {
        var empty = LoopQueue.<Integer>create();
        var full = LoopQueue.<Integer>bounded(1);
        full.put(0);
        var waiting =
            List.of(
                loop.createTask(() -> empty.take()),
                loop.createTask(() -> empty.take()),
                loop.createTask(() -> full.put(1)),
                loop.createTask(() -> full.put(2)));
        turns(loop, 1);
        empty.shutdown(immediate);
        full.shutdown(immediate);
        loop.gatherAll(waiting);
        assertThat(waiting)
            .allSatisfy(
                task -> assertThat(task.exception()).isInstanceOf(QueueClosedException.class));
        assertThat(full.size()).isEqualTo(immediate ? 0 : 1);
      });
    }
  }

  @Test
  void anImmediateShutdownCountsWhatIsLeftAsDone() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>create();
      queue.put(1);
      queue.put(2);
      queue.put(3);
      queue.take();
      var join = loop.createTask(() -> queue.join());
      queue.shutdown();
      turns(loop, 2);
      assertThat(queue.size()).isEqualTo(2);
      queue.shutdown(true);
      turns(loop, 2);
      assertThat(queue.isEmpty()).isTrue();
      assertThat(join.isDone()).as("one was taken, and is not yet done with").isFalse();
      queue.taskDone();
      join.await();
      assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
    });
  }

  @Test
  void aTakerThatIsCancelledAtTheShutdownIsCancelled() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>create();
      var task = loop.createTask(() -> queue.take());
      turns(loop, 1);
      queue.shutdown();
      task.cancel();
      loop.gatherAll(task);
      assertThat(task.isCancelled()).isTrue();
    });
  }
}
