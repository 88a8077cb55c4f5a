package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.NotTransferableException;
import io.procession.Pool;
import io.procession.PoolBrokenException;
import io.procession.PoolBuilder;
import io.procession.TaskTimeoutException;
import io.procession.WorkerInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is peculiar to pools whose workers are threads. */
@NoLeaks
class PoolEngineTest {

  enum Engine {
    THREADS,
    VIRTUAL_THREADS,
    INLINE;

    PoolBuilder builder() {
      var builder = Pool.builder();
      return switch (this) {
        case THREADS -> builder.threads();
        case VIRTUAL_THREADS -> builder.virtualThreads();
        case INLINE -> builder.inline();
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void optionsOfProcessesAreRefusedByName(Engine engine) {
    assertThatThrownBy(() -> engine.builder().heapBytes(64 << 20).directory(Path.of("/")).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("threads of this process")
        .hasMessageEndingWith("options=[directory, heapBytes]");
    assertThatThrownBy(() -> engine.builder().jvmArguments("-Xss1m").environment("a", "b").build())
        .hasMessageEndingWith("options=[environment, jvmArguments]");
  }

  @Test
  void aPoolInTheCallingThreadHasNoNumberOfWorkers() {
    assertThatThrownBy(() -> Pool.builder().inline().workers(2).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("engine=inline workers=2");
    assertThatThrownBy(() -> Pool.ofThreads(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theFactoriesGiveTheirKindsOfThreads() throws Exception {
    try (var threads = Pool.ofThreads();
        var virtual = Pool.ofVirtualThreads();
        var inline = Pool.inline()) {
      assertThat(threads.submit(() -> Thread.currentThread().isVirtual()).get()).isFalse();
      assertThat(threads.submit(() -> Thread.currentThread().isDaemon()).get()).isTrue();
      assertThat(threads.workers()).hasSize(Runtime.getRuntime().availableProcessors());
      assertThat(virtual.submit(() -> Thread.currentThread().isVirtual()).get()).isTrue();
      assertThat(virtual.workers()).hasSize(256);
      assertThat(inline.submit(Thread::currentThread).get()).isSameAs(Thread.currentThread());
      assertThat(inline.workers()).isEmpty();
      assertThat(threads.workers())
          .extracting(WorkerInfo::pid)
          .containsOnly(ProcessHandle.current().pid());
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void copyingFindsWhatWouldNotTravel(Engine engine) throws Exception {
    var thread = Thread.currentThread();
    try (var pool = engine.builder().copying().build()) {
      assertThatThrownBy(() -> pool.submit(() -> thread.threadId()))
          .isExactlyInstanceOf(NotTransferableException.class)
          .hasMessageContaining("path=lambda.captured[0]");
      assertThatThrownBy(() -> pool.submit(own -> own.threadId(), thread))
          .isExactlyInstanceOf(NotTransferableException.class);
      var list = new ArrayList<>(List.of(1));
      assertThat(pool.submit(own -> own.add(2), list).get()).isTrue();
      assertThat(list).containsExactly(1);
    }
    try (var pool = engine.builder().build()) {
      assertThat(pool.submit(() -> thread).get()).isSameAs(thread);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theInitializerRunsInEachWorkerBeforeItsTasks(Engine engine) throws Exception {
    var count = new AtomicInteger();
    var builder = engine.builder().initializer(count::incrementAndGet);
    try (var pool = (engine == Engine.INLINE ? builder : builder.workers(3)).build()) {
      assertThat(pool.map(n -> count.get() > 0, IntStream.range(0, 10))).containsOnly(true);
      Await.until(() -> count.get() == (engine == Engine.INLINE ? 1 : 3), "all are initialized");
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void anInitializerThatFailsBreaksThePool(Engine engine) throws Exception {
    try (var pool =
        engine
            .builder()
            .initializer(() -> {
              throw new IllegalStateException("no start");
            })
            .build()) {
      Await.until(pool::isShutdown, "the pool is broken");
      assertThatThrownBy(() -> pool.submit(() -> 1))
          .isInstanceOf(PoolBrokenException.class)
          .hasRootCauseMessage("no start");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Engine.class, names = "INLINE", mode = EnumSource.Mode.EXCLUDE)
  void shutdownNowEndsAnInitializerWithoutHarmToWhatRuns(Engine engine) throws Exception {
    var begun = new AtomicInteger();
    var started = new AtomicBoolean();
    var builder =
        engine
            .builder()
            .workers(2)
            .initializer(() -> {
              if (begun.incrementAndGet() == 2) {
                Thread.sleep(Long.MAX_VALUE);
              }
            });
    try (var pool = builder.build()) {
      var task =
          pool.submit(() -> {
            started.set(true);
            try {
              Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
              Thread.sleep(50); // it takes its time to end
            }
            return 7;
          });
      Await.until(() -> started.get() && begun.get() == 2, "the one works, the other comes up");
      assertThat(pool.shutdownNow()).isEmpty();
      assertThat(task.get(1, TimeUnit.MINUTES)).isEqualTo(7);
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aTaskThatTakesTooLongIsInterrupted(Engine engine) {
    try (var pool = engine.builder().build()) {
      var task =
          pool.withTimeout(Duration.ofMillis(50))
              .submit(() -> {
                Thread.sleep(60_000);
                return 1;
              });
      assertThatThrownBy(task::join).hasCauseInstanceOf(TaskTimeoutException.class);
      assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).join()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(value = Engine.class, names = "INLINE", mode = EnumSource.Mode.EXCLUDE)
  void aThreadThatDoesNotListenIsGivenUpAndReplaced(Engine engine) {
    var go = new AtomicBoolean();
    try (var pool = engine.builder().workers(1).grace(Duration.ofMillis(50)).build()) {
      var task =
          pool.withTimeout(Duration.ofMillis(50))
              .submit(() -> {
                while (!go.get()) {
                  Thread.onSpinWait();
                }
                return 1;
              });
      assertThatThrownBy(task::join).hasCauseInstanceOf(TaskTimeoutException.class);
      assertThat(pool.submit(() -> 2).join()).isEqualTo(2);
    } finally {
      go.set(true);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aFailedTaskIsRunAgain(Engine engine) {
    var attempts = new AtomicInteger();
    var policy =
        io.procession.RetryPolicy.times(3)
            .on(IllegalStateException.class)
            .backOff(Duration.ofMillis(5), Duration.ofMillis(10));
    try (var pool = engine.builder().build()) {
      var task =
          pool.withRetries(policy)
              .submit(() -> {
                if (attempts.incrementAndGet() < 3) {
                  throw new IllegalStateException("not yet");
                }
                return attempts.get();
              });
      assertThat(task.join()).isEqualTo(3);
      assertThat(task.attempts()).isEqualTo(3);
    }
  }

  @Test
  void aTaskInTheCallingThreadMayUseThePool() {
    try (var pool = Pool.inline()) {
      var sum = pool.submit(() -> pool.map(n -> n + 1, List.of(1, 2)).getLast()).join();
      assertThat(sum).isEqualTo(3);
    }
  }

  @Test
  void aStreamInTheCallingThreadIsInStepWithItsReader() {
    var done = new AtomicInteger();
    try (var pool = Pool.inline()) {
      var each =
          pool.stream(n -> done.incrementAndGet(), IntStream.iterate(0, n -> n + 1)).iterator();
      for (var n = 1; n <= 20; n++) {
        assertThat(each.next()).isEqualTo(n);
        assertThat(done.get()).isEqualTo(n);
      }
    }
  }

  @Test
  void manyVirtualThreadsWaitAtOnce() {
    var inside = new AtomicInteger();
    try (var pool = Pool.ofVirtualThreads()) {
      var most =
          pool.map(
              n -> {
                inside.incrementAndGet();
                Await.until(() -> inside.get() >= 200, "200 tasks run at once");
                return n;
              },
              IntStream.range(0, 200));
      assertThat(most).hasSize(200);
    }
  }
}
