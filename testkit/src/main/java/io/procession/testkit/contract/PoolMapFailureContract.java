package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.NotTransferableException;
import io.procession.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code Pool.map}, {@code forEach} and {@code mapAsync}, when something fails. */
public abstract class PoolMapFailureContract extends PoolContract {

  /** For subclasses. */
  protected PoolMapFailureContract() {}

  @Test
  void theFirstFailureInInputOrderIsThrownOnceAllOthersAreSettled() {
    needs(PoolTrait.OWN_THREADS);
    var later = flag("later");
    var end = flag("end");
    try (var pool = pool(2).withChunkSize(1)) {
      var failure =
          catchThrowable(() ->
              pool.map(
                  n -> {
                    switch (n) {
                      case 0 -> later.await();
                      case 1 -> {
                        later.raise();
                        throw new IllegalStateException("failed later in the input, but first");
                      }
                      case 9 -> end.raise();
                      default -> {}
                    }
                    if (n == 0) {
                      throw new IllegalArgumentException("failed first in the input");
                    }
                    return n;
                  },
                  IntStream.range(0, 10)));
      assertThat(failure)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("failed first in the input");
      assertThat(end.isRaised()).isTrue();
      pool.terminate();
    }
  }

  @Test
  void aCheckedExceptionComesInACompletionException() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() ->
              pool.map(
                  n -> {
                    throw new CheckedException("no " + n);
                  },
                  List.of(1)))
          .isExactlyInstanceOf(CompletionException.class)
          .cause()
          .isExactlyInstanceOf(CheckedException.class)
          .hasMessage("no 1");
      assertThatThrownBy(() ->
              pool.forEach(
                  n -> {
                    throw new IOException("no " + n);
                  },
                  List.of(1)))
          .isExactlyInstanceOf(CompletionException.class)
          .hasCauseExactlyInstanceOf(IOException.class);
    }
  }

  @Test
  void anErrorComesAsItself() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() ->
              pool.map(
                  n -> {
                    throw new AssertionError("no " + n);
                  },
                  List.of(1)))
          .isExactlyInstanceOf(AssertionError.class)
          .hasMessage("no 1");
    }
  }

  @Test
  void mapAsyncGivesEveryOutcome() throws Exception {
    try (var pool = pool(2)) {
      var tasks =
          pool.mapAsync(
              n -> {
                if (n % 2 == 1) {
                  throw new CheckedException("odd " + n);
                }
                return n * 10;
              },
              IntStream.range(0, 100));
      assertThat(tasks).hasSize(100);
      for (var n = 0; n < 100; n++) {
        var task = tasks.get(n);
        if (n % 2 == 0) {
          assertThat(task.get()).isEqualTo(n * 10);
        } else {
          assertThatThrownBy(task::get)
              .isInstanceOf(ExecutionException.class)
              .hasRootCauseExactlyInstanceOf(CheckedException.class)
              .hasRootCauseMessage("odd " + n);
        }
      }
    }
  }

  @Test
  void mapAsyncDoesNotWait() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(1)) {
      var tasks =
          pool.mapAsync(
              n -> {
                go.await();
                return n;
              },
              new Integer[] {1, 2});
      assertThat(tasks).noneMatch(Future::isDone);
      go.raise();
      assertThat(tasks.stream().map(CompletableFuture::join).toList()).containsExactly(1, 2);
    }
  }

  @Test
  void anItemThatCannotTravelFailsWithItsPathAndTheOthersAreSettled() {
    needs(PoolTrait.COPIES);
    var settled = flag("settled");
    var items = List.<Object>of(1, new Rooted(), 3);
    try (var pool = pool(1)) {
      assertThatThrownBy(() ->
              pool.map(
                  item -> {
                    if (item.equals(3)) {
                      settled.raise();
                    }
                    return 0;
                  },
                  items))
          .isExactlyInstanceOf(NotTransferableException.class)
          .hasMessageContaining("Rooted");
      assertThat(settled.isRaised()).isTrue();

      List<Task<String>> tasks = pool.mapAsync(item -> item + "!", items);
      assertThat(tasks.get(0).join()).isEqualTo("1!");
      assertThatThrownBy(tasks.get(1)::join).hasCauseInstanceOf(NotTransferableException.class);
      assertThat(tasks.get(2).join()).isEqualTo("3!");
    }
  }

  @Test
  void aFunctionThatCannotTravelFailsBeforeTheInputIsTouched() {
    needs(PoolTrait.COPIES);
    var rooted = new Rooted();
    var touched = new ArrayList<Integer>();
    Iterable<Integer> items = () -> IntStream.range(0, 3).peek(touched::add).iterator();
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> pool.map(n -> rooted.hashCode() + n, items))
          .isInstanceOf(NotTransferableException.class)
          .hasMessageContaining("Rooted");
      assertThat(touched).isEmpty();
    }
  }

  @Test
  void aResultThatCannotTravelFailsItsOwnItemOnly() {
    needs(PoolTrait.COPIES);
    try (var pool = pool(1)) {
      var tasks = pool.<Integer, Object>mapAsync(n -> n == 1 ? new Rooted() : n, List.of(0, 1, 2));
      assertThat(tasks.get(0).join()).isEqualTo(0);
      assertThatThrownBy(tasks.get(1)::join)
          .hasCauseInstanceOf(NotTransferableException.class)
          .hasMessageContaining("Rooted");
      assertThat(tasks.get(2).join()).isEqualTo(2);
    }
  }

  @Test
  void anInputThatThrowsEndsTheMapWithItsException() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() -> pool.map(n -> n, (Iterable<Integer>) Failing::new))
          .isExactlyInstanceOf(NoSuchElementException.class)
          .hasMessage("the input broke");
      assertThatThrownBy(() -> pool.mapAsync(n -> n, (Iterable<Integer>) Failing::new))
          .isExactlyInstanceOf(NoSuchElementException.class);
      // What had been submitted is gone, and the pool goes on.
      assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
    }
  }

  /** Gives 40 numbers and then throws. */
  private static final class Failing implements Iterator<Integer> {
    private int next;

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Integer next() {
      if (next == 40) {
        throw new NoSuchElementException("the input broke");
      }
      return next++;
    }
  }

  @Test
  void anInterruptOfTheCallerEndsTheMap() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var outcome = new CompletableFuture<Throwable>();
    var flagLeft = new CompletableFuture<Boolean>();
    try (var pool = pool(1)) {
      var caller =
          Thread.ofPlatform()
              .start(() -> {
                outcome.complete(
                    catchThrowable(() ->
                        pool.map(
                            n -> {
                              started.raiseAndSleep();
                              return n;
                            },
                            List.of(1, 2, 3))));
                flagLeft.complete(Thread.currentThread().isInterrupted());
              });
      started.await();
      caller.interrupt();

      assertThat(outcome.get()).isInstanceOf(CancellationException.class);
      assertThat(flagLeft.get()).isTrue();
      assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
      caller.join();
    }
  }

  @Test
  void aCallerThatIsInterruptedBeforeIsToldSo() {
    needs(PoolTrait.OWN_THREADS); // else the interrupt is the task's
    try (var pool = pool(1)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() ->
              pool.map(
                  n -> {
                    Thread.sleep(600_000);
                    return n;
                  },
                  List.of(1)))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
