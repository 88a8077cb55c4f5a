package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.NotTransferableException;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteRunnable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** {@code invokeAll}, {@code invokeAny} and {@code execute}, as the JDK has them. */
public abstract class PoolInvokeContract extends PoolContract {

  /** For subclasses. */
  protected PoolInvokeContract() {}

  private static RemoteCallable<Integer> giving(int value) {
    return () -> value;
  }

  private static RemoteCallable<Integer> failing(String message) {
    return () -> {
      throw new CheckedException(message);
    };
  }

  private static RemoteCallable<Integer> sleeping(Flag started) {
    return () -> {
      started.raiseAndSleep();
      return 0;
    };
  }

  @Test
  void invokeAllGivesFuturesThatAreDoneInTheOrderOfTheTasks() throws Exception {
    try (var pool = pool(2)) {
      var futures = pool.invokeAll(List.of(giving(1), failing("no"), giving(3)));
      assertThat(futures).allMatch(Future::isDone);
      assertThat(futures.get(0).get()).isEqualTo(1);
      assertThatThrownBy(futures.get(1)::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseExactlyInstanceOf(CheckedException.class);
      assertThat(futures.get(2).get()).isEqualTo(3);
      assertThat(pool.invokeAll(List.<RemoteCallable<Integer>>of())).isEmpty();
    }
  }

  @Test
  void invokeAllCancelsWhatHasNotEndedInTime() throws Exception {
    var started = flag("started");
    try (var pool = pool(1)) {
      assertThat(pool.submit(() -> 0).get()).isZero();
      var futures =
          pool.invokeAll(List.of(giving(1), sleeping(started), giving(3)), 2, TimeUnit.SECONDS);
      assertThat(futures).hasSize(3).allMatch(Future::isDone);
      assertThat(futures.get(0).get()).isEqualTo(1);
      assertThat(futures.get(1).isCancelled()).isTrue();
      assertThat(futures.get(2).isCancelled()).isTrue();
    }
  }

  @Test
  void invokeAllRefusesNullTasksAndCancelsTheOthers() throws Exception {
    var started = flag("started");
    try (var pool = pool(1)) {
      assertThatThrownBy(() ->
              pool.invokeAll(
                  Arrays.asList(
                      sleeping(started), PoolContract.<RemoteCallable<Integer>>nothing())))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(
              () -> pool.invokeAll(PoolContract.<List<RemoteCallable<Integer>>>nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThat(pool.submit(giving(1)).get()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptEndsInvokeAllAndItsTasks() throws Exception {
    var started = flag("started");
    try (var pool = pool(1)) {
      var seen = new CompletableFuture<Throwable>();
      var caller =
          Thread.ofPlatform()
              .start(() ->
                  seen.complete(catchThrowable(() -> pool.invokeAll(List.of(sleeping(started))))));
      started.await();
      caller.interrupt();
      assertThat(seen.get()).isInstanceOf(InterruptedException.class);
      assertThat(pool.submit(giving(1)).get()).isEqualTo(1);
      caller.join();
    }
  }

  @Test
  void invokeAnyGivesTheFirstSuccessAndCancelsTheLosers() throws Exception {
    var started = flag("started");
    try (var pool = pool(2)) {
      assertThat(pool.invokeAny(List.of(sleeping(started), failing("no"), giving(3)))).isEqualTo(3);
      // Both workers are free again.
      assertThat(pool.invokeAll(List.of(giving(1), giving(2)))).allMatch(Future::isDone);
    }
  }

  @Test
  void invokeAnyFailsIfAllFail() {
    try (var pool = pool(2)) {
      assertThatThrownBy(() -> pool.invokeAny(List.of(failing("a"), failing("b"))))
          .isExactlyInstanceOf(ExecutionException.class)
          .hasCauseExactlyInstanceOf(CheckedException.class);
    }
  }

  @Test
  void invokeAnyTimesOutAndCancels() throws Exception {
    var started = flag("started");
    try (var pool = pool(1)) {
      assertThatThrownBy(
              () -> pool.invokeAny(List.of(sleeping(started)), 50, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(pool.submit(giving(1)).get()).isEqualTo(1);
    }
  }

  @Test
  void invokeAnyRefusesNothingAndNull() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> pool.invokeAny(List.<RemoteCallable<Integer>>of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> pool.invokeAny(PoolContract.<List<RemoteCallable<Integer>>>nothing()))
          .isInstanceOf(NullPointerException.class);
      var withNull = new ArrayList<RemoteCallable<Integer>>();
      withNull.add(nothing());
      assertThatThrownBy(() -> pool.invokeAny(withNull)).isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void executeRunsWhatCanTravel() throws Exception {
    var ran = flag("ran");
    try (var pool = pool(1)) {
      pool.execute((RemoteRunnable) ran::raise);
      ran.await();
    }
  }

  @Test
  void executeOfAPlainRunnableSaysHowToPassIt() {
    needs(PoolTrait.COPIES);
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> pool.execute(() -> {}))
          .isExactlyInstanceOf(NotTransferableException.class)
          .hasMessageContaining("RemoteRunnable");
    }
  }

  @Test
  void theFailureOfAnExecutedTaskReachesTheUncaughtHandler() throws Exception {
    var seen = new CompletableFuture<Throwable>();
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> seen.complete(failure));
    try (var pool = pool(1)) {
      pool.execute(
          (RemoteRunnable)
              () -> {
                throw new IOException("nobody catches this");
              });
      assertThat(seen.get())
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("nobody catches this");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void theJdksOwnAsyncMethodsFailAtOnceAndSayWhatToDo() {
    needs(PoolTrait.COPIES);
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> 1, pool))
          .hasMessageContaining("use pool.submit(…)");
      assertThatThrownBy(() -> CompletableFuture.runAsync(() -> {}, pool))
          .hasMessageContaining("use pool.submit(…)");
      // Where the JDK calls execute later, its future has the failure.
      var later = CompletableFuture.completedFuture(1).thenApplyAsync(n -> n + 1, pool);
      assertThatThrownBy(later::join).hasMessageContaining("use pool.submit(…)");
    }
  }

  @Test
  void aCancelledTaskIsNoFailureForTheUncaughtHandler() throws Exception {
    var started = flag("started");
    var seen = new CompletableFuture<Throwable>();
    var before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> seen.complete(failure));
    try (var pool = pool(1)) {
      pool.execute((RemoteRunnable) started::raiseAndSpin);
      started.await();
      pool.terminate();
      assertThat(pool.isTerminated()).isTrue();
      assertThat(seen).isNotDone();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(seen.getNow(new CancellationException())).isInstanceOf(CancellationException.class);
  }
}
