package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.NotTransferableException;
import io.procession.Pool;
import io.procession.PoolBrokenException;
import io.procession.PoolListener;
import io.procession.Task;
import io.procession.TaskTimeoutException;
import io.procession.WorkerCrashedException;
import io.procession.WorkerInfo;
import io.procession.WorkerStacks;
import io.procession.shared.SharedLong;
import io.procession.status.PoolStatus;
import io.procession.status.WorkerStatus;
import io.procession.testkit.contract.Flag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool lets be seen of itself. */
@NoLeaks
class PoolSightTest {

  @TempDir Path directory = Path.of("");

  @Test
  void aWorkerTellsWhatItRunsAndSinceWhen() throws Exception {
    var go = Flag.in(directory, "go");
    var before = Instant.now().minusSeconds(1);
    try (var pool = Pool.ofProcesses(1)) {
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      assertThat(pool.workers().getFirst().task()).isZero();
      assertThat(pool.workers().getFirst().taskSince()).isNull();
      var task =
          pool.submit(() -> {
            while (!go.isRaised()) {
              Thread.sleep(5);
            }
          });
      Await.until(() -> pool.workers().getFirst().task() != 0, "the task has started");
      var worker = pool.workers().getFirst();
      assertThat(worker.task()).isEqualTo(2);
      assertThat(worker.taskSince()).isBetween(before, Instant.now());
      assertThat(worker.started()).isBetween(before, worker.taskSince());
      assertThat(worker.state()).isEqualTo(WorkerInfo.State.BUSY);
      assertThat(worker.tasksDone()).isEqualTo(1);
      assertThat(worker.residentBytes()).isBetween(10L << 20, 4L << 30);
      go.raise();
      task.get();
    }
  }

  /** Writes down what it hears, and fails now and then. */
  private static final class Diary implements PoolListener {
    final List<String> entries = new CopyOnWriteArrayList<>();
    final CountDownLatch end = new CountDownLatch(1);

    @Override
    public void workerStarted(WorkerInfo worker) {
      entries.add("started " + worker.name());
      throw new IllegalStateException("a listener that fails");
    }

    @Override
    public void workerEnded(WorkerInfo worker) {
      entries.add("ended " + worker.name());
    }

    @Override
    public void workerCrashed(WorkerInfo worker, WorkerCrashedException crash) {
      entries.add(
          "crashed %s exitCode=%d task=%d"
              .formatted(worker.name(), crash.exitCode(), crash.taskId()));
    }

    @Override
    public void taskEnded(long task, String worker, boolean failed) {
      entries.add("task %d %s %b".formatted(task, worker, failed));
    }

    @Override
    public void poolBroken(PoolBrokenException cause) {
      entries.add("broken");
    }

    @Override
    public void poolTerminated() {
      entries.add("terminated");
      end.countDown();
    }
  }

