package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Short calls, for whose results the threads that wait look themselves. */
class ShortTasksTest {

  private static final int TASKS = 2_000;

  /** Some are long enough that whoever waits gives up looking. */
  private static int next(int number) throws InterruptedException {
    if (number % 100 == 99) {
      Thread.sleep(2);
    }
    return number + 1;
  }

  @Test
  void manyThreadsThatWaitGetEachItsOwnResult() throws Exception {
    try (var pool = Pool.ofProcesses(2)) {
      var callers = new ArrayList<FutureTask<List<Integer>>>();
      for (var caller = 0; caller < 3; caller++) {
        callers.add(new FutureTask<>(() -> submitOneByOne(pool)));
        callers.add(
            new FutureTask<>(() ->
                pool.withChunkSize(1)
                    .map(n -> next(n), IntStream.range(0, TASKS).boxed().toList())));
      }
      var threads = callers.stream().map(Thread.ofPlatform()::start).toList();
      var expected = IntStream.rangeClosed(1, TASKS).boxed().toList();
      for (var caller : callers) {
        assertThat(caller.get()).isEqualTo(expected);
      }
      for (var thread : threads) {
        thread.join();
      }
    }
  }

  private static List<Integer> submitOneByOne(Pool pool) throws Exception {
    var results = new ArrayList<Integer>();
    for (var number = 0; number < TASKS; number++) {
      var argument = number;
      results.add(pool.submit(() -> next(argument)).get());
    }
    return results;
  }

  @Test
  void aVirtualThreadThatWaitsGetsItsResult() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var caller = new FutureTask<>(() -> submitOneByOne(pool));
      var thread = Thread.ofVirtual().start(caller);
      assertThat(caller.get()).hasSize(TASKS).endsWith(TASKS);
      thread.join();
    }
  }
}
