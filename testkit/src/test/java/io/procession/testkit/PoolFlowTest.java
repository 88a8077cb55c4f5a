package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.Task;
import io.procession.function.RemoteCallable;
import io.procession.testkit.contract.Flag;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much a pool takes at a time, and what goes first. */
@NoLeaks
class PoolFlowTest {

  @TempDir Path directory = Path.of("");

  private static Task<Integer> held(Pool pool, Flag flag) {
    return pool.submit(() -> {
      while (!flag.isRaised()) {
        Thread.sleep(5);
      }
      return 1;
    });
  }

  @Test
  void aBoundedBacklogMakesSubmitWaitAndExecuteFail() throws Exception {
    var go = Flag.in(directory, "go");
    try (var pool = Pool.builder().workers(1).backlog(1).build()) {
      var running = held(pool, go);
      var waiting = pool.submit(() -> 2);
      assertThatThrownBy(() -> pool.execute((Runnable & java.io.Serializable) () -> {}))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("tasks=2 of=2");
      assertThat(pool.offer(() -> 3, Duration.ZERO)).isEmpty();
      assertThat(pool.offer(() -> 3, Duration.ofMillis(20))).isEmpty();
      assertThat(pool.offer(n -> n + 1, 2, Duration.ofMillis(20))).isEmpty();
      assertThat(pool.offer((n, m) -> n + m, 1, 2, Duration.ZERO)).isEmpty();
      var third = new CompletableFuture<Task<Integer>>();
      var submitter = Thread.ofVirtual().start(() -> third.complete(pool.submit(() -> 3)));
      Await.until(() -> submitter.getState() == Thread.State.WAITING, "the third submission waits");
      assertThat(third).isNotDone();
      go.raise();
      assertThat(third.get(1, TimeUnit.MINUTES).get()).isEqualTo(3);
      assertThat(running.get() + waiting.get()).isEqualTo(3);
      var minute = Duration.ofMinutes(1);
      assertThat(pool.offer(() -> 4, minute).orElseThrow().get()).isEqualTo(4);
      assertThat(pool.offer(n -> n + 1, 4, minute).orElseThrow().get()).isEqualTo(5);
      assertThat(pool.offer((n, m) -> n + m, 4, 2, minute).orElseThrow().get()).isEqualTo(6);
    }
  }

