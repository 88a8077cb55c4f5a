package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.NotTransferableException;
import io.procession.Task;
import io.procession.function.RemoteBiFunction;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteFunction;
import io.procession.function.RemoteRunnable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every {@code Pool.submit}, and what travels with it. */
public abstract class PoolSubmitContract extends PoolContract {

  /** For subclasses. */
  protected PoolSubmitContract() {}

  @Test
  void everyFormOfSubmitRunsItsTask() throws Exception {
    var raised = List.of(flag("a"), flag("b"), flag("c"));
    var a = raised.get(0);
    var b = raised.get(1);
    var c = raised.get(2);
    try (var pool = pool(1)) {
      assertThat(pool.submit(() -> 7 * 7).get()).isEqualTo(49);
      assertThat(pool.submit(PoolContract::square, 8).get()).isEqualTo(64);
      assertThat(pool.submit(Math::max, 3, 4).get()).isEqualTo(4);
      assertThat(pool.submit(a::raise).get()).isNull();
      Callable<String> callable = (Callable<String> & Serializable) () -> "callable";
      assertThat(pool.submit(callable).get()).isEqualTo("callable");
      Runnable runnable = (RemoteRunnable) b::raise;
      assertThat(pool.submit(runnable).get()).isNull();
      assertThat(pool.submit((RemoteRunnable) c::raise, "given").get()).isEqualTo("given");
      assertThat(raised).allMatch(Flag::isRaised);
    }
  }

  @Test
  void everyKindOfFunctionTravels() throws Exception {
    var captured = new ArrayList<>(List.of(1, 2));
    var base = 100;
    RemoteFunction<Integer, Integer> inner = n -> n + base;
    try (var pool = pool(1)) {
      assertThat(pool.submit(() -> captured.size() + base).get()).isEqualTo(102);
      assertThat(pool.submit(() -> inner.apply(inner.apply(1))).get()).isEqualTo(201);
      RemoteFunction<Integer, Point> constructor = x -> new Point(x, x);
      assertThat(pool.submit(constructor, 3).get()).isEqualTo(new Point(3, 3));
      assertThat(pool.submit(Point::x, new Point(4, 5)).get()).isEqualTo(4);
      assertThat(pool.submit("abc"::concat, "def").get()).isEqualTo("abcdef");
      RemoteBiFunction<Integer, Integer, Point> point = Point::new;
      assertThat(pool.submit(point, 6, 7).get()).isEqualTo(new Point(6, 7));
      assertThat(pool.submit(new Doubled(21)).get()).isEqualTo(42);
      RemoteCallable<RemoteCallable<String>> functionAsResult = () -> () -> "from a result";
      assertThat(pool.submit(functionAsResult).get().call()).isEqualTo("from a result");
    }
  }

  /** A task that is a record. */
  record Doubled(int n) implements RemoteCallable<Integer> {
    @Override
    public Integer call() {
      return 2 * n;
    }
  }

  @Test
  void argumentsAndResultsAreCopies() throws Exception {
    needs(PoolTrait.COPIES);
    var list = new ArrayList<>(List.of("a"));
    try (var pool = pool(1)) {
      Task<ArrayList<String>> task =
          pool.submit(
              (ArrayList<String> own) -> {
                own.add("b");
                return own;
              },
              list);
      assertThat(task.get()).containsExactly("a", "b");
      assertThat(list).containsExactly("a");
    }
  }

