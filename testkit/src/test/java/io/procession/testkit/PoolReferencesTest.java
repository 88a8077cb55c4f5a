package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.function.RemoteCallable;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A pool that lives long must not keep what it was given; after CPython's ExecutorTest. */
@NoLeaks
class PoolReferencesTest {

  private static void awaitGone(WeakReference<?> reference, String what) throws Exception {
    Await.until(
        () -> {
          System.gc();
          return reference.get() == null;
        },
        what + " is garbage");
  }

  private static WeakReference<?> argumentOfATask(Pool pool) {
    var argument = new int[] {1, 2, 3};
    assertThat(pool.submit(numbers -> numbers.length, argument).join()).isEqualTo(3);
    return new WeakReference<>(argument);
  }

  private static WeakReference<?> captureOfATask(Pool pool) {
    var captured = new int[] {1, 2, 3};
    RemoteCallable<Integer> task = () -> captured.length;
    assertThat(pool.submit(task).join()).isEqualTo(3);
    return new WeakReference<>(captured);
  }

  private static WeakReference<?> itemOfAMap(Pool pool) {
    var item = new int[] {1, 2, 3};
    assertThat(pool.map(numbers -> numbers.length, List.of(item))).containsExactly(3);
    return new WeakReference<>(item);
  }

  private static WeakReference<?> result(Pool pool) {
    return new WeakReference<>(pool.submit(() -> new int[] {1, 2, 3}).join());
  }

  private static WeakReference<?> failure(Pool pool) {
    var task =
        pool.submit(() -> {
          throw new IllegalStateException("as told");
        });
    return new WeakReference<>(task.handle((_, failure) -> failure).join());
  }

  @Test
  void nothingOfATaskThatHasEndedIsKept() throws Exception {
    try (var pool = Pool.ofProcesses(2)) {
      awaitGone(argumentOfATask(pool), "an argument");
      awaitGone(captureOfATask(pool), "a captured array");
      awaitGone(itemOfAMap(pool), "an item");
      awaitGone(result(pool), "a result");
      awaitGone(failure(pool), "a failure");
    }
  }
}
