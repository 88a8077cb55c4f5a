package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.Task;
import io.procession.WorkerCrashedException;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.TaskLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that can happen to a pool happens at random, and each task ends once all the same. */
@NoLeaks
class ChaosTest {

  private static final int MOST_WORKERS = 5;
  private static final int TASKS_PER_SECOND = 5000; // more than there can be
  private static final int TASKS = 40;
  private static final int HEAP_BYTES = 48 << 20;
  private static final int MEMORY_BYTES = 256 << 20;
  private static final Duration GRACE = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofMillis(50);
  private static final int TASKS_PER_WORKER = 100;
  private static final Duration LIFE_OF_WORKER = Duration.ofSeconds(5);
  private static final int DEATHS_PER_SECOND = 1000; // never too many
  private static final int PATIENCE_SECONDS = 120;
  private static final int LONGEST_PAUSE_MILLIS = 30;
  private static final int MERCY_MILLIS = 500;
  private static final int RETRIES = 2;
  private static final int KILLED_EXIT_CODE = 137;

  @TempDir Path directory;
  private final Random random = new Random(Settings.SEED);
  private final Map<Deed, Integer> ends = new EnumMap<>(Deed.class);
  private final BitSet onlyOnce = new BitSet();
  private int nextTask;
  private int crashed;

  /** A task, and what is to be held against it. */
  private record Submitted(Deed deed, long number, boolean retried, Task<Long> task) {}

