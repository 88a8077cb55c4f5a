package io.procession.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedQueue;
import io.procession.testkit.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A shared queue does whatever a {@link LinkedBlockingQueue} does: random calls go to both, from
 * one thread. {@code procession.seed} repeats a run.
 */
@NoLeaks
class QueueModelTest {

  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());
  private static final int RUNS = 25;
  private static final int CALLS = 400;
  private static final int VALUES = 12;

  @ParameterizedTest
  @CsvSource({"false, 2147483647", "false, 7", "true, 2147483647", "true, 7"})
  void allCallsGiveTheSame(boolean joinable, int capacity) {
    for (var run = 0; run < RUNS; run++) {
      var random = new Random(SEED + run);
      var model = new LinkedBlockingQueue<String>(capacity);
      var trail = new ArrayList<String>();
      try (SharedQueue<String> queue =
          joinable ? JoinableQueue.bounded(capacity) : SharedQueue.bounded(capacity)) {
        for (var call = 0; call < CALLS; call++) {
          compare(random, queue, model, trail);
          assertThat(queue.size()).isEqualTo(model.size());
        }
        assertThat(queue.toArray()).isEqualTo(model.toArray());
      } catch (Throwable e) {
        throw new AssertionError(
            "the queues differ; seed=%d run=%d calls=%s".formatted(SEED, run, last(trail)), e);
      }
    }
  }

  private static List<String> last(List<String> trail) {
    return trail.subList(Math.max(0, trail.size() - 30), trail.size());
  }

  /** Makes one call to both. */
  private static void compare(
      Random random, BlockingQueue<String> queue, BlockingQueue<String> model, List<String> trail) {
    var seed = random.nextLong();
    var name = new String[1];
    var expected = result(new Random(seed), model, name);
    trail.add(name[0]);
    var actual = result(new Random(seed), queue, name);
    assertThat(actual).as(name[0]).isEqualTo(expected);
  }

  private static Object result(Random random, BlockingQueue<String> queue, String[] name) {
    var calls = Call.values();
    var call = calls[random.nextInt(calls.length)];
    name[0] = call.name();
    try {
      return call.on(queue, random);
    } catch (RuntimeException e) {
      return e.getClass();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Mostly short; some fill the ring, some are too large for it. */
  private static String value(Random random) {
    var text = String.valueOf((char) ('a' + random.nextInt(VALUES)));
    return text.repeat(
        switch (random.nextInt(40)) {
          case 0, 1, 2, 3 -> 30_000;
          case 4 -> 50_000;
          case 5 -> 300_000;
          default -> random.nextInt(3);
        });
  }

  private static Set<String> several(Random random) {
    return Set.of("a", "bb", String.valueOf((char) ('c' + random.nextInt(VALUES))));
  }

  private enum Call {
    OFFER {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.offer(value(random));
      }
    },
    OFFER_AGAIN {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.offer(value(random));
      }
    },
    OFFER_IN_TIME {
      @Override
      Object on(BlockingQueue<String> queue, Random random) throws InterruptedException {
        return queue.offer(value(random), 0, TimeUnit.SECONDS);
      }
    },
    ADD {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.add(value(random));
      }
    },
    ADD_ALL {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.addAll(List.of(value(random), value(random), value(random)));
      }
    },
    ADD_NOTHING {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.addAll(List.of());
      }
    },
    PUT {
      @Override
      Object on(BlockingQueue<String> queue, Random random) throws InterruptedException {
        if (queue.remainingCapacity() > 0) {
          queue.put(value(random));
        }
        // Without a bound it is as large as can be, whatever is in the queue.
        return Math.min(queue.remainingCapacity(), CALLS);
      }
    },
    POLL {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.poll();
      }
    },
    POLL_IN_TIME {
      @Override
      Object on(BlockingQueue<String> queue, Random random) throws InterruptedException {
        return queue.poll(0, TimeUnit.SECONDS);
      }
    },
    TAKE {
      @Override
      Object on(BlockingQueue<String> queue, Random random) throws InterruptedException {
        return queue.isEmpty() ? "" : queue.take();
      }
    },
    REMOVE_FIRST {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.remove();
      }
    },
    PEEK {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.peek();
      }
    },
    ELEMENT {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.element();
      }
    },
    REMOVE {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.remove(value(random));
      }
    },
    REMOVE_STRANGER {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.remove(Integer.valueOf(1)) || queue.remove(null) || queue.contains(null);
      }
    },
    CONTAINS {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.contains(value(random));
      }
    },
    CONTAINS_ALL {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.containsAll(several(random));
      }
    },
    REMOVE_ALL {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.removeAll(several(random));
      }
    },
    REMOVE_IF {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        var length = random.nextInt(4);
        return queue.removeIf(value -> value.length() == length);
      }
    },
    RETAIN_ALL {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return random.nextInt(5) == 0 && queue.retainAll(several(random));
      }
    },
    DRAIN_TO {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        var drained = new ArrayList<String>();
        var count = queue.drainTo(drained, random.nextInt(6) - 1);
        return List.of(count, drained);
      }
    },
    DRAIN_ALL {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        var drained = new ArrayList<String>();
        return random.nextInt(6) > 0 ? drained : List.of(queue.drainTo(drained), drained);
      }
    },
    DRAIN_TO_ITSELF {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return random.nextBoolean() ? queue.drainTo(queue) : queue.addAll(queue);
      }
    },
    ITERATOR {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        var seen = new ArrayList<String>();
        for (var all = queue.iterator(); all.hasNext(); ) {
          seen.add(all.next());
          if (random.nextInt(4) == 0) {
            all.remove();
          }
        }
        return seen;
      }
    },
    REMOVE_TWICE {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        var all = queue.iterator();
        all.next();
        all.remove();
        all.remove();
        return "";
      }
    },
    STREAM {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.stream().map(String::length).toList();
      }
    },
    TO_ARRAY {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return switch (random.nextInt(3)) {
          case 0 -> List.of(queue.toArray());
          case 1 -> List.of(queue.toArray(new String[0]));
          default -> List.of(queue.toArray(String[]::new));
        };
      }
    },
    TO_LARGER_ARRAY {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        var array = new String[queue.size() + 2];
        return List.of(queue.toArray(array) == array, queue.isEmpty() || array[0] != null);
      }
    },
    CLEAR {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        if (random.nextInt(8) == 0) {
          queue.clear();
        }
        return queue.isEmpty();
      }
    },
    NULL {
      @Override
      Object on(BlockingQueue<String> queue, Random random) {
        return queue.offer(null);
      }
    };

    abstract Object on(BlockingQueue<String> queue, Random random) throws InterruptedException;
  }
}
