package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.NotTransferableException;
import io.procession.Task;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteRunnable;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
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
    needs(PoolTrait.OWN_THREADS);
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
    needs(PoolTrait.OWN_THREADS);
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
    needs(PoolTrait.OWN_THREADS);
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
    needs(PoolTrait.OWN_THREADS);
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
    needs(PoolTrait.OWN_THREADS);
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
    needs(PoolTrait.OWN_THREADS);
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

  @Test
  void codeThatKnowsOnlyExecutorServiceRuns() throws Exception {
    try (ExecutorService executor = pool(2)) {
      Callable<Integer> travels = (Callable<Integer> & Serializable) () -> 6 * 7;
      assertThat(executor.submit(travels).get()).isEqualTo(42);
      assertThat(executor.invokeAll(List.of(travels, travels)))
          .extracting(Future::resultNow)
          .containsExactly(42, 42);
      assertThat(executor.invokeAny(List.of(travels))).isEqualTo(42);
      assertThat(executor.submit((Runnable & Serializable) () -> {}, "given").get())
          .isEqualTo("given");
    }
  }

  @Test
  void anExecutorCompletionServiceEitherWorksOrSaysWhatToDo() throws Exception {
    try (var pool = pool(1)) {
      var service = new ExecutorCompletionService<Integer>(pool);
      RemoteCallable<Integer> task = () -> 1;
      if (has(PoolTrait.COPIES)) {
        assertThatThrownBy(() -> service.submit(task))
            .isExactlyInstanceOf(NotTransferableException.class)
            .hasMessageContaining("pool.asCompleted(…)");
      } else {
        assertThat(service.submit(task)).isSameAs(service.take());
      }
    }
  }

  @Test
  void whatNeedNotTravelRunsHoweverItIsPassed() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeFalse(has(PoolTrait.COPIES));
    var ran = new CompletableFuture<Object>();
    var thing = new Object();
    try (var pool = pool(1)) {
      assertThat(pool.submit((Callable<Object>) () -> thing).get()).isSameAs(thing);
      assertThat(pool.submit(own -> own, thing).get()).isSameAs(thing);
      assertThat(pool.map(own -> own, List.of(thing)).getFirst()).isSameAs(thing);
      assertThat(CompletableFuture.supplyAsync(() -> thing, pool).get()).isSameAs(thing);
      pool.execute(() -> ran.complete(thing));
      assertThat(ran.get()).isSameAs(thing);
      var failure = new CheckedException("the very same");
      Task<Integer> failing =
          pool.submit(() -> {
            throw failure;
          });
      assertThatThrownBy(failing::get).cause().isSameAs(failure);
    }
  }
}
