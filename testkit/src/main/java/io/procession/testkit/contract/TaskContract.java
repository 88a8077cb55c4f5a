package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.Task;
import io.procession.testkit.Await;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a caller waits for a task, and what else it may do with it as a {@code Future}. */
public abstract class TaskContract extends PoolContract {

  /** For subclasses. */
  protected TaskContract() {}

  @Test
  void aValueIsSeenByEveryWayToAsk() throws Exception {
    try (var pool = pool(1)) {
      var task = pool.submit(() -> "value");
      assertThat(task.get(1, TimeUnit.MINUTES)).isEqualTo("value");
      assertThat(task.get()).isEqualTo("value");
      assertThat(task.join()).isEqualTo("value");
      assertThat(task.getNow("other")).isEqualTo("value");
      assertThat(task.resultNow()).isEqualTo("value");
      assertThat(task.isDone()).isTrue();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.isCompletedExceptionally()).isFalse();
      assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
    }
  }

  @Test
  void aFailureIsSeenByEveryWayToAsk() {
    try (var pool = pool(1)) {
      Task<Integer> task =
          pool.submit(() -> {
            throw new CheckedException("no");
          });
      assertThatThrownBy(task::get)
          .isExactlyInstanceOf(ExecutionException.class)
          .hasCauseExactlyInstanceOf(CheckedException.class);
      assertThatThrownBy(task::join)
          .isExactlyInstanceOf(CompletionException.class)
          .hasCauseExactlyInstanceOf(CheckedException.class);
      assertThat(task.exceptionNow()).isExactlyInstanceOf(CheckedException.class).hasMessage("no");
      assertThat(task.state()).isEqualTo(Future.State.FAILED);
      assertThat(task.isCompletedExceptionally()).isTrue();
      assertThat(task.isCancelled()).isFalse();
    }
  }

  @Test
  void aTimeOutOfTheWaitLeavesTheTaskAlone() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task =
          pool.submit(() -> {
            go.await();
            return 1;
          });
      assertThatThrownBy(() -> task.get(10, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThatThrownBy(() -> task.get(0, TimeUnit.NANOSECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(task.getNow(-1)).isEqualTo(-1);
      assertThat(task.state()).isEqualTo(Future.State.RUNNING);
      go.raise();
      assertThat(task.get()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptEndsTheWaitOfGetAndNotTheTask() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task = pool.submit(go::await);
      var seen = new CompletableFuture<Throwable>();
      var waiter = Thread.ofPlatform().start(() -> seen.complete(catchThrowable(task::get)));
      waiter.interrupt();
      assertThat(seen.get()).isInstanceOf(InterruptedException.class);
      assertThat(task.isDone()).isFalse();
      go.raise();
      assertThat(task.get()).isNull();
      waiter.join();
    }
  }

  @Test
  void anInterruptDoesNotEndJoinAndIsNotLost() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task =
          pool.submit(() -> {
            go.await();
            return 1;
          });
      var interrupted = new CompletableFuture<Boolean>();
      var waiter =
          Thread.ofPlatform()
              .start(() -> {
                Thread.currentThread().interrupt();
                assertThat(task.join()).isEqualTo(1);
                interrupted.complete(Thread.currentThread().isInterrupted());
              });
      go.raise();
      assertThat(interrupted.get()).isTrue();
      waiter.join();
    }
  }

  @Test
  void manyThreadsMayWaitForOneTask() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task =
          pool.submit(() -> {
            go.await();
            return 1;
          });
      var threads =
          Stream.generate(() -> new CompletableFuture<Integer>())
              .limit(10)
              .peek(seen -> Thread.ofVirtual().start(() -> seen.complete(task.join())))
              .toList();
      go.raise();
      for (var seen : threads) {
        assertThat(seen.get()).isEqualTo(1);
      }
    }
  }

  @Test
  void aThreadThatWaitsForATaskWithDependentsIsWoken() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task =
          pool.submit(() -> {
            go.await();
            return 1;
          });
      var dependent = task.thenApply(n -> n + 1);
      var seen = new CompletableFuture<Integer>();
      var waiter = Thread.ofPlatform().start(() -> seen.complete(task.join()));
      Await.until(() -> waiter.getState() == Thread.State.WAITING, "the thread waits for the task");
      go.raise();
      assertThat(seen.get()).isEqualTo(1);
      assertThat(dependent.get()).isEqualTo(2);
      waiter.join();
    }
  }

  @Test
  void dependentsRunAndGiveTheirOwnResults() throws Exception {
    try (var pool = pool(1)) {
      var task = pool.submit(() -> 20);
      var sum = task.thenApply(n -> n + 1).thenCombine(pool.submit(() -> 21), Integer::sum);
      assertThat(sum.get()).isEqualTo(42);
      assertThat(task.thenApplyAsync(n -> n * 2).get()).isEqualTo(40);
      assertThat(task.thenApply(n -> n)).isExactlyInstanceOf(CompletableFuture.class);
      Task<Integer> failing =
          pool.submit(() -> {
            throw new IOException("no");
          });
      assertThat(failing.exceptionally(failure -> -1).get()).isEqualTo(-1);
      assertThat(failing.handle((value, failure) -> failure.getMessage()).get()).isEqualTo("no");
    }
  }

  @Test
  void aDependentThatBlocksHarmsNoOtherTask() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var blocked = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task = pool.submit(go::await);
      var dependent =
          task.thenRun(() -> {
            blocked.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      go.raise();
      blocked.await();
      assertThat(pool.map(n -> n + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      release.countDown();
      assertThat(dependent.get()).isNull();
    }
  }

  @Test
  void aDependentThatThrowsHarmsNoOtherTask() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task = pool.submit(go::await);
      var dependent =
          task.thenRun(() -> {
            throw new IllegalStateException("in a dependent");
          });
      go.raise();
      assertThatThrownBy(dependent::join).hasRootCauseMessage("in a dependent");
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void aResultCannotBeReplaced() {
    try (var pool = pool(1)) {
      var task = pool.submit(() -> 1);
      assertThatThrownBy(() -> task.obtrudeValue(2))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> task.obtrudeException(new IOException()))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThat(task.join()).isEqualTo(1);
    }
  }

  @Test
  void aCopyCannotEndTheTask() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task =
          pool.submit(() -> {
            go.await();
            return 1;
          });
      assertThat(task.copy().cancel(true)).isTrue();
      assertThat(task.isDone()).isFalse();
      go.raise();
      assertThat(task.get()).isEqualTo(1);
    }
  }
}
