package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.Pool;
import io.procession.Task;
import io.procession.WorkerInfo;
import io.procession.function.RemoteRunnable;
import io.procession.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a pool ends: {@code shutdown}, {@code shutdownNow}, {@code close}, {@code terminate}. */
public abstract class PoolLifecycleContract extends PoolContract {

  /** For subclasses. */
  protected PoolLifecycleContract() {}

  @Test
  void shutdownRunsWhatWasSubmittedAndTakesNoMore() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      assertThat(pool.isShutdown()).isFalse();
      assertThat(pool.isTerminated()).isFalse();
      var running = pool.submit(go::await);
      var waiting = pool.submit(() -> 1);
      pool.shutdown();
      assertThat(pool.isShutdown()).isTrue();
      assertThat(pool.isTerminated()).isFalse();
      assertThat(pool.awaitTermination(10, TimeUnit.MILLISECONDS)).isFalse();
      assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
      go.raise();
      assertThat(running.get()).isNull();
      assertThat(waiting.get()).isEqualTo(1);
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      assertThat(pool.isTerminated()).isTrue();
      pool.shutdown();
    }
  }

  @Test
  void shutdownNowDropsWhatWaitsAndInterruptsWhatRuns() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var interrupted = flag("interrupted");
    var ran = flag("ran");
    try (var pool = pool(1)) {
      var running =
          pool.submit(() -> {
            try {
              started.raiseAndSleep();
            } catch (InterruptedException e) {
              interrupted.raise();
              throw e;
            }
          });
      started.await();
      RemoteRunnable raise = ran::raise;
      var waiting = List.of(pool.submit(raise), pool.submit(raise), pool.submit(raise));
      var dropped = pool.shutdownNow();

      assertThat(dropped).hasSize(3);
      assertThatThrownBy(running::get).hasCauseInstanceOf(InterruptedException.class);
      assertThat(interrupted.isRaised()).isTrue();
      for (var task : waiting) {
        assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
        assertThat(task.isCancelled()).isTrue();
      }
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      assertThat(ran.isRaised()).isFalse();
      assertThat(pool.shutdownNow()).isEmpty();
    }
  }

  @Test
  void shutdownNowEndsWhatDoesNotListen() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var running = pool.submit(started::raiseAndSpin);
      started.await();
      assertThat(pool.shutdownNow()).isEmpty();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      assertThat(running.isCompletedExceptionally()).isTrue();
    }
  }

  @Test
  void whatShutdownNowGivesBackCanBeRunHere() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var ran = flag("ran");
    try (var pool = pool(1)) {
      var running = pool.submit(started::raiseAndSpin);
      started.await();
      var waiting = pool.submit(ran::raise);
      pool.shutdownNow().forEach(Runnable::run);
      assertThat(ran.isRaised()).isTrue();
      assertThat(waiting).isNotSameAs(running);
    }
  }

  @Test
  void closeWaitsForAllTasks() throws Exception {
    var done = new ArrayList<Task<Integer>>();
    var pool = pool(2);
    try (pool) {
      IntStream.range(0, 500).forEach(n -> done.add(pool.submit(() -> n)));
    }
    assertThat(pool.isTerminated()).isTrue();
    for (var n = 0; n < 500; n++) {
      assertThat(done.get(n).get(1, TimeUnit.MINUTES)).isEqualTo(n);
    }
    pool.close();
    pool.close();
  }

  @Test
  void anInterruptOfCloseEndsTheTasksAndIsNotLost() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var pool = pool(1);
    var task = pool.submit(started::raiseAndSpin);
    started.await();
    var flagLeft = new CompletableFuture<Boolean>();
    var closer =
        Thread.ofPlatform()
            .start(() -> {
              pool.close();
              flagLeft.complete(Thread.currentThread().isInterrupted());
            });
    Await.until(pool::isShutdown, "close has begun");
    closer.interrupt();
    assertThat(flagLeft.get()).isTrue();
    assertThat(pool.isTerminated()).isTrue();
    assertThat(catchThrowable(task::get)).isNotNull();
    closer.join();
  }

  @Test
  void terminateEndsEveryTaskNow() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var running = pool.submit(started::raiseAndSpin);
      var waiting = pool.mapAsync(n -> n, IntStream.range(0, 1000));
      started.await();
      pool.terminate();
      assertThat(pool.isTerminated()).isTrue();
      assertThat(pool.isShutdown()).isTrue();
      assertThat(pool.workers()).isEmpty();
      assertThatThrownBy(running::get).isInstanceOf(CancellationException.class);
      for (var task : waiting) {
        assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
      }
      assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
      pool.terminate();
    }
  }

  @Test
  void terminateEndsAMapOfAnotherThread() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var seen = new CompletableFuture<Throwable>();
      var caller =
          Thread.ofPlatform()
              .start(() ->
                  seen.complete(
                      catchThrowable(() ->
                          pool.forEach(n -> started.raiseAndSpin(), IntStream.range(0, 100)))));
      started.await();
      pool.terminate();
      assertThat(seen.get())
          .isInstanceOfAny(CancellationException.class, RejectedExecutionException.class);
      caller.join();
    }
  }

  @Test
  void terminateWhileTheWorkersBootLeavesNothing() {
    pool(3).terminate();
  }

  @Test
  void closeWhileTheWorkersBootLeavesNothing() {
    pool(3).close();
  }

  @Test
  void whatWasSubmittedBeforeAnyWorkerIsUpStillRuns() throws Exception {
    Task<Integer> task;
    try (var pool = pool(1)) {
      task = pool.submit(() -> 1);
    }
    assertThat(task.get()).isEqualTo(1);
  }

  @Test
  void aCallbackMayEndThePool() throws Exception {
    try (var pool = pool(1)) {
      var ended = pool.submit(() -> 1).thenAccept(n -> pool.terminate());
      assertThat(ended.get(1, TimeUnit.MINUTES)).isNull();
      assertThat(pool.isTerminated()).isTrue();
    }
  }

  @Test
  @SuppressWarnings("try") // what close does is tested
  void closingAViewDoesNothing() throws Exception {
    try (var pool = pool(1)) {
      try (var view = pool.withRetries(1).withChunkSize(2)) {
        assertThat(view.map(n -> n, List.of(1))).containsExactly(1);
      }
      assertThat(pool.isShutdown()).isFalse();
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      var view = pool.withRetries(1);
      pool.close();
      assertThat(view.isTerminated()).isTrue();
      assertThatThrownBy(() -> view.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
    }
  }

  @Test
  void retriesMustNotBeNegative() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> pool.withRetries(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("retries=-1");
    }
  }

  @Test
  void workersTellWhatTheyDo() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var go = flag("go");
    try (var pool = pool(2)) {
      assertThat(pool.workers()).hasSize(2);
      var task =
          pool.submit(() -> {
            started.raise();
            go.await();
          });
      started.await();
      Await.until(
          () -> states(pool).containsAll(List.of(WorkerInfo.State.BUSY, WorkerInfo.State.IDLE)),
          "one worker is busy and one idle");
      go.raise();
      assertThat(task.get()).isNull();
      Await.until(
          () -> states(pool).equals(List.of(WorkerInfo.State.IDLE, WorkerInfo.State.IDLE)),
          "both workers are idle");
      assertThat(pool.workers().stream().mapToLong(WorkerInfo::tasksDone).sum()).isEqualTo(1);
      assertThat(pool.workers()).allMatch(worker -> worker.pid() > 0);
      assertThat(pool.workers()).extracting(WorkerInfo::name).doesNotHaveDuplicates();
    }
  }

  private static List<WorkerInfo.State> states(Pool pool) {
    return pool.workers().stream().map(WorkerInfo::state).toList();
  }

  @Test
  @SuppressWarnings("try") // what close does is tested
  void severalPoolsLiveAtOnce() {
    try (var first = pool(1);
        var second = pool(1);
        var third = pool(1)) {
      assertThat(first.map(n -> n + 1, List.of(1))).containsExactly(2);
      assertThat(second.map(n -> n + 2, List.of(1))).containsExactly(3);
      first.close();
      assertThat(third.map(n -> n + 3, List.of(1))).containsExactly(4);
      assertThat(second.map(n -> n + 4, List.of(1))).containsExactly(5);
    }
  }
}
