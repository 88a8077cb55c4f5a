package io.procession.internal.training;

import io.procession.Pool;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedLong;
import io.procession.shared.SharedQueue;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/** What a worker is taught so that the next ones know it from birth: what most tasks need. */
@SuppressWarnings("serial") // it sends what users send, among it private lambdas and maps
final class AotLessons {

  private static final int SMALL_TASKS = 3000;
  private static final int BATCHES = 3;
  private static final int LARGE_BYTES = 1 << 20;

  private enum Kind {
    SMALL,
    LARGE
  }

  private record Item(String name, int number, List<Kind> kinds) {}

  private static final class Old implements Serializable {
    private static final long serialVersionUID = 1;
    private final Map<String, Integer> numbers = new HashMap<>(Map.of("one", 1));
  }

  private AotLessons() {}

  /** Does nothing: a JVM that comes so far can use its cache. */
  public static void main(String[] arguments) {}

  static void teach(Pool pool) {
    for (var batch = 0; batch < BATCHES; batch++) {
      var _ = pool.map(n -> n * n, IntStream.range(0, SMALL_TASKS));
      var _ = pool.map(String::length, List.of("a", "bc", "déf"));
      pool.forEach(item -> {}, List.of(item(1), item(2)));
      for (var task = 0; task < SMALL_TASKS / 10; task++) {
        var number = task;
        var _ = pool.submit(() -> number + 1L).join();
      }
    }
    var _ = pool.submit(AotLessons::old, new Old()).join();
    var _ = pool.submit(() -> values()).join();
    var _ = pool.submit(() -> new byte[LARGE_BYTES]).join();
    var _ = pool.submit(bytes -> bytes.length, new byte[LARGE_BYTES]).join();
    var _ = pool.submit(() -> fail("a lesson")).handle((_, failure) -> failure).join();
    try {
      var _ = pool.map(n -> fail("lesson " + n), List.of(1, 2));
      throw new AssertionError("a failure was lost");
    } catch (IllegalStateException | CompletionException e) {
      share(pool);
    }
  }

  private static Item item(int number) {
    return new Item("item " + number, number, List.of(Kind.SMALL, Kind.LARGE));
  }

  private static Old old(Old value) {
    value.numbers.merge("one", 1, Integer::sum);
    return value;
  }

  private static List<Object> values() {
    var values = new ArrayList<Object>();
    values.addAll(List.of("text", 1, 2L, 3.0, 4f, true, 'c', (byte) 5, (short) 6));
    values.addAll(List.of(new int[] {1}, new double[] {1}, new String[] {"a"}, item(3)));
    values.addAll(List.of(Map.of("a", 1), new HashMap<>(Map.of("b", 2)), Instant.EPOCH));
    values.addAll(List.of(BigDecimal.ONE, Kind.LARGE, List.class));
    values.add(null);
    return values;
  }

  private static int fail(String message) {
    throw new IllegalStateException(message);
  }

  private static void share(Pool pool) {
    try (var queue = SharedQueue.<Item>create();
        var lock = SharedLock.create();
        var sum = SharedLong.create(0)) {
      var _ =
          pool.submit(
                  () -> {
                    for (var number = 0; number < BATCHES; number++) {
                      lock.lock();
                      try {
                        queue.put(item(number));
                      } finally {
                        lock.unlock();
                      }
                      sum.addAndGet(queue.take().number());
                    }
                  })
              .join();
    }
  }
}
