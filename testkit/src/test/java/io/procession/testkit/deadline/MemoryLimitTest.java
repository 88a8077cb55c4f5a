package io.procession.testkit.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Pool;
import io.procession.RetryPolicy;
import io.procession.Task;
import io.procession.WorkerOutOfMemoryException;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.contract.Flag;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that use more memory than there is for them. */
@NoLeaks
class MemoryLimitTest {

  private static final long HEAP_BYTES = 48 << 20;
  private static final long MEMORY_BYTES = 192 << 20;

  @TempDir Path directory = Path.of("");

  private static Pool pool(int workers) {
    return Pool.builder().workers(workers).heapBytes(HEAP_BYTES).build();
  }

  private static WorkerOutOfMemoryException shortage(Task<?> task) {
    assertThatThrownBy(() -> task.get(120, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseExactlyInstanceOf(WorkerOutOfMemoryException.class);
    return (WorkerOutOfMemoryException) task.exceptionNow();
  }

  private static int fillTheHeap() {
    var all = new ArrayList<byte[]>();
    while (true) {
      all.add(new byte[1 << 20]);
    }
  }

  private static long takeNativeMemory(long bytes) {
    var arena = Arena.global();
    var step = 16 << 20;
    for (var taken = 0L; taken < bytes; taken += step) {
      MemorySegment memory = arena.allocate(step);
      memory.fill((byte) 1);
    }
    return bytes;
  }

  @Test
  void aFullHeapEndsTheWorkerAndIsNamed() throws Exception {
    try (var pool = pool(1)) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      var shortage = shortage(pool.submit(MemoryLimitTest::fillTheHeap));
      assertThat(shortage.pid()).isEqualTo(pid);
      assertThat(shortage.limitBytes()).isBetween(HEAP_BYTES / 2, HEAP_BYTES);
      assertThat(shortage.usedBytes()).isBetween(1L << 20, HEAP_BYTES);
      assertThat(shortage.exitCode()).isEqualTo(3);
      assertThat(shortage.taskId()).isPositive();
      assertThat(shortage)
          .hasMessageContaining("heap")
          .hasMessageContaining("limitBytes=" + shortage.limitBytes())
          // Where it happened is among its last words.
          .hasMessageContaining("fillTheHeap");
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isNotEqualTo(pid);
    }
  }

  @Test
  void theOthersAreUnharmed() {
    try (var pool = pool(2)) {
      var tasks = pool.mapAsync(n -> n % 50 == 25 ? fillTheHeap() : n, IntStream.range(0, 150));
      for (var n = 0; n < tasks.size(); n++) {
        if (n % 50 == 25) {
          shortage(tasks.get(n));
        } else {
          assertThat(tasks.get(n).join()).isEqualTo(n);
        }
      }
      assertThatThrownBy(() -> pool.forEach(n -> fillTheHeap(), List.of(1)))
          .isExactlyInstanceOf(WorkerOutOfMemoryException.class);
    }
  }

  @Test
  void aShortageInAnotherThreadCounts() throws Exception {
    try (var pool = pool(1)) {
      // As the cause of what the task throws.
      shortage(
          pool.submit(() -> CompletableFuture.supplyAsync(MemoryLimitTest::fillTheHeap).join()));
      // And where nobody catches it.
      shortage(
          pool.submit(() -> {
            Thread.ofPlatform().start(MemoryLimitTest::fillTheHeap).join();
            Thread.sleep(60_000);
            return 1;
          }));
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  @Test
  void aTaskThatCatchesItGoesOn() throws Exception {
    try (var pool = pool(1)) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      assertThat(
              pool.submit(
                      () -> {
                        try {
                          return fillTheHeap();
                        } catch (OutOfMemoryError e) {
                          return -1;
                        }
                      })
                  .get())
          .isEqualTo(-1);
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isEqualTo(pid);
    }
  }

  @Test
  void whatNoMemoryCouldHoldIsTheTasksOwnError() throws Exception {
    try (var pool = pool(1)) {
      var pid = pool.submit(() -> ProcessHandle.current().pid()).get();
      var task = pool.submit(() -> new long[Integer.MAX_VALUE]);
      assertThatThrownBy(task::get)
          .hasCauseExactlyInstanceOf(OutOfMemoryError.class)
          .hasMessageContaining("Requested array size exceeds VM limit");
      var own =
          pool.submit(() -> {
            throw new OutOfMemoryError("of the program's own making");
          });
      assertThatThrownBy(own::get)
          .hasCauseExactlyInstanceOf(OutOfMemoryError.class)
          .hasMessageContaining("of the program's own making");
      assertThat(pool.submit(() -> ProcessHandle.current().pid()).get()).isEqualTo(pid);
    }
  }

  @Test
  void aResultForWhichThereIsNoRoomIsAShortage() throws Exception {
    try (var pool = pool(1)) {
      shortage(
          pool.submit(() -> {
            var much = new ArrayList<String>();
            much.add("x".repeat(12 << 20));
            var all = new ArrayList<byte[]>();
            KEPT.add(all);
            try {
              while (true) {
                all.add(new byte[1 << 16]);
              }
            } catch (OutOfMemoryError e) {
              // Now there is no room for anything.
              return much.toString() + much;
            }
          }));
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
  }

  private static final List<Object> KEPT = new ArrayList<>();

  @Test
  void aJvmThatWasToldToEndByItselfIsNamedToo() throws Exception {
    try (var pool =
        Pool.builder()
            .workers(1)
            .heapBytes(HEAP_BYTES)
            .jvmArguments("-XX:+ExitOnOutOfMemoryError")
            .build()) {
      var shortage = shortage(pool.submit(MemoryLimitTest::fillTheHeap));
      assertThat(shortage).hasMessageContaining("Java heap space");
      assertThat(shortage.limitBytes()).isZero();
    }
  }

  @Test
  void theLimitsOfTheJvmAreDerivedFromOneNumber() throws Exception {
    try (var pool = Pool.builder().workers(1).memoryBytes(MEMORY_BYTES).build()) {
      var heap = pool.submit(() -> Runtime.getRuntime().maxMemory()).get();
      assertThat(heap).isBetween(MEMORY_BYTES / 4, MEMORY_BYTES / 2);
      var shortage = shortage(pool.submit(MemoryLimitTest::fillTheHeap));
      assertThat(shortage.limitBytes()).isEqualTo(heap);
      shortage(
          pool.submit(() -> {
            var all = new ArrayList<ByteBuffer>();
            while (true) {
              all.add(ByteBuffer.allocateDirect(1 << 20));
            }
          }));
      assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
    }
    try (var pool =
        Pool.builder().workers(1).memoryBytes(MEMORY_BYTES).heapBytes(HEAP_BYTES).build()) {
      assertThat(pool.submit(() -> Runtime.getRuntime().maxMemory()).get())
          .isBetween(HEAP_BYTES / 2, HEAP_BYTES);
    }
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> Pool.builder().memoryBytes(1 << 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("memoryBytes=1048576");
    var builder = Pool.builder().memoryBytes(MEMORY_BYTES).heapBytes(MEMORY_BYTES);
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("heapBytes=" + MEMORY_BYTES);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aWorkerThatUsesTooMuchInAllIsKilled() throws Exception {
    try (var pool = Pool.builder().workers(2).memoryBytes(MEMORY_BYTES).build()) {
      var others =
          pool.mapAsync(
              n -> {
                Thread.sleep(10);
                return n;
              },
              IntStream.range(0, 200));
      var shortage =
          shortage(
              pool.submit(() -> {
                takeNativeMemory(2 * MEMORY_BYTES);
                Thread.sleep(60_000);
                return 0;
              }));
      assertThat(shortage.limitBytes()).isEqualTo(MEMORY_BYTES);
      assertThat(shortage.usedBytes()).isGreaterThan(MEMORY_BYTES);
      assertThat(shortage.signal()).contains("SIGKILL");
      assertThat(shortage).hasMessageContaining("more than a worker may");
      for (var n = 0; n < others.size(); n++) {
        assertThat(others.get(n).join()).isEqualTo(n);
      }
    }
  }

  @Test
  void aShortageIsACrashForRetries() throws Exception {
    var first = Flag.in(directory, "first");
    try (var pool = pool(1)) {
      var task =
          pool.withRetries(RetryPolicy.times(1))
              .submit(() -> {
                if (!first.isRaised()) {
                  first.raise();
                  return fillTheHeap();
                }
                return 5;
              });
      assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo(5);
      assertThat(task.attempts()).isEqualTo(2);
    }
  }
}