  @Test
  void eachTaskEndsOnceAsItMust() throws Exception {
    var crashes = Files.createDirectory(directory.resolve("crashes"));
    var file = directory.resolve("log").toString();
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Settings.CHAOS_SECONDS);
    System.out.printf("%s, chaos: seed=%d%n", Settings.platform(), Settings.SEED);
    try (var log = TaskLog.create(Path.of(file), TASKS_PER_SECOND * (Settings.CHAOS_SECONDS + 10));
        var pool =
            Pool.builder()
                .workers(MOST_WORKERS)
                .heapBytes(HEAP_BYTES)
                .memoryBytes(MEMORY_BYTES)
                .grace(GRACE)
                .recycleAfterTasks(TASKS_PER_WORKER)
                .recycleAfter(LIFE_OF_WORKER)
                .restartIntensity(DEATHS_PER_SECOND, Duration.ofSeconds(1))
                .directory(crashes)
                .jvmArguments("-XX:-CreateCoredumpOnCrash")
                .build()) {
      var assassin = new Assassin(pool, 1, log, Integer.MAX_VALUE, MERCY_MILLIS, Settings.SEED);
      var stopper = new Stopper(pool, Settings.SEED);
      var watch = new Ends(pool, assassin.killed());
      var threads =
          List.of(
              Thread.ofPlatform().name("assassin").start(assassin),
              Thread.ofPlatform().name("stopper").start(stopper));
      try {
        do {
          round(pool, file, watch, assassin);
          watch.checkEachEndedOnce();
        } while (System.nanoTime() - deadline < 0);
      } finally {
        for (var thread : threads) {
          thread.interrupt();
          thread.join();
        }
      }
      pool.shutdown();
      var ended = pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
      var last = pool.toString();
      pool.terminate();
      assertThat(ended).as(last).isTrue();
      System.out.printf(
          "%s, chaos: tasks=%d, kills landed=%d, crashed by them=%d, stops=%d, ended as they"
              + " must=%s%n",
          Settings.platform(), nextTask, assassin.landed(), crashed, stopper.landed(), ends);
      assertThat(assassin.landed()).isPositive();
      assertThat(stopper.landed()).isPositive();
      assertNoneStartedTwice(log);
    }
  }

  private void assertNoneStartedTwice(TaskLog log) {
    var started = new BitSet();
    for (var entry : log.entries()) {
      var task = (int) entry.task();
      assertThat(onlyOnce.get(task) && started.get(task)).as("task %d ran twice", task).isFalse();
      started.set(task);
    }
  }

  private void round(Pool pool, String log, Ends watch, Assassin assassin) throws Exception {
    pool.resize(1 + random.nextInt(MOST_WORKERS));
    var submitted = new ArrayList<Submitted>();
    for (var i = 0; i < TASKS; i++) {
      submitted.add(submit(pool, log, watch));
    }
    var items = next();
    var many = pool.withRetries(RETRIES).mapAsync(item -> Work.run(log, item), items);
    for (var i = 0; i < TASKS; i++) {
      var deed = random.nextInt(10) == 0 ? Deed.DROPPED : Deed.ANSWER;
      submitted.add(new Submitted(deed, items.get(i), true, watch.watch(many.get(i))));
    }
    Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
    for (var each : submitted) {
      switch (each.deed) {
        case SLEEP, RESIST -> each.task.cancel(true);
        case DROPPED -> each.task.cancel(false);
        default -> {}
      }
    }
    switch (random.nextInt(3)) {
      case 0 -> assertAnswers(assassin, all -> pool.map(item -> Work.run(log, item), all));
      case 1 ->
          assertAnswers(assassin, all -> pool.stream(item -> Work.run(log, item), all).toList());
      default -> {}
    }
    for (var each : submitted) {
      await(each, pool, assassin);
    }
  }

  private Submitted submit(Pool pool, String log, Ends watch) {
    var number = nextTask++;
    var deed = choose();
    var retried = random.nextBoolean();
    var view = retried ? pool.withRetries(RETRIES) : pool;
    view = deed.isEndless() ? view.withTimeout(TIMEOUT) : view;
    onlyOnce.set(number, !retried);
    var task = watch.watch(view.submit(() -> Deed.run(deed, log, number)));
    if (deed == Deed.LINGER) {
      var _ = task.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
    return new Submitted(deed, number, retried, task);
  }

  private Deed choose() {
    var all = Stream.of(Deed.values()).mapToInt(Deed::weight).sum();
    var left = random.nextInt(all);
    for (var deed : Deed.values()) {
      left -= deed.weight();
      if (left < 0) {
        return deed;
      }
    }
    throw new AssertionError("the weights do not add up");
  }

  private List<Long> next() {
    var first = nextTask;
    nextTask += TASKS;
    return LongStream.range(first, nextTask).boxed().toList();
  }

  private void assertAnswers(Assassin assassin, UnaryOperator<List<Long>> call) {
    var items = next();
    try {
      assertThat(call.apply(items)).isEqualTo(items.stream().map(Work::answer).toList());
    } catch (WorkerCrashedException crash) {
      assertKilled(crash, assassin);
    }
  }

  private void await(Submitted each, Pool pool, Assassin assassin) throws InterruptedException {
    Throwable failure;
    try {
      assertThat(each.task.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo(Work.answer(each.number));
      assertThat(each.deed).isIn(Deed.ANSWER, Deed.DROPPED);
      ends.merge(each.deed, 1, Integer::sum);
      return;
    } catch (CancellationException cancelled) {
      failure = cancelled;
    } catch (ExecutionException failed) {
      failure = failed.getCause();
    } catch (TimeoutException never) {
      throw new AssertionError("a task did not end; " + each + " " + pool.workers(), never);
    }
    if (each.deed.isEnd(failure)) {
      ends.merge(each.deed, 1, Integer::sum);
    } else if (failure instanceof WorkerCrashedException crash) {
      if (each.deed == Deed.EXIT) {
        // It may be killed while it exits; nothing tells that from an exit with this code.
        assertThat(crash.exitCode()).isEqualTo(KILLED_EXIT_CODE);
        assertThat(assassin.killed()).contains(crash.pid());
      } else {
        assertKilled(crash, assassin);
      }
      crashed++;
    } else {
      throw new AssertionError("a task must not end like this; " + each, failure);
    }
  }

  private static void assertKilled(WorkerCrashedException crash, Assassin assassin) {
    assertThat(assassin.killed()).as("%s", crash).contains(crash.pid());
    assertThat(crash.signal()).as("%s", crash).contains("SIGKILL");
  }
}
