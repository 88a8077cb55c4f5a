package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.Task;
import io.procession.WorkerInfo;
import io.procession.WorkerInfo.State;
import io.procession.shared.SharedSemaphore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How many workers a pool of processes has, and how long each serves. */
@NoLeaks
class PoolStaffTest {

  private static final long BOUND_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final int MILLION = 1_000_000;

  private static void await(Pool pool, Predicate<List<WorkerInfo>> wanted) throws Exception {
    var start = System.nanoTime();
    while (!wanted.test(pool.workers())) {
      assertThat(System.nanoTime() - start).as(pool.toString()).isLessThan(BOUND_NANOS);
      Thread.sleep(2);
    }
  }

  private static long count(List<WorkerInfo> workers, State... states) {
    return workers.stream().filter(worker -> Set.of(states).contains(worker.state())).count();
  }

  private static Predicate<List<WorkerInfo>> areUp(int workers) {
    return all -> all.size() == workers && count(all, State.IDLE) == workers;
  }

  private static Set<Long> pids(Pool pool) {
    return pool.workers().stream().map(WorkerInfo::pid).collect(Collectors.toSet());
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static long nap() throws InterruptedException {
    Thread.sleep(2);
    return pid();
  }

  private static int square(int n) {
    return n * n;
  }

  @Test
  void aMillionTasksThroughWorkersThatAreReplacedEvery20000() throws Exception {
    try (var pool = Pool.builder().workers(2).recycleAfterTasks(20_000).build()) {
      var squares = pool.map(PoolStaffTest::square, IntStream.range(0, MILLION));
      assertThat(squares).hasSize(MILLION);
      for (var n = 0; n < MILLION; n++) {
        assertThat((int) squares.get(n)).isEqualTo(n * n);
      }
      await(pool, areUp(2));
    }
  }

  @Test
  void threeThousandTasksThroughWorkersThatAreReplacedEvery10() throws Exception {
    var seen = new HashSet<Long>();
    try (var pool = Pool.builder().workers(2).spares(1).recycleAfterTasks(10).build()) {
      for (var batch = 0; batch < 30; batch++) {
        var tasks = IntStream.range(0, 100).mapToObj(_ -> pool.submit(() -> nap())).toList();
        for (var task : tasks) {
          seen.add(task.get());
        }
      }
      await(pool, all -> all.size() == 3 && count(all, State.IDLE) == 2);
    }
    assertThat(seen.size()).isGreaterThan(3);
  }

  @Test
  void aSuccessorIsUpBeforeTheOldOneGoesAndNobodyWaits() throws Exception {
    try (var pool = Pool.builder().workers(1).recycleAfterTasks(5).build()) {
      var first = pool.submit(() -> pid()).get();
      var last = first;
      var tasks = 1;
      while (last.equals(first)) {
        var workers = pool.workers();
        assertThat(count(workers, State.IDLE, State.BUSY)).isPositive();
        last = pool.submit(() -> pid()).get();
        tasks++;
      }
      assertThat(tasks).isGreaterThan(5);
      await(pool, areUp(1));
    }
  }

  @Test
  void aTaskThatRunsWhenItsWorkerIsDueEndsThere() throws Exception {
    try (var gate = SharedSemaphore.create(0);
        var pool = Pool.builder().workers(2).recycleAfterTasks(1).build()) {
      await(pool, areUp(2));
      var old = pids(pool);
      Task<Long> running =
          pool.submit(() -> {
            gate.acquire();
            return pid();
          });
      // Every worker but the blocked one comes and goes.
      var start = System.nanoTime();
      while (old.contains(pool.submit(() -> pid()).get())) {
        assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
      }
      gate.release();
      assertThat(old).contains(running.get());
    }
  }

  @Test
  void oneThatIsOldOrLargeIsReplaced() throws Exception {
    for (var builder :
        List.of(
            Pool.builder().recycleAfter(Duration.ofMillis(50)),
            Pool.builder().recycleAtBytes(1 << 20))) {
      try (var pool = builder.workers(1).build()) {
        var first = pool.submit(() -> pid()).get();
        var start = System.nanoTime();
        while (pool.submit(() -> pid()).get().equals(first)) {
          assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
          Thread.sleep(1);
        }
      }
    }
  }

  @Test
  void aSpareTakesThePlaceOfOneThatDied() throws Exception {
    try (var pool = Pool.builder().workers(1).spares(1).build()) {
      await(pool, all -> count(all, State.IDLE) == 1 && count(all, State.SPARE) == 1);
      var spare = pool.workers().stream().filter(each -> each.state() == State.SPARE).findFirst();
      var pid = spare.orElseThrow().pid();
      var crash = pool.submit(() -> Runtime.getRuntime().halt(3));
      assertThatThrownBy(crash::get).isNotNull();
      assertThat(pool.submit(() -> pid()).get()).isEqualTo(pid);
      await(pool, all -> count(all, State.IDLE) == 1 && count(all, State.SPARE) == 1);
    }
  }

  @Test
  void sparesRunNoTask() throws Exception {
    try (var pool = Pool.builder().workers(1).spares(2).build()) {
      await(pool, all -> count(all, State.SPARE) == 2);
      assertThat(new HashSet<>(pool.map(_ -> pid(), IntStream.range(0, 2000)))).hasSize(1);
      assertThat(pool.workers()).hasSize(3);
    }
  }

  @Test
  void aPoolGrowsAndShrinksWhileItWorks() throws Exception {
    try (var gate = SharedSemaphore.create(0);
        var pool = Pool.ofProcesses(1)) {
      var blocked = IntStream.range(0, 3).mapToObj(_ -> pool.submit(() -> gate.acquire())).toList();
      pool.resize(3);
      await(pool, all -> count(all, State.BUSY) == 3);
      pool.resize(1);
      // What runs goes on.
      assertThat(count(pool.workers(), State.BUSY)).isEqualTo(1);
      assertThat(count(pool.workers(), State.ENDING)).isEqualTo(2);
      var waiting = pool.submit(() -> 7);
      gate.release(3);
      for (var task : blocked) {
        task.get();
      }
      assertThat(waiting.get()).isEqualTo(7);
      await(pool, areUp(1));
      for (var size = 1; size <= 4; size++) {
        pool.resize(size);
        assertThat(pool.map(PoolStaffTest::square, IntStream.range(0, 100))).hasSize(100);
      }
      await(pool, areUp(4));
      pool.resize(1);
      await(pool, areUp(1));
      assertThatThrownBy(() -> pool.resize(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("workers=0");
      pool.shutdown();
      assertThatThrownBy(() -> pool.resize(2)).isInstanceOf(RejectedExecutionException.class);
    }
  }

  /** How often all threads of these processes gave their processor away so far. */
  private static long switches(Set<Long> pids) throws IOException {
    var total = 0L;
    for (var pid : pids) {
      try (var tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
        for (var task : tasks) {
          for (var line : Files.readAllLines(task.resolve("status"))) {
            if (line.startsWith("voluntary_ctxt_switches")) {
              total += Long.parseLong(line.replaceAll("\\D", ""));
            }
          }
        }
      }
    }
    return total;
  }

  @Test
  void idleWorkersHardlyWake() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/task")), "needs /proc");
    Assumptions.assumeFalse(
        "portable".equals(System.getProperty("procession.os")), "which looks all the time");
    try (var pool = Pool.ofProcesses(2)) {
      assertThat(pool.map(PoolStaffTest::square, IntStream.range(0, 100))).hasSize(100);
      await(pool, areUp(2));
      var pids = pids(pool);
      var start = System.nanoTime();
      while (true) {
        var before = switches(pids);
        Thread.sleep(2000);
        // Half of them are the JVM's own; it was 50 a second when each looked ten times a second.
        if (switches(pids) - before < 2 * 2 * 10) {
          break;
        }
        assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
      }
      // And they still hear at once.
      assertThat(pool.submit(() -> 7).get(1, TimeUnit.MINUTES)).isEqualTo(7);
    }
  }

  @Test
  void resizingMeanwhileLosesNothing() throws Exception {
    try (var pool =
        Pool.builder().workers(2).spares(1).recycleAfterTasks(50).initializer(() -> {}).build()) {
      var all = pool.mapAsync(PoolStaffTest::square, IntStream.range(0, 20_000));
      for (var round = 0; round < 20; round++) {
        pool.resize(1 + round % 4);
        Thread.sleep(20);
      }
      for (var n = 0; n < all.size(); n++) {
        assertThat((int) all.get(n).get()).isEqualTo(n * n);
      }
    }
  }

  @Test
  void whatADismissedWorkerLeavesIsRunAfterShutdown() throws Exception {
    var directory = Files.createTempDirectory("dismissed");
    try (var pool = Pool.ofProcesses(1)) {
      var name = directory.toString();
      var task = pool.withRetries(1).submit(() -> crashOnce(name));
      while (!Files.exists(directory.resolve("first"))) {
        Thread.sleep(1);
      }
      pool.resize(2);
      pool.resize(1);
      pool.shutdown();
      Files.createFile(directory.resolve("go"));
      assertThat(task.get(2, TimeUnit.MINUTES)).isEqualTo(2);
    } finally {
      for (var file : List.of("first", "go")) {
        Files.deleteIfExists(directory.resolve(file));
      }
      Files.delete(directory);
    }
  }

  private static int crashOnce(String directory) throws Exception {
    if (Files.exists(Path.of(directory, "first"))) {
      return 2;
    }
    Files.createFile(Path.of(directory, "first"));
    while (!Files.exists(Path.of(directory, "go"))) {
      Thread.sleep(1);
    }
    Runtime.getRuntime().halt(3);
    return 1;
  }
}
