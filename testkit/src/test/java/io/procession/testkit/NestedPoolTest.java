package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.ChildOutput;
import io.procession.ChildProcess;
import io.procession.Pool;
import io.procession.RetryPolicy;
import io.procession.Task;
import io.procession.TaskTimeoutException;
import io.procession.WorkerCrashedException;
import io.procession.function.RemoteCallable;
import io.procession.shared.SharedQueue;
import io.procession.testkit.contract.Flag;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools that travel: into their own tasks, and elsewhere. */
@NoLeaks
class NestedPoolTest {

  @TempDir Path directory = Path.of("");

  static int sumOfSquares(Pool pool, int n) {
    return pool.map(i -> i * i, IntStream.rangeClosed(1, n)).stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  static long fibonacci(Pool pool, int n) throws Exception {
    if (n < 2) {
      return n;
    }
    var one = pool.submit(() -> fibonacci(pool, n - 1));
    return fibonacci(pool, n - 2) + one.get();
  }

  @Test
  void aTaskUsesThePoolThatRunsIt() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      assertThat(pool.submit(() -> sumOfSquares(pool, 10)).get()).isEqualTo(385);
      assertThat(pool.map(n -> sumOfSquares(pool, n), List.of(1, 2, 3))).containsExactly(1, 5, 14);
    }
  }

  @Test
  void everyWayIntoThePoolWorksInATask() throws Exception {
    try (var pool = Pool.ofProcesses(2)) {
      var text =
          pool.submit(() -> {
            var all = new ArrayList<String>();
            all.add(pool.submit(n -> n + 1, 1).get().toString());
            all.add(pool.mapAsync(n -> n * 2, List.of(1, 2)).getLast().join().toString());
            all.add(pool.withRetries(1).withPriority(3).map(n -> -n, List.of(5)).toString());
            all.add(pool.invokeAny(List.of((RemoteCallable<String>) () -> "any")));
            for (Task<Integer> task : pool.asCompleted(pool.mapAsync(n -> n, List.of(9)))) {
              all.add(task.join().toString());
            }
            pool.forEach(n -> {}, IntStream.range(0, 1000));
            all.add(pool.offer(() -> 8, Duration.ofSeconds(1)).orElseThrow().get().toString());
            all.add(
                pool.offer(n -> n + 1, 8, Duration.ofSeconds(1)).orElseThrow().get().toString());
            all.add(String.valueOf(pool.isShutdown()) + pool.isTerminated());
            all.add(String.valueOf(pool.workers().size() >= 2));
            all.add(String.valueOf(pool.awaitTermination(1, TimeUnit.MILLISECONDS)));
            try (var view = pool.withRetries(2)) {
              all.add(String.valueOf(view.isShutdown()));
            }
            return String.join(" ", all);
          });
      assertThat(text.get()).isEqualTo("2 4 [-5] any 9 8 9 falsefalse true false false");
      assertThat(pool.isShutdown()).isFalse();
    }
  }

  @Test
  void failuresOfNestedTasksArriveAsThemselves() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      assertThatThrownBy(() ->
              pool.submit(() ->
                      pool.map(
                          n -> {
                            throw new IllegalStateException("item " + n);
                          },
                          List.of(4)))
                  .get())
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessage("item 4");
      assertThatThrownBy(() ->
              pool.submit(() ->
                      pool.submit(
                              () -> {
                                Runtime.getRuntime().halt(3);
                              })
                          .join())
                  .get())
          .hasCauseInstanceOf(WorkerCrashedException.class);
      assertThatThrownBy(() -> pool.submit(() -> pool.shutdown()).get())
          .hasCauseInstanceOf(UnsupportedOperationException.class);
      assertThat(pool.submit(() -> sumOfSquares(pool, 3)).get()).isEqualTo(14);
    }
  }

  @Test
  void recursionWorksUpToTheLimitAndThenShowsTheChain() throws Exception {
    try (var pool = Pool.builder().name("deep").workers(1).maxNested(3).build()) {
      assertThat(pool.submit(() -> depth(pool, 3)).get()).isEqualTo(3);
      assertThatThrownBy(() -> pool.submit(() -> depth(pool, 20)).get())
          .isInstanceOf(ExecutionException.class)
          .rootCause()
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageMatching(
              "(?s).*(task \\d+ in deep-worker-\\d+ \\(pid \\d+\\) > ){3}task.*maxNested=3");
      assertThat(pool.submit(() -> fibonacci(pool, 3)).get()).isEqualTo(2);
    }
  }

  static int depth(Pool pool, int left) throws Exception {
    return left == 0 ? 0 : 1 + pool.submit(() -> depth(pool, left - 1)).get();
  }

  @Test
  void manyTasksThatAllWaitForOthersEnd() throws Exception {
    try (var pool = Pool.builder().workers(2).build()) {
      var tasks = new ArrayList<Task<Integer>>();
      for (var i = 0; i < 60; i++) {
        tasks.add(pool.submit(() -> sumOfSquares(pool, 4)));
      }
      for (var task : tasks) {
        assertThat(task.get(2, TimeUnit.MINUTES)).isEqualTo(30);
      }
      Await.until(() -> pool.workers().size() <= 2, "the workers that were added have ended");
    }
  }

  @Test
  void tasksThatWaitForLongAreNotRefusedHoweverManyTheyAre() throws Exception {
    try (var pool = Pool.builder().workers(2).maxNested(2).build()) {
      var tasks =
          pool.mapAsync(
              n -> pool.submit(() -> slow(n)).get() + pool.submit(() -> slow(n)).get(),
              IntStream.range(0, 40));
      for (var n = 0; n < 40; n++) {
        assertThat(tasks.get(n).get(2, TimeUnit.MINUTES)).isEqualTo(2 * n);
      }
    }
  }

  static int slow(int n) throws InterruptedException {
    Thread.sleep(50);
    return n;
  }

  @Test
  void aTaskOfAnotherProcessLearnsItsNumberFromTheOwner() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var outer =
          pool.submit(() -> {
            var inner = pool.submit(() -> 1);
            inner.join();
            var failed = pool.submit(() -> Runtime.getRuntime().halt(3));
            var crash = failed.handle((_, failure) -> (WorkerCrashedException) failure).join();
            return List.of(inner.id(), failed.id(), crash.taskId());
          });
      assertThat(outer.get(2, TimeUnit.MINUTES)).containsExactly(2L, 3L, 3L);
      assertThat(outer.id()).isEqualTo(1);
    }
  }

  @Test
  void closingWaitsForWhatRunningTasksSubmit() throws Exception {
    Task<Integer> task;
    var go = Flag.in(directory, "go");
    try (var pool = Pool.ofProcesses(1)) {
      task =
          pool.submit(() -> {
            while (!go.isRaised()) {
              Thread.sleep(5);
            }
            return sumOfSquares(pool, 3);
          });
      pool.shutdown();
      go.raise();
    }
    assertThat(task.get()).isEqualTo(14);
  }

  @Test
  void whoDiesTakesItsNestedTasksAlong() throws Exception {
    var started = Flag.in(directory, "started");
    var never = Flag.in(directory, "never");
    try (var pool = Pool.ofProcesses(2)) {
      var outer =
          pool.submit(() -> {
            var _ =
                pool.submit(() -> {
                  started.raise();
                  while (!never.isRaised()) {
                    Thread.sleep(5);
                  }
                });
            while (!started.isRaised()) {
              Thread.sleep(5);
            }
            Runtime.getRuntime().halt(3);
          });
      assertThatThrownBy(outer::get).hasCauseInstanceOf(WorkerCrashedException.class);
      // Otherwise close() would wait for ever.
    }
  }

  @Test
  void cancellingANestedTaskEndsIt() throws Exception {
    var started = Flag.in(directory, "started");
    var never = Flag.in(directory, "never");
    try (var pool = Pool.ofProcesses(2)) {
      var result =
          pool.submit(() -> {
            var nested =
                pool.submit(() -> {
                  started.raise();
                  while (!never.isRaised()) {
                    Thread.sleep(5);
                  }
                });
            while (!started.isRaised()) {
              Thread.sleep(5);
            }
            return nested.cancel(true);
          });
      assertThat(result.get()).isTrue();
    }
  }

  @Test
  void aChildProcessUsesThePoolOfItsParent() throws Exception {
    try (var pool = Pool.ofProcesses(1);
        var results = SharedQueue.<Integer>create()) {
      var child =
          ChildProcess.builder()
              .output(ChildOutput.captured())
              .start(() -> results.put(sumOfSquares(pool, 5)));
      child.join();
      assertThat(child.output().errors()).isEmpty();
      assertThat(results.poll(Duration.ofMinutes(1))).isEqualTo(55);
    }
  }

  @Test
  void twoPoolsUseEachOther() throws Exception {
    try (var one = Pool.ofProcesses(1);
        var two = Pool.ofProcesses(1)) {
      var task =
          one.submit(() -> two.submit(() -> one.submit(() -> sumOfSquares(two, 3)).get()).get());
      assertThat(task.get(2, TimeUnit.MINUTES)).isEqualTo(14);
    }
  }

  static int there(Pool here, Pool there, int left) throws Exception {
    return left == 0 ? 0 : 1 + there.submit(() -> there(there, here, left - 1)).get();
  }

  @Test
  void recursionOverTwoPoolsWorksUpToTheLimitAndThenShowsTheChain() throws Exception {
    try (var one = Pool.builder().name("one").workers(1).maxNested(2).build();
        var two = Pool.builder().name("two").workers(1).maxNested(2).build()) {
      assertThat(one.submit(() -> there(one, two, 4)).get(2, TimeUnit.MINUTES)).isEqualTo(4);
      assertThatThrownBy(() -> one.submit(() -> there(one, two, 20)).get(2, TimeUnit.MINUTES))
          .isInstanceOf(ExecutionException.class)
          .rootCause()
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageMatching(
              "(?s).*task \\d+ in one-worker-\\d+ \\(pid \\d+\\) > task \\d+ in two-worker.*"
                  + "maxNested=2");
      assertThat(two.submit(() -> there(two, one, 4)).get(2, TimeUnit.MINUTES)).isEqualTo(4);
    }
  }

  @Test
  void manyTasksThatGoInACircleEnd() throws Exception {
    try (var one = Pool.builder().name("one").workers(2).maxNested(2).build();
        var two = Pool.builder().name("two").workers(1).maxNested(0).build()) {
      var tasks =
          one.mapAsync(
              n -> two.submit(() -> one.submit(() -> slow(n)).get()).get(), IntStream.range(0, 20));
      for (var n = 0; n < 20; n++) {
        assertThat(tasks.get(n).get(2, TimeUnit.MINUTES)).isEqualTo(n);
      }
    }
  }

  @Test
  void whatDescendsFromATaskUsesThePoolThatTheTaskHolds() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var own =
          pool.submit(() -> {
            try (var inner = Pool.ofProcesses(1)) {
              return inner.submit(() -> sumOfSquares(pool, 3)).get();
            }
          });
      assertThat(own.get(2, TimeUnit.MINUTES)).isEqualTo(14);
      var through =
          pool.submit(() -> {
            try (var results = SharedQueue.<Integer>create()) {
              ChildProcess.start(() -> results.put(sumOfSquares(pool, 3))).join();
              return results.take();
            }
          });
      assertThat(through.get(2, TimeUnit.MINUTES)).isEqualTo(14);
    }
  }

  @Test
  void thePoolOfAProcessThatDiedIsBroken() throws Exception {
    try (var pools = SharedQueue.<Pool>create()) {
      var never = Flag.in(directory, "never");
      var owner =
          ChildProcess.start(() -> {
            try (var pool = Pool.ofProcesses(1)) {
              pools.put(pool);
              while (!never.isRaised()) {
                Thread.sleep(5);
              }
            }
          });
      var pool = pools.take();
      assertThat(pool.submit(() -> 7).get()).isEqualTo(7);
      var open = pool.submit(() -> Thread.sleep(Long.MAX_VALUE));
      if ("portable".equals(System.getProperty("procession.os"))) {
        // What a killed process had in files stays until the next one starts.
        owner.terminate();
      } else {
        owner.kill();
      }
      assertThatThrownBy(() -> open.get(1, TimeUnit.MINUTES))
          .hasCauseInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("has died");
      assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
      owner.join();
    }
  }

  /** Is read only in the process that made it. */
  static final class OnlyHere implements Predicate<Throwable>, Serializable {

    @Serial private static final long serialVersionUID = 1L;

    private final long pid = ProcessHandle.current().pid();

    @Override
    public boolean test(Throwable failure) {
      return true;
    }

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (pid != ProcessHandle.current().pid()) {
        throw new InvalidObjectException("read elsewhere");
      }
    }
  }

  @Test
  void aRequestThatTheOwnerCannotReadFailsAloneAndEndsNothing() throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var task =
          pool.submit(() -> {
            var picky = pool.withRetries(RetryPolicy.times(1).when(new OnlyHere()));
            var message = "none";
            try {
              picky.submit(() -> 1).get();
            } catch (ExecutionException e) {
              message = String.valueOf(e.getCause());
            }
            return message + " " + sumOfSquares(pool, 3) + pool.isShutdown();
          });
      assertThat(task.get(2, TimeUnit.MINUTES)).contains("read elsewhere").endsWith(" 14false");
    }
  }

  @Test
  void aPoolWhoseOwnerIsStoppedMakesNobodyWaitForItsEnd() throws Exception {
    try (var pools = SharedQueue.<Pool>create()) {
      var never = Flag.in(directory, "never");
      var owner =
          ChildProcess.start(() -> {
            try (var pool = Pool.ofProcesses(1)) {
              pools.put(pool.withRetries(1));
              while (!never.isRaised()) {
                Thread.sleep(5);
              }
            }
          });
      var pool = pools.take();
      try {
        signal("STOP", owner);
        assertThat(pool.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
      } finally {
        signal("CONT", owner);
        never.raise();
        owner.join();
      }
      assertThat(pool.isTerminated()).isTrue();
    }
  }

  private static void signal(String name, ChildProcess process) throws Exception {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  @Test
  void aPoolThatHasTerminatedCannotTravel() {
    Pool ended;
    try (var pool = Pool.ofProcesses(1)) {
      ended = pool;
    }
    var gone = ended;
    try (var pool = Pool.ofProcesses(1)) {
      assertThatThrownBy(() -> pool.submit(() -> gone.map(n -> n, List.of(1))))
          .hasMessageContaining("has terminated");
    }
  }

  @Test
  void aDeadlineHoldsForNestedTasks() throws Exception {
    try (var pool = Pool.builder().workers(1).grace(Duration.ofMillis(100)).build()) {
      var outer =
          pool.submit(() -> {
            var inner =
                pool.withDeadline(Duration.ofMillis(500)).submit(() -> Thread.sleep(1_000_000));
            return inner.handle((_, failure) -> failure instanceof TaskTimeoutException).join();
          });
      assertThat(outer.get(2, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void anInlinePoolRunsAtHomeWhatOthersSubmit() throws Exception {
    try (var pool = Pool.inline();
        var others = Pool.ofProcesses(1)) {
      var there = others.submit(p -> p.submit(() -> ProcessHandle.current().pid()).get(), pool);
      assertThat(there.get(2, TimeUnit.MINUTES)).isEqualTo(ProcessHandle.current().pid());
      assertThat(others.submit(p -> sumOfSquares(p, 3), pool).get()).isEqualTo(14);
    }
  }
}
