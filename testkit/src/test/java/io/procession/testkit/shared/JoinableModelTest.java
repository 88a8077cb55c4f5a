package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.JoinableQueue;
import io.procession.shared.Lease;
import io.procession.testkit.NoLeaks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A joinable queue counts what is not done with as Python's twin does: random calls through two
 * mappings go to it and to a queue of the JDK that counts what was put.
 */
@NoLeaks
class JoinableModelTest {

  private static final int RUNS = 40;
  private static final int CALLS = 300;
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  /** Travels in a block of its own. */
  private static final int HUGE = 50_000;

  /** What a process of the family sees, and what it has taken. */
  private record Side(
      JoinableQueue<String> queue, ArrayDeque<Integer> taken, List<Lease<String>> leases) {
    Side(JoinableQueue<String> queue) {
      this(queue, new ArrayDeque<>(), new ArrayList<>());
    }
  }

  /** A queue of the JDK, and how much of what was put is not done with. */
  private final LinkedBlockingQueue<String> twin = new LinkedBlockingQueue<>();

  private int unfinished;

  @Test
  void aJoinableQueueDoesWhatItsTwinDoes() throws Exception {
    for (var run = 0; run < RUNS; run++) {
      var random = new Random(SEED + run);
      twin.clear();
      unfinished = 0;
      try (var elsewhere = new Elsewhere();
          var queue = JoinableQueue.<String>create()) {
        var sides = List.of(new Side(queue), new Side(elsewhere.handle(queue)));
        for (var call = 0; call < CALLS; call++) {
          var at = "run %d, call %d, seed %d".formatted(run, call, SEED);
          call(sides.get(random.nextInt(2)), random, at);
          for (var side : sides) {
            assertThat(side.queue.unfinished()).as(at).isEqualTo(unfinished);
            assertThat(side.queue.size()).as(at).isEqualTo(twin.size());
            assertThat(side.queue.join(Duration.ZERO)).as(at).isEqualTo(unfinished == 0);
          }
        }
      }
    }
  }

  private void call(Side side, Random random, String at) throws InterruptedException {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> {
        var text = Character.toString('a' + random.nextInt(5));
        var value = random.nextInt(10) == 0 ? text.repeat(HUGE) : text;
        assertThat(side.queue.offer(value)).isEqualTo(twin.offer(value));
        unfinished++;
      }
      case 4, 5 -> {
        var expected = twin.poll();
        assertThat(side.queue.poll()).as(at).isEqualTo(expected);
        if (expected != null) {
          side.taken.add(1);
        }
      }
      case 6 -> {
        var expected = twin.poll();
        var lease = side.queue.lease(Duration.ofNanos(1));
        assertThat(lease == null ? null : lease.value()).as(at).isEqualTo(expected);
        if (lease != null) {
          assertThat(lease.isRedelivered()).as(at).isFalse();
          side.leases.add(lease);
        }
      }
      case 7, 8 -> {
        var mayEnd = side.taken.poll() != null;
        unfinished -= mayEnd ? 1 : 0;
        var outcome =
            Waiters.outcome(() -> {
              side.queue.taskDone();
              return "done";
            });
        assertThat(outcome).as(at).isEqualTo(mayEnd ? "done" : "IllegalStateException");
      }
      case 9 -> {
        if (!side.leases.isEmpty()) {
          var lease = side.leases.remove(random.nextInt(side.leases.size()));
          lease.done();
          unfinished--;
          assertThat(
                  Waiters.outcome(() -> {
                    lease.done();
                    return "done";
                  }))
              .as(at)
              .isEqualTo("IllegalStateException");
        }
      }
      case 10 -> {
        var value = Character.toString('a' + random.nextInt(5));
        var removed = twin.remove(value);
        unfinished -= removed ? 1 : 0;
        assertThat(side.queue.remove(value)).as(at).isEqualTo(removed);
      }
      default -> takeMany(side, random, at);
    }
  }

  private void takeMany(Side side, Random random, String at) throws InterruptedException {
    switch (random.nextInt(4)) {
      case 0 -> {
        unfinished -= twin.size();
        twin.clear();
        side.queue.clear();
      }
      case 1 -> {
        var expected = new ArrayList<String>();
        var actual = new ArrayList<String>();
        var count = twin.drainTo(expected, 3);
        assertThat(side.queue.drainTo(actual, 3)).as(at).isEqualTo(count);
        assertThat(actual).as(at).isEqualTo(expected);
        for (var i = 0; i < count; i++) {
          side.taken.add(1);
        }
      }
      case 2 -> {
        unfinished -= Math.toIntExact(twin.stream().filter("a"::equals).count());
        assertThat(side.queue.removeIf("a"::equals)).as(at).isEqualTo(twin.removeIf("a"::equals));
      }
      default -> {
        var expected = twin.poll(1, TimeUnit.NANOSECONDS);
        assertThat(side.queue.poll(1, TimeUnit.NANOSECONDS)).as(at).isEqualTo(expected);
        if (expected != null) {
          side.taken.add(1);
        }
      }
    }
  }
}