  @Test
  void anInterruptEndsTheWaitForRoom() throws Exception {
    var go = Flag.in(directory, "go");
    try (var pool = Pool.builder().workers(1).backlog(0).build()) {
      var running = held(pool, go);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pool.submit(() -> 1))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).as("the flag is set again").isTrue();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pool.map(n -> n, List.of(1, 2, 3)))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pool.mapAsync(n -> n, List.of(1, 2, 3)))
          .isInstanceOf(RejectedExecutionException.class);
      assertThat(Thread.interrupted()).isTrue();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pool.offer(() -> 1, Duration.ofMinutes(1)))
          .isInstanceOf(InterruptedException.class);
      go.raise();
      assertThat(running.get()).isEqualTo(1);
      assertThat(pool.map(n -> n, List.of(1, 2, 3))).containsExactly(1, 2, 3);
    }
  }

  @Test
  void theEndOfThePoolEndsTheWaitForRoom() throws Exception {
    var pool = Pool.builder().workers(1).backlog(0).build();
    var _ = held(pool, Flag.in(directory, "never"));
    var refused = new CompletableFuture<Task<Integer>>();
    var submitter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                refused.complete(pool.submit(() -> 3));
              } catch (RejectedExecutionException e) {
                refused.completeExceptionally(e);
              }
            });
    Await.until(() -> submitter.getState() == Thread.State.WAITING, "the submission waits");
    pool.terminate();
    assertThatThrownBy(() -> refused.get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("shut down");
  }

  @Test
  void everyWayInWorksWithTheSmallestBacklog() throws Exception {
    try (var pool = Pool.builder().workers(2).backlog(0).build()) {
      var numbers = IntStream.range(0, 500).boxed().toList();
      assertThat(pool.map(n -> n + 1, numbers)).hasSize(500).endsWith(500);
      var tasks = pool.mapAsync(n -> n + 1, numbers);
      assertThat(tasks).hasSize(500).last().extracting(Task::join).isEqualTo(500);
      var all = pool.invokeAll(Collections.nCopies(20, (Answer) () -> 7));
      assertThat(all).hasSize(20).allSatisfy(task -> assertThat(task.get()).isEqualTo(7));
      assertThat(pool.invokeAny(List.of((Answer) () -> 7))).isEqualTo(7);
    }
  }

  private interface Answer extends io.procession.function.RemoteCallable<Integer> {}

  @Test
  void mapOverManyLargeItemsKeepsTheBytesInFlightBounded() {
    var most = new AtomicLong();
    var made = new AtomicLong();
    var done = new AtomicLong();
    try (var pool = Pool.builder().workers(2).inFlightBytes(3 << 20).build()) {
      Iterable<byte[]> items =
          () ->
              IntStream.range(0, 60)
                  .mapToObj(n -> {
                    most.accumulateAndGet(made.incrementAndGet() - done.get(), Math::max);
                    return new byte[1 << 20];
                  })
                  .iterator();
      var tasks = new ArrayList<Task<Integer>>();
      for (var item : items) {
        var task = pool.submit(bytes -> bytes.length, item);
        var _ = task.thenRun(done::incrementAndGet);
        tasks.add(task);
      }
      assertThat(tasks).allSatisfy(task -> assertThat(task.join()).isEqualTo(1 << 20));
      // Results are told in threads of their own, a moment after their memory was given back.
      assertThat(most.get()).isLessThan(30);
      assertThat(pool.map(bytes -> bytes.length, items)).hasSize(60).containsOnly(1 << 20);
      assertThat(pool.mapAsync(bytes -> bytes.length, items))
          .allSatisfy(task -> assertThat(task.join()).isEqualTo(1 << 20));
    }
  }

  @Test
  void urgentTasksGoBeforeThoseThatWait() throws Exception {
    var go = Flag.in(directory, "go");
    var order = Collections.synchronizedList(new ArrayList<String>());
    try (var pool = Pool.ofProcesses(1)) {
      var running = held(pool, go);
      var all = new ArrayList<CompletableFuture<Void>>();
      for (var n = 0; n < 5; n++) {
        var name = "ordinary" + n;
        all.add(pool.submit(() -> System.nanoTime()).thenAccept(at -> order.add(at + name)));
      }
      var urgent = pool.withPriority(1);
      all.add(urgent.submit(() -> System.nanoTime()).thenAccept(at -> order.add(at + "urgent")));
      all.add(
          pool.withPriority(-1)
              .submit(() -> System.nanoTime())
              .thenAccept(at -> order.add(at + "idle")));
      go.raise();
      assertThat(running.get()).isEqualTo(1);
      all.forEach(CompletableFuture::join);
      assertThat(order.stream().sorted().map(text -> text.replaceFirst("^\\d+", "")))
          .containsExactly(
              "urgent", "ordinary0", "ordinary1", "ordinary2", "ordinary3", "ordinary4", "idle");
      // A bulk of long calls does not hold up an urgent one.
      var bulk =
          pool.mapAsync(
              n -> {
                Thread.sleep(20);
                return System.nanoTime();
              },
              IntStream.range(0, 20));
      bulk.getFirst().join();
      var urgentAt = urgent.submit(() -> System.nanoTime()).join();
      assertThat(bulk.getLast().join()).isGreaterThan(urgentAt);
    }
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> Pool.builder().backlog(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("backlog=-1");
    assertThatThrownBy(() -> Pool.builder().inFlightBytes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("inFlightBytes=0");
  }

  @Test
  void invokeAllAndInvokeAnyTimeOutWhereThereIsNoRoom() throws Exception {
    var go = Flag.in(directory, "go");
    try (var pool = Pool.builder().workers(1).backlog(0).build()) {
      var running = held(pool, go);
      List<RemoteCallable<Integer>> calls = List.of(() -> 2, () -> 3);
      assertThat(pool.invokeAll(calls, 50, TimeUnit.MILLISECONDS))
          .hasSize(2)
          .allMatch(Future::isCancelled);
      assertThatThrownBy(() -> pool.invokeAny(calls, 50, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      go.raise();
      assertThat(running.get()).isEqualTo(1);
      assertThat(pool.invokeAll(calls, 1, TimeUnit.MINUTES)).hasSize(2).allMatch(Future::isDone);
    }
  }
}
