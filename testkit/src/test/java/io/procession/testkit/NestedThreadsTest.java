package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.PoolBuilder;
import io.procession.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks of a pool of threads that use the pool that runs them. */
@NoLeaks
class NestedThreadsTest {

  enum Engine {
    THREADS,
    VIRTUAL_THREADS;

    PoolBuilder builder() {
      return this == THREADS ? Pool.builder().threads() : Pool.builder().virtualThreads();
    }
  }

  private static <T> T within(Task<T> task) throws Exception {
    return task.get(2, TimeUnit.MINUTES);
  }

  private static int depth(Pool pool, int left) throws Exception {
    return left == 0 ? 0 : 1 + pool.submit(() -> depth(pool, left - 1)).get();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void everyWayToWaitLetsTheOthersRun(Engine engine) throws Exception {
    try (var pool = engine.builder().workers(1).build()) {
      assertThat(within(pool.submit(() -> pool.submit(() -> 1).get()))).isEqualTo(1);
      assertThat(within(pool.submit(() -> pool.submit(() -> 1).get(1, TimeUnit.MINUTES))))
          .isEqualTo(1);
      assertThat(within(pool.submit(() -> pool.submit(n -> n + 1, 1).join()))).isEqualTo(2);
      assertThat(within(pool.submit(() -> pool.map(n -> n + 1, List.of(1, 2, 3)))))
          .containsExactly(2, 3, 4);
      assertThat(within(pool.submit(() -> pool.stream(n -> n, List.of(1, 2)).toList())))
          .containsExactly(1, 2);
      assertThat(within(pool.submit(() -> pool.reduce(0, Integer::sum, List.of(1, 2, 3)))))
          .isEqualTo(6);
      List<Callable<Integer>> seven = List.of(() -> 7);
      assertThat(within(pool.submit(() -> pool.invokeAny(seven)))).isEqualTo(7);
      assertThat(within(pool.submit(() -> pool.invokeAll(seven).getFirst().get()))).isEqualTo(7);
      assertThat(
              within(
                  pool.submit(() -> {
                    var all = pool.mapAsync(n -> n, List.of(1, 2));
                    CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
                    return all.getLast().join();
                  })))
          .isEqualTo(2);
      assertThat(
              within(
                  pool.submit(() -> {
                    var done = new ExecutorCompletionService<Integer>(pool);
                    var _ = done.submit(() -> 5);
                    return done.take().get();
                  })))
          .isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void recursionWorksUpToTheLimitAndThenShowsTheChain(Engine engine) throws Exception {
    try (var pool = engine.builder().name("deep").workers(1).maxNested(3).build()) {
      assertThat(within(pool.submit(() -> depth(pool, 3)))).isEqualTo(3);
      assertThatThrownBy(() -> within(pool.submit(() -> depth(pool, 20))))
          .isInstanceOf(ExecutionException.class)
          .rootCause()
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageMatching(
              "(?s).*(task \\d+ in deep-worker-\\d+ \\(pid \\d+\\) > ){3}task.*maxNested=3");
      assertThat(within(pool.submit(() -> depth(pool, 3)))).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void manyTasksThatAllWaitForOthersEnd(Engine engine) throws Exception {
    try (var pool = engine.builder().workers(2).build()) {
      var tasks = new ArrayList<Task<Integer>>();
      for (var i = 0; i < 200; i++) {
        tasks.add(
            pool.submit(() ->
                pool.map(
                        n -> {
                          Thread.sleep(1);
                          return n;
                        },
                        IntStream.range(0, 4))
                    .size()));
      }
      for (var task : tasks) {
        assertThat(within(task)).isEqualTo(4);
      }
      Await.until(() -> pool.workers().size() == 2, "the threads that were added have ended");
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aBacklogHoldsUpNobodyWhoIsWaitedFor(Engine engine) throws Exception {
    try (var pool = engine.builder().workers(1).backlog(0).build()) {
      var sum = pool.submit(() -> pool.map(n -> n, IntStream.range(0, 100)).size());
      assertThat(within(sum)).isEqualTo(100);
    }
  }

  /** Submits others and ends. */
  private static void crawl(Pool pool, int depth, AtomicInteger visited, CountDownLatch all) {
    visited.incrementAndGet();
    all.countDown();
    for (var n = 0; depth > 0 && n < 10; n++) {
      pool.execute(() -> crawl(pool, depth - 1, visited, all));
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void tasksThatWaitForNobodyNeedNoMoreThreads(Engine engine) throws Exception {
    var visited = new AtomicInteger();
    var all = new CountDownLatch(11_111);
    try (var pool = engine.builder().workers(3).build()) {
      pool.execute(() -> crawl(pool, 4, visited, all));
      assertThat(all.await(2, TimeUnit.MINUTES)).isTrue();
      assertThat(pool.workers()).hasSize(3);
    }
    assertThat(visited.get()).isEqualTo(11_111);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatNobodyWaitsForStandsInLine(Engine engine) throws Exception {
    var order = new ConcurrentLinkedQueue<String>();
    var go = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    try (var pool = engine.builder().workers(1).build()) {
      pool.execute(() -> {
        try {
          go.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        pool.execute(() -> {
          order.add("inner");
          end.countDown();
        });
      });
      pool.execute(() -> order.add("outer"));
      go.countDown();
      assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(order).containsExactly("outer", "inner");
  }

  @Test
  void theWayMayLeadThroughOtherPools() throws Exception {
    try (var one = Pool.builder().threads().workers(1).name("one").maxNested(2).build();
        var two = Pool.builder().virtualThreads().workers(1).name("two").maxNested(2).build();
        var far = Pool.builder().workers(1).name("far").maxNested(2).build()) {
      assertThat(within(one.submit(() -> two.submit(() -> one.submit(() -> 1).get()).get())))
          .isEqualTo(1);
      assertThat(within(one.submit(() -> far.submit(() -> one.submit(() -> 1).get()).get())))
          .isEqualTo(1);
      assertThatThrownBy(() -> within(one.submit(() -> there(one, two, 20))))
          .isInstanceOf(ExecutionException.class)
          .rootCause()
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageMatching("(?s).*task \\d+ in one-worker-1 .*> task \\d+ in two-worker.*");
      assertThat(within(one.submit(() -> there(one, two, 4)))).isEqualTo(4);
    }
  }

  private static int there(Pool here, Pool there, int left) throws Exception {
    return left == 0 ? 0 : 1 + there.submit(() -> there(there, here, left - 1)).get();
  }

  @Test
  void aTaskOfProcessesMayUseThreadsThatUseIt() throws Exception {
    try (var far = Pool.builder().workers(1).build();
        var threads = Pool.ofThreads(1)) {
      var task = far.submit(pool -> pool.submit(() -> far.submit(() -> 3).get()).get(), threads);
      assertThat(within(task)).isEqualTo(3);
    }
  }

  @Test
  void aPoolOfThreadsFeedsAnotherWithoutMoreWorkers() throws Exception {
    try (var feeders = Pool.ofVirtualThreads();
        var one = Pool.ofThreads(1)) {
      var sums =
          feeders.mapAsync(
              n -> one.submit(() -> n + one.workers().size()).get(), IntStream.range(0, 500));
      for (var n = 0; n < 500; n++) {
        assertThat(within(sums.get(n))).isEqualTo(n + 1);
      }
    }
  }
}