  @Test
  void theTaskIsReadWhenItIsSubmitted() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    needs(PoolTrait.COPIES);
    var go = flag("go");
    var list = new ArrayList<>(List.of("a"));
    try (var pool = pool(1)) {
      var first = pool.submit(go::await);
      var second = pool.submit(() -> list.size());
      list.add("too late");
      go.raise();
      assertThat(first.get()).isNull();
      assertThat(second.get()).isEqualTo(1);
    }
  }

  @Test
  void argumentsAndResultsMayBeNull() throws Exception {
    try (var pool = pool(1)) {
      RemoteFunction<@Nullable String, Boolean> isNull = text -> text == null;
      assertThat(pool.<@Nullable String, Boolean>submit(isNull, null).get()).isTrue();
      RemoteCallable<@Nullable String> nothing = () -> null;
      assertThat(pool.submit(nothing).get()).isNull();
      assertThat(pool.submit(() -> Optional.empty()).get()).isEmpty();
    }
  }

  @Test
  void aNullTaskIsRefused() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> pool.submit(PoolContract.<RemoteCallable<Integer>>nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> pool.submit(PoolContract.<RemoteRunnable>nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> pool.submit(PoolContract.<Callable<Integer>>nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> pool.submit(PoolContract.<Runnable>nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> pool.submit(PoolContract.<Runnable>nothing(), 1))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(
              () -> pool.submit(PoolContract.<RemoteFunction<Integer, Integer>>nothing(), 1))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() ->
              pool.submit(
                  PoolContract.<RemoteBiFunction<Integer, Integer, Integer>>nothing(), 1, 2))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> pool.execute(nothing())).isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void afterCloseEveryFormIsRejectedWithTheRemedy() {
    var pool = pool(1);
    pool.close();
    assertThatThrownBy(() -> pool.submit(() -> 1))
        .isExactlyInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("submit before shutdown() or close()");
    assertThatThrownBy(() -> pool.submit(PoolContract::square, 1))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.execute((RemoteRunnable) () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.invokeAll(List.of((RemoteCallable<Integer>) () -> 1)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void whatCannotTravelFailsInTheCallerAndSendsNothing() throws Exception {
    needs(PoolTrait.COPIES);
    var ran = flag("ran");
    var rooted = new Rooted();
    try (var pool = pool(1)) {
      assertThatThrownBy(() ->
              pool.submit(() -> {
                ran.raise();
                return rooted.thread;
              }))
          .isExactlyInstanceOf(NotTransferableException.class)
          .hasMessageContaining("Rooted")
          .hasMessageContaining("path=");
      assertThatThrownBy(() -> pool.submit(Rooted::hashCode, rooted))
          .isExactlyInstanceOf(NotTransferableException.class);
      assertThatThrownBy(() -> pool.submit((Callable<Integer>) () -> 1))
          .isExactlyInstanceOf(NotTransferableException.class)
          .hasMessageContaining("RemoteCallable");
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      assertThat(ran.isRaised()).isFalse();
    }
  }

  @Test
  void tasksOfOneCallerStartInTheirOrder() {
    try (var pool = pool(1)) {
      var tasks =
          IntStream.range(0, 200).mapToObj(n -> pool.submit(() -> System.nanoTime())).toList();
      var times = tasks.stream().map(Task::join).toList();
      assertThat(times).isSorted();
    }
  }

  @Test
  void manyThreadsSubmitAtOnce() throws Exception {
    try (var pool = pool(2)) {
      var sums = Collections.synchronizedList(new ArrayList<Integer>());
      var threads = new ArrayList<Thread>();
      for (var i = 0; i < 16; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(() ->
                    sums.add(
                        IntStream.range(0, 200)
                            .mapToObj(n -> pool.submit(PoolContract::square, n))
                            .toList()
                            .stream()
                            .mapToInt(Task::join)
                            .sum())));
      }
      for (var thread : threads) {
        thread.join();
      }
      var sum = IntStream.range(0, 200).map(PoolContract::square).sum();
      assertThat(sums).hasSize(16).containsOnly(sum);
    }
  }

  @Test
  void shortTasksAreNotHeldUpByOneThatIsLongForOnce() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    try (var pool = pool(2)) {
      for (var round = 0; round < 20; round++) {
        pool.withChunkSize(1).map(n -> passOrAwait(n, null), IntStream.range(0, 200));
        var end = flag("end-" + round);
        var tasks =
            IntStream.range(0, 30)
                .mapToObj(n -> pool.submit(each -> passOrAwait(each, end), n))
                .toList();
        assertThat(tasks.stream().skip(1).map(Task::join))
            .isEqualTo(IntStream.range(1, 30).boxed().toList());
        end.raise();
        assertThat(tasks.getFirst().join()).isZero();
      }
    }
  }

  private static int passOrAwait(int n, @Nullable Flag end) throws InterruptedException {
    if (n == 0 && end != null) {
      end.await();
    }
    return n;
  }

  @Test
  void virtualThreadsSubmitAndWait() throws Exception {
    try (var pool = pool(2)) {
      var threads = new ArrayList<Thread>();
      var results = Collections.synchronizedList(new ArrayList<Integer>());
      for (var i = 0; i < 500; i++) {
        var n = i;
        threads.add(Thread.ofVirtual().start(() -> results.add(pool.submit(() -> n).join())));
      }
      for (var thread : threads) {
        thread.join();
      }
      assertThat(results)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 500).boxed().toList());
    }
  }

  @Test
  void asCompletedGivesTheTasksInTheOrderOfTheirEnds() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var first = flag("first");
    try (var pool = pool(2)) {
      Task<Integer> slow =
          pool.submit(() -> {
            first.await();
            return 1;
          });
      Task<Integer> quick = pool.submit(() -> 2);
      Task<Integer> failing =
          pool.submit(() -> {
            throw new CheckedException("no");
          });
      var order = new ArrayList<Task<Integer>>();
      for (var task : pool.asCompleted(List.of(slow, quick, failing))) {
        assertThat(task.isDone()).isTrue();
        order.add(task);
        if (order.size() == 2) {
          first.raise();
        }
      }
      assertThat(order).containsExactlyInAnyOrder(slow, quick, failing).last().isEqualTo(slow);
      assertThat(pool.asCompleted(List.<Task<Integer>>of())).isEmpty();
    }
  }
}