  @Test
  void aListenerHearsOfAllThatHappensInItsOrder() throws Exception {
    var diary = new Diary();
    try (var pool = Pool.builder().name("p").workers(1).listener(diary).build()) {
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      assertThatThrownBy(() ->
              pool.submit(
                      () -> {
                        throw new IOException("no");
                      })
                  .get())
          .hasCauseInstanceOf(IOException.class);
      assertThatThrownBy(() -> pool.submit(() -> Runtime.getRuntime().halt(3)).get())
          .hasCauseInstanceOf(WorkerCrashedException.class);
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
    diary.end.await();
    assertThat(diary.entries)
        .containsExactly(
            "started p-worker-1",
            "task 1 p-worker-1 false",
            "task 2 p-worker-1 true",
            "crashed p-worker-1 exitCode=3 task=3",
            "started p-worker-2",
            "task 4 p-worker-2 false",
            "ended p-worker-2",
            "terminated");
  }

  @Test
  void aTaskHasOneNumberWhereverItIsNamed() throws Exception {
    var started = Flag.in(directory, "started");
    var diary = new Diary();
    var file = directory.resolve("pool.status");
    var recorded = directory.resolve("recording.jfr");
    long ended;
    long overdue;
    try (var recording = new Recording();
        var pool =
            Pool.builder()
                .name("p")
                .workers(1)
                .listener(diary)
                .status(file)
                .grace(Duration.ofMillis(50))
                .build()) {
      recording.enable("io.procession.Task");
      recording.start();
      var tasks = pool.mapAsync(n -> n, List.of(1, 2, 3));
      tasks.forEach(Task::join);
      assertThat(tasks).extracting(Task::id).containsExactly(1L, 2L, 3L);
      assertThat(pool.map(n -> n, List.of(1, 2))).hasSize(2); // they have numbers, too
      var last = pool.submit(() -> 1);
      last.join();
      ended = last.id();
      assertThat(ended).isEqualTo(6);
      var crash = pool.submit(() -> Runtime.getRuntime().halt(3));
      assertThatThrownBy(crash::get)
          .cause()
          .isInstanceOfSatisfying(
              WorkerCrashedException.class, e -> assertThat(e.taskId()).isEqualTo(crash.id()));
      var late = pool.withTimeout(Duration.ofMillis(50)).submit(() -> Thread.sleep(Long.MAX_VALUE));
      assertThatThrownBy(late::get)
          .cause()
          .isInstanceOfSatisfying(
              TaskTimeoutException.class, e -> assertThat(e.taskId()).isEqualTo(late.id()));
      overdue = late.id();
      var running = pool.submit(() -> started.raiseAndSleep());
      started.await();
      assertThat(pool.workers()).extracting(WorkerInfo::task).containsExactly(running.id());
      assertThat(pool.dumpWorkers()).extracting(WorkerStacks::task).containsExactly(running.id());
      Await.until(
          () ->
              PoolStatus.read(file).workers().stream()
                  .anyMatch(worker -> worker.task() == running.id()),
          "the status file names the task");
      assertThat(running.cancel(true)).isTrue();
      assertThatThrownBy(() -> pool.submit(() -> recording.getId()))
          .isInstanceOf(NotTransferableException.class);
      assertThat(pool.submit(() -> 1).id()).isEqualTo(running.id() + 1);
      recording.stop();
      recording.dump(recorded);
    }
    diary.end.await();
    assertThat(diary.entries).contains("task %d p-worker-1 false".formatted(ended));
    assertThat(overdue).isEqualTo(8);
    assertThat(named(RecordingFile.readAllEvents(recorded), "io.procession.Task"))
        .extracting(event -> event.getLong("task"))
        .contains(1L, 2L, 3L, ended);
  }

  @Test
  void aListenerHearsThatThePoolBroke() throws Exception {
    var diary = new Diary();
    try (var pool =
        Pool.builder()
            .workers(1)
            .initializer(() -> {
              throw new IllegalStateException("no database here");
            })
            .listener(diary)
            .build()) {
      Await.until(pool::isTerminated, "the pool has ended");
    }
    diary.end.await();
    assertThat(diary.entries).contains("broken").last().isEqualTo("terminated");
  }

  @Test
  void aListenerThatBlocksHoldsUpNothingAndIsToldWhatItMissed() throws Exception {
    var go = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var missed = new CopyOnWriteArrayList<Long>();
    var told = new CopyOnWriteArrayList<Long>();
    var slow =
        new PoolListener() {
          @Override
          public void workerStarted(WorkerInfo worker) {
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }

          @Override
          public void taskEnded(long task, String worker, boolean failed) {
            if (task % 1000 == 0) {
              told.add(task);
            }
          }

          @Override
          public void missed(long calls) {
            missed.add(calls);
          }

          @Override
          public void poolTerminated() {
            end.countDown();
          }
        };
    try (var pool = Pool.builder().workers(2).listener(slow).build()) {
      assertThat(pool.map(n -> n, IntStream.range(0, 50_000))).hasSize(50_000);
    }
    go.countDown();
    end.await();
    assertThat(missed.stream().mapToLong(Long::longValue).sum()).isBetween(39_000L, 41_000L);
    assertThat(told).isNotEmpty();
  }

  @Test
  void aStatusFileTellsWhatThePoolDoesAlsoWhenItIsDead() throws Exception {
    var file = directory.resolve("pool.status");
    var script = directory.resolve("Owner.java");
    Files.writeString(
        script,
        """
        import io.procession.*;
        void main(String[] arguments) throws Exception {
          var file = java.nio.file.Path.of(arguments[0]);
          try (var pool = Pool.builder().name("watched").workers(2).status(file).build()) {
            pool.map(n -> n, java.util.stream.IntStream.range(0, 100));
            try {
              pool.submit(() -> { Runtime.getRuntime().halt(3); }).get();
            } catch (java.util.concurrent.ExecutionException e) {
              IO.println("crashed");
            }
            for (var i = 0; i < 5; i++) {
              pool.submit(() -> { Thread.sleep(1_000_000); });
            }
            Thread.sleep(1_000_000);
          }
        }
        """);
    try (var owner = Programs.script(script).arguments(file.toString()).start()) {
      owner.awaitOutput(text -> text.contains("crashed"));
      Await.until(
          () -> Files.exists(file) && busy(PoolStatus.read(file)) == 2, "two tasks were seen");
      var status = PoolStatus.read(file);
      assertThat(status.pool()).isEqualTo("watched");
      assertThat(status.pid()).isEqualTo(owner.pid());
      assertThat(status.state()).isEqualTo("RUNNING");
      assertThat(status.tasksDone()).isEqualTo(100);
      assertThat(status.tasksFailed()).isZero();
      assertThat(status.crashes()).isEqualTo(1);
      assertThat(status.waiting()).isEqualTo(3);
      assertThat(status.bytesInFlight()).isPositive();
      owner.signal("KILL");
      owner.await();
      assertThat(PoolStatus.read(file).workers())
          .hasSize(2)
          .extracting(WorkerStatus::state)
          .containsOnly("BUSY");
    }
    // Where shared memory is files, the next process that makes some sweeps those of the dead.
    SharedLong.create(0).close();
  }

  private static long busy(PoolStatus status) {
    return status.workers().stream().filter(worker -> worker.task() != 0).count();
  }

  @Test
  void aStatusFileIsReadWhileItIsWritten() throws Exception {
    var file = directory.resolve("pool.status");
    try (var pool = Pool.builder().workers(1).status(file).build()) {
      var last = Instant.MIN;
      var texts = 0;
      while (texts < 4) {
        var status = PoolStatus.read(file);
        assertThat(status.written()).isAfterOrEqualTo(last);
        if (status.written().isAfter(last)) {
          texts++;
          last = status.written();
        }
      }
      assertThat(pool.isShutdown()).isFalse();
    }
    Await.until(() -> PoolStatus.read(file).state().equals("TERMINATED"), "the end is in the file");
    assertThat(PoolStatus.read(file).workers()).isEmpty();
  }

  @Test
  void whatIsNoStatusFileIsRefused() throws Exception {
    var none = directory.resolve("none");
    assertThatThrownBy(() -> PoolStatus.read(none)).isInstanceOf(NoSuchFileException.class);
    var other = Files.writeString(directory.resolve("other"), "x".repeat(256 << 10));
    assertThatThrownBy(() -> PoolStatus.read(other))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("file=" + other);
    assertThatThrownBy(() -> Pool.builder().workers(1).status(none.resolve("no folder")).build())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("no folder");
  }

  @Test
  void theFlightRecorderHasTasksWorkersAndWhatWaits() throws Exception {
    var file = directory.resolve("recording.jfr");
    try (var recording = new Recording()) {
      recording.enable("io.procession.Task");
      recording.enable("io.procession.Worker");
      recording.enable("io.procession.Queue").withPeriod(Duration.ofMillis(20));
      recording.start();
      try (var pool = Pool.builder().name("p").workers(1).build()) {
        assertThat(pool.map(n -> n, IntStream.range(0, 50))).hasSize(50);
        // A period of the recorder's own goes by.
        var seen = System.nanoTime();
        while (System.nanoTime() - seen < Duration.ofSeconds(1).toNanos()) {
          Thread.sleep(20);
        }
      }
      recording.stop();
      recording.dump(file);
    }
    var events = RecordingFile.readAllEvents(file);
    assertThat(named(events, "io.procession.Task"))
        .hasSize(50)
        .allSatisfy(event -> {
          assertThat(event.getString("pool")).isEqualTo("p");
          assertThat(event.getString("worker")).isEqualTo("p-worker-1");
          assertThat(event.getBoolean("failed")).isFalse();
        });
    assertThat(named(events, "io.procession.Worker"))
        .extracting(event -> event.getString("what"))
        .containsExactly("started", "ended");
    assertThat(named(events, "io.procession.Queue")).isNotEmpty();
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
  }
}
