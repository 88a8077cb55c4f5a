package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.Task;
import io.procession.function.RemoteCallable;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/**
 * What JSR-166's tests of executors and futures ask for and no other suite here does; which covers
 * what is in {@code docs/jsr166.md}.
 */
public abstract class PoolJsr166Contract extends PoolContract {

  /** For subclasses. */
  protected PoolJsr166Contract() {}

  private static RemoteCallable<Integer> giving(int value) {
    return () -> value;
  }

  private static RemoteCallable<Integer> failing(String message) {
    return () -> {
      throw new CheckedException(message);
    };
  }

  @Test
  void timedInvocationsRefuseNullAndNothing() {
    try (var pool = pool(1)) {
      var tasks = List.of(giving(1));
      assertThatThrownBy(() -> pool.invokeAll(tasks, 1, nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> pool.invokeAny(tasks, 1, nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() ->
              pool.invokeAll(
                  PoolContract.<List<RemoteCallable<Integer>>>nothing(), 1, TimeUnit.SECONDS))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() ->
              pool.invokeAny(
                  PoolContract.<List<RemoteCallable<Integer>>>nothing(), 1, TimeUnit.SECONDS))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(
              () -> pool.invokeAny(List.<RemoteCallable<Integer>>of(), 1, TimeUnit.SECONDS))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void timedInvocationsThatEndInTimeAreAsTheOthers() throws Exception {
    try (var pool = pool(2)) {
      var futures = pool.invokeAll(List.of(giving(1), failing("no")), 1, TimeUnit.HOURS);
      assertThat(futures)
          .extracting(Future::state)
          .containsExactly(Future.State.SUCCESS, Future.State.FAILED);
      assertThat(pool.invokeAll(List.<RemoteCallable<Integer>>of(), 0, TimeUnit.SECONDS)).isEmpty();
      assertThat(pool.invokeAny(List.of(failing("no"), giving(2)), 1, TimeUnit.HOURS)).isEqualTo(2);
      assertThatThrownBy(() -> pool.invokeAny(List.of(failing("no")), 1, TimeUnit.HOURS))
          .isExactlyInstanceOf(ExecutionException.class)
          .hasCauseExactlyInstanceOf(CheckedException.class);
    }
  }

  @Test
  void anInterruptEndsAwaitTermination() throws Exception {
    try (var pool = pool(1)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pool.awaitTermination(1, TimeUnit.HOURS))
          .isInstanceOf(InterruptedException.class);
      assertThat(pool.awaitTermination(0, TimeUnit.NANOSECONDS)).isFalse();
      assertThatThrownBy(() -> pool.awaitTermination(1, nothing()))
          .isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void theStateOfThePoolIsInItsText() {
    var pool = pool(1);
    assertThat(pool.toString()).contains("shutdown=false", "terminated=false");
    pool.close();
    assertThat(pool.toString()).contains("shutdown=true", "terminated=true");
  }

  @Test
  void aSubmittedRunnableMayHaveNullAsItsResult() throws Exception {
    var ran = flag("ran");
    try (var pool = pool(1)) {
      io.procession.function.RemoteRunnable raise = ran::raise;
      assertThat(pool.<String>submit((Runnable) raise, PoolContract.<String>nothing()).get())
          .isNull();
      assertThat(ran.isRaised()).isTrue();
    }
  }

  @Test
  void whatIsNotThereYetIsNotGivenNow() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task = pool.submit(go::await);
      assertThatThrownBy(task::resultNow).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(task::exceptionNow).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> task.get(-1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
      assertThatThrownBy(() -> task.get(1, nothing())).isInstanceOf(NullPointerException.class);
      go.raise();
      task.join();
    }
  }

  @Test
  void resultAndExceptionAreToldApart() {
    try (var pool = pool(1)) {
      var good = pool.submit(giving(1));
      var bad = pool.submit(failing("no"));
      good.join();
      assertThat(catchThrowable(bad::join)).isInstanceOf(CompletionException.class);
      assertThatThrownBy(good::exceptionNow).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(bad::resultNow).isInstanceOf(IllegalStateException.class);
      assertThat(bad.exceptionNow()).hasMessage("no");
      assertThatThrownBy(() -> bad.getNow(7)).isInstanceOf(CompletionException.class);
      assertThat(good.cancel(true)).isFalse();
      assertThat(bad.cancel(true)).isFalse();
    }
  }

  @Test
  void aCancelledTaskHasNeitherResultNorException() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var task = pool.submit(go::await);
      assertThat(task.cancel(false)).isTrue();
      assertThat(task.cancel(true)).isTrue();
      assertThatThrownBy(task::resultNow).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(task::exceptionNow).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> task.getNow(null)).isInstanceOf(CancellationException.class);
      assertThat(task.isCompletedExceptionally()).isTrue();
      go.raise();
    }
  }

