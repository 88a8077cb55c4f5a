package io.procession.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedQueue;
import io.procession.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who does not wait for room or for an element still gets what is there, though others come. */
@NoLeaks
class QueueContentionTest {

  private static final int THREADS = 4;
  private static final int TIMES = 5000;

  @Test
  void nothingIsRefusedThatHasRoomAndNothingMissedThatIsThere() throws Exception {
    try (var queue = SharedQueue.<Integer>create()) {
      assertThat(sum(() -> count(() -> queue.offer(1)))).isEqualTo(THREADS * TIMES);
      assertThat(queue).hasSize(THREADS * TIMES);
      assertThat(sum(() -> count(() -> queue.poll() != null))).isEqualTo(THREADS * TIMES);
      assertThat(queue.poll()).isNull();
    }
  }

  private static int count(Callable<Boolean> call) throws Exception {
    var count = 0;
    for (var i = 0; i < TIMES; i++) {
      count += call.call() ? 1 : 0;
    }
    return count;
  }

  private static int sum(Callable<Integer> work) throws Exception {
    var tasks = new ArrayList<FutureTask<Integer>>();
    for (var i = 0; i < THREADS; i++) {
      var task = new FutureTask<>(work);
      tasks.add(task);
      var builder = i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
      builder.start(task);
    }
    var sum = 0;
    for (var task : tasks) {
      sum += task.get(1, TimeUnit.MINUTES);
    }
    return sum;
  }
}
