package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.Task;
import io.procession.WorkerCrashedException;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.TaskLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers of a pool are killed while they run tasks. */
@NoLeaks
class WorkerKillTest {

  private static final int WORKERS = 4;
  private static final int CAPACITY = 2_000_000;
  private static final int ITEMS = 40;

  @TempDir Path directory;
  private long nextTask;

  @ParameterizedTest
  @ValueSource(ints = {0, 1000})
  void everyTaskEndsOnceAndFailsOnlyWithItsWorker(int retries) throws Exception {
    var file = directory.resolve("log").toString();
    try (var log = TaskLog.create(Path.of(file), CAPACITY);
        var all = Pool.builder().workers(WORKERS).build()) {
      var pool = all.withRetries(retries);
      var assassin = new Assassin(all, WORKERS, log, Settings.KILLS, 1, Settings.SEED);
      var ends = new Ends(all, assassin.killed());
      var thread = Thread.ofPlatform().name("assassin").start(assassin);
      var failedMaps = 0;
      try {
        while (!assassin.isDone()) {
          failedMaps += round(pool, file, ends, retries > 0);
        }
      } finally {
        thread.interrupt();
        thread.join();
      }
      ends.checkEachEndedOnce();

      System.out.printf(
          "%s, retries=%d: kills landed=%d, tasks=%d, crashed=%d, maps failed=%d, seed=%d%n",
          Settings.platform(),
          retries,
          assassin.landed(),
          nextTask,
          ends.crashes(),
          failedMaps,
          Settings.SEED);
      assertThat(assassin.landed()).isPositive().isGreaterThanOrEqualTo(Settings.KILLS);
      // A kill takes along the one call that ran, so nothing that only waited was failed.
      assertThat(ends.crashes()).isLessThanOrEqualTo(assassin.landed());
      if (retries == 0) {
        assertThat(ends.crashes()).isPositive();
        assertNoneStartedTwice(log);
      }
    }
  }

  /** Some tasks in each way; gives how many maps failed. */
  private int round(Pool pool, String log, Ends ends, boolean retried) throws Exception {
    var numbers = new ArrayList<Long>();
    var tasks = new ArrayList<Task<Long>>();
    for (var i = 0; i < ITEMS; i++) {
      var task = nextTask++;
      numbers.add(task);
      tasks.add(ends.watch(pool.submit(() -> Work.run(log, task))));
    }
    var items = next();
    numbers.addAll(items);
    for (var task : pool.mapAsync(item -> Work.run(log, item), items)) {
      tasks.add(ends.watch(task));
    }
    var failed = map(pool, log, ends, retried);
    for (var i = 0; i < tasks.size(); i++) {
      ends.await(tasks.get(i), Work.answer(numbers.get(i)), retried);
    }
    return failed;
  }

  private int map(Pool pool, String log, Ends ends, boolean retried) {
    var items = next();
    try {
      var results = pool.map(item -> Work.run(log, item), items);
      assertThat(results).isEqualTo(items.stream().map(Work::answer).toList());
      return 0;
    } catch (WorkerCrashedException crash) {
      assertThat(retried).as("%s", crash).isFalse();
      ends.crash(crash);
      return 1;
    }
  }

  private List<Long> next() {
    nextTask += ITEMS;
    return LongStream.range(nextTask - ITEMS, nextTask).boxed().toList();
  }

  private static void assertNoneStartedTwice(TaskLog log) {
    var starts =
        log.entries().stream()
            .collect(Collectors.groupingBy(TaskLog.Entry::task, Collectors.counting()));
    assertThat(starts.values()).allMatch(count -> count == 1);
  }
}