  @Test
  void dependentsOfAFailureSeeIt() {
    try (var pool = pool(1)) {
      Task<Integer> bad = pool.submit(failing("no"));
      assertThat(bad.handle((value, failure) -> String.valueOf(failure.getMessage())).join())
          .endsWith("no");
      assertThat(bad.exceptionally(failure -> -1).join()).isEqualTo(-1);
      assertThat(bad.exceptionallyCompose(failure -> pool.submit(giving(3))).join()).isEqualTo(3);
      for (CompletableFuture<?> dependent :
          List.of(
              bad.thenApply(n -> n),
              bad.thenAccept(n -> {}),
              bad.thenRun(() -> {}),
              bad.thenCompose(n -> pool.submit(giving(n))),
              bad.thenCombine(pool.submit(giving(1)), Integer::sum),
              bad.whenComplete((value, failure) -> {}),
              bad.copy())) {
        assertThatThrownBy(dependent::join)
            .isExactlyInstanceOf(CompletionException.class)
            .hasCauseExactlyInstanceOf(CheckedException.class);
      }
    }
  }

  @Test
  void tasksCombineAsFuturesDo() {
    try (var pool = pool(2)) {
      var one = pool.submit(giving(1));
      var two = pool.submit(giving(2));
      assertThat(one.thenCombine(two, Integer::sum).join()).isEqualTo(3);
      assertThat(one.thenCompose(n -> pool.submit(giving(n + 10))).join()).isEqualTo(11);
      assertThat(one.applyToEither(new CompletableFuture<Integer>(), n -> n + 4).join())
          .isEqualTo(5);
      assertThat(one.thenApplyAsync(n -> n * 7).join()).isEqualTo(7);
      CompletableFuture.allOf(one, two).join();
      assertThat(CompletableFuture.anyOf(one, new CompletableFuture<>()).join()).isEqualTo(1);
      assertThat(one.minimalCompletionStage().toCompletableFuture().join()).isEqualTo(1);
      assertThat(one.newIncompleteFuture()).isExactlyInstanceOf(CompletableFuture.class);
      assertThat(one.thenApply(n -> n)).isExactlyInstanceOf(CompletableFuture.class);
      assertThat(one.toCompletableFuture()).isSameAs(one);
    }
  }

  @Test
  void cancellingADependentLeavesTheTask() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      Task<Integer> task =
          pool.submit(() -> {
            go.await();
            return 1;
          });
      var dependent = task.thenApply(n -> n);
      assertThat(task.getNumberOfDependents()).isEqualTo(1);
      assertThat(dependent.cancel(true)).isTrue();
      assertThat(task.isDone()).isFalse();
      go.raise();
      assertThat(task.get()).isEqualTo(1);
    }
  }

  @Test
  void dependentsRefuseNull() {
    try (var pool = pool(1)) {
      var task = pool.submit(giving(1));
      assertThatThrownBy(() -> task.thenRun(nothing())).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> task.handle(nothing())).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> task.exceptionally(nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> task.whenComplete(nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> task.completeExceptionally(nothing()))
          .isInstanceOf(NullPointerException.class);
    }
  }
}
