package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.Task;
import io.procession.testkit.Await;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Tasks that are ended from outside: what becomes of them, and of the worker's part. */
public abstract class TaskEndContract extends PoolContract {

  /** For subclasses. */
  protected TaskEndContract() {}

  @Test
  void aTaskThatIsCancelledBeforeItStartsNeverRuns() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    var ran = flag("ran");
    try (var pool = pool(1)) {
      var first = pool.submit(go::await);
      var second = pool.submit(ran::raise);
      assertThat(second.cancel(false)).isTrue();
      go.raise();
      assertThat(first.get()).isNull();
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      assertThat(ran.isRaised()).isFalse();
      assertCancelled(second);
    }
  }

  private static void assertCancelled(Task<?> task) {
    assertThat(task.isDone()).isTrue();
    assertThat(task.isCancelled()).isTrue();
    assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
    assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
    assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    assertThat(task.cancel(true)).isTrue();
  }

  @Test
  void cancelTrueInterruptsATaskThatRunsAndKeepsItsWorker() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var interrupted = flag("interrupted");
    try (var pool = pool(1)) {
      var before = names(pool);
      var task =
          pool.submit(() -> {
            try {
              started.raiseAndSleep();
            } catch (InterruptedException e) {
              interrupted.raise();
            }
          });
      started.await();
      assertThat(task.cancel(true)).isTrue();
      assertCancelled(task);
      interrupted.await();
      assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
      assertThat(names(pool)).isEqualTo(before);
    }
  }

  @Test
  void cancelTrueKillsTheWorkerOfATaskThatDoesNotListen() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var before = names(pool);
      var task = pool.submit(started::raiseAndSpin);
      started.await();
      assertThat(task.cancel(true)).isTrue();
      assertCancelled(task);
      // The pool heals.
      assertThat(pool.map(n -> n + 1, List.of(1, 2))).containsExactly(2, 3);
      assertThat(names(pool)).isNotEqualTo(before).hasSize(1);
    }
  }

  /** The names of all workers, once they are up. */
  private static List<String> names(Pool pool) throws InterruptedException {
    Await.until(
        () -> pool.workers().stream().allMatch(worker -> worker.pid() != 0),
        "every worker has a process");
    return pool.workers().stream().map(worker -> worker.name()).toList();
  }

  @Test
  void theKillDoesNotNeedTheCommonPool() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var release = new CountDownLatch(1);
    for (var i = 0; i < 4 * ForkJoinPool.commonPool().getParallelism(); i++) {
      ForkJoinPool.commonPool().execute(() -> awaitLatch(release));
    }
    try (var pool = pool(1)) {
      var task = pool.submit(started::raiseAndSpin);
      started.await();
      assertThat(task.cancel(true)).isTrue();
      assertThat(pool.submit(() -> 1).get(1, TimeUnit.MINUTES)).isEqualTo(1);
    } finally {
      release.countDown();
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void cancelFalseLetsATaskThatRunsEndAndDropsItsResult() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var go = flag("go");
    var ended = flag("ended");
    try (var pool = pool(1)) {
      var task =
          pool.submit(() -> {
            started.raise();
            go.await();
            ended.raise();
            return 1;
          });
      started.await();
      assertThat(task.cancel(false)).isTrue();
      assertCancelled(task);
      go.raise();
      ended.await();
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
      assertCancelled(task);
    }
  }

  @Test
  void cancelAfterTheEndDoesNothing() throws Exception {
    try (var pool = pool(1)) {
      var task = pool.submit(() -> 1);
      assertThat(task.get()).isEqualTo(1);
      assertThat(task.cancel(true)).isFalse();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.complete(2)).isFalse();
      assertThat(task.get()).isEqualTo(1);
    }
  }

  @Test
  void cancellingOneItemOfMapAsyncLeavesTheOthers() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var tasks =
          pool.mapAsync(
              n -> {
                go.await();
                return n;
              },
              List.of(0, 1, 2, 3, 4));
      assertThat(tasks.get(2).cancel(true)).isTrue();
      go.raise();
      assertThat(List.of(tasks.get(0), tasks.get(1), tasks.get(3), tasks.get(4)))
          .map(CompletableFuture::join)
          .containsExactly(0, 1, 3, 4);
      assertCancelled(tasks.get(2));
    }
  }

  @Test
  void completingFromOutsideEndsTheWorkersPart() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var neverRan = flag("never ran");
    try (var pool = pool(1)) {
      Task<Long> running = pool.submit(started::raiseAndSpin);
      var waiting = pool.submit(neverRan::raise);
      started.await();
      assertThat(waiting.completeExceptionally(new IOException("from outside"))).isTrue();
      assertThat(running.complete(42L)).isTrue();

      assertThat(running.get()).isEqualTo(42L);
      assertThatThrownBy(waiting::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseExactlyInstanceOf(IOException.class);
      // Only a worker that is rid of the endless loop can run this.
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      assertThat(neverRan.isRaised()).isFalse();
    }
  }

  @Test
  void completeAsyncEndsTheWorkersPart() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var task = pool.submit(started::raiseAndSpin);
      started.await();
      assertThat(task.completeAsync(() -> 7L).get()).isEqualTo(7L);
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void orTimeoutEndsTheTaskAndTheWorkersPart() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var task = pool.submit(started::raiseAndSpin);
      started.await();
      assertThatThrownBy(() -> task.orTimeout(10, TimeUnit.MILLISECONDS).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TimeoutException.class);
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void completeOnTimeoutEndsTheTaskAndTheWorkersPart() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var task = pool.submit(started::raiseAndSpin);
      started.await();
      assertThat(task.completeOnTimeout(5L, 10, TimeUnit.MILLISECONDS).get()).isEqualTo(5L);
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void aThreadThatWaitsSeesTheEndFromOutside() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var task =
          pool.submit(() -> {
            started.raiseAndSleep();
            return 0;
          });
      started.await();
      var seen = new CompletableFuture<Integer>();
      var waiter = Thread.ofPlatform().start(() -> seen.complete(task.join()));
      Await.until(() -> waiter.getState() == Thread.State.WAITING, "the thread waits for the task");
      task.complete(9);
      assertThat(seen.get()).isEqualTo(9);
      waiter.join();
    }
  }
}
