package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Queues whose takers and putters are cancelled at bad moments, after CPython's test_queues. */
class LoopQueueRaceTest {

  private static void turns(EventLoop loop, int count) {
    for (var i = 0; i < count; i++) {
      loop.sleep(Duration.ZERO);
    }
  }

  @Test
  void whatACancelledTakerWasToHaveIsNotLost() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>create();
      var reader = loop.createTask(() -> queue.take());
      turns(loop, 1);
      queue.put(1);
      queue.put(2);
      reader.cancel();
      loop.gatherAll(reader);
      assertThat(reader.isCancelled()).isTrue();
      assertThat(queue.take()).isEqualTo(1);
      assertThat(queue.take()).isEqualTo(2);
    });
  }

  @Test
  void ofManyTakersOneOfWhomIsCancelledTheOthersHaveAll() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>create();
      var readers = Stream.generate(() -> loop.createTask(() -> queue.take())).limit(3).toList();
      turns(loop, 1);
      queue.put(1);
      queue.put(2);
      readers.getFirst().cancel();
      assertThat(loop.gather(readers.subList(1, 3))).containsExactlyInAnyOrder(1, 2);
      assertThat(readers.getFirst().isCancelled()).isTrue();
      assertThat(queue.isEmpty()).isTrue();
    });
  }

  @Test
  void aTakerThatRanOutOfTimeIsNotWaitedFor() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<String>create();
      for (var i = 0; i < 10; i++) {
        var reader = loop.createTask(() -> queue.take());
        Assertions.assertThatThrownBy(() -> loop.waitFor(reader, Duration.ofMillis(1)))
            .isInstanceOf(TimeoutException.class);
      }
      queue.put("a");
      assertThat(queue.take()).isEqualTo("a");
    });
  }

  @Test
  void whoPutsAndWasCancelledBeforeThereWasRoomPutsNothing() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<String>bounded(1);
      var a = loop.createTask(() -> queue.put("a"));
      var b = loop.createTask(() -> queue.put("b"));
      var never = loop.createTask(() -> queue.put("never"));
      turns(loop, 1);
      assertThat(a.isDone()).isTrue();
      assertThat(b.isDone()).isFalse();
      never.cancel();
      turns(loop, 1);
      assertThat(never.isCancelled()).isTrue();
      assertThat(queue.take()).isEqualTo("a");
      b.await();
      assertThat(queue.take()).isEqualTo("b");
      assertThat(queue.poll()).isNull();
    });
  }

  @Test
  void whoPutsAndWasCancelledWhenThereWasRoomMayTryAgain() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>bounded(1);
      queue.put(1);
      var writer = loop.createTask(() -> queue.put(2));
      turns(loop, 1);
      assertThat(queue.poll()).isEqualTo(1);
      writer.cancel();
      loop.gatherAll(writer);
      assertThat(writer.isCancelled()).isTrue();
      loop.createTask(() -> queue.put(2)).await();
      assertThat(queue.take()).isEqualTo(2);
      assertThat(queue.isEmpty()).isTrue();
      assertThat(queue.remainingCapacity()).isEqualTo(1);
    });
  }

  @Test
  void nobodyWaitsThoughAllMeetAtAQueueOfOne() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>bounded(1);
      var taken = new ArrayList<Integer>();
      TaskGroup.execute(group -> {
        group.createTask(() -> {
          for (var i = 0; i < 5; i++) {
            queue.put(i);
          }
        });
        group.createTask(() -> {
          for (var i = 0; i < 5; i++) {
            taken.add(queue.take());
          }
        });
      });
      assertThat(taken).containsExactly(0, 1, 2, 3, 4);
    });
  }

  @Test
  void allWhoPutGoOnWhenEverythingIsTakenWithoutWaiting() {
    EventLoop.execute(loop -> {
      var queue = LoopQueue.<Integer>bounded(2);
      TaskGroup.execute(group -> {
        group.createTask(() -> {
          turns(loop, 1);
          for (var left = queue.size(); left > 0; left--) {
            assertThat(queue.poll()).isNotNull();
          }
        });
        for (var i : List.of(0, 1, 2, 3)) {
          group.createTask(() -> queue.put(i));
        }
      });
      assertThat(queue.size()).isEqualTo(2);
    });
  }
}
