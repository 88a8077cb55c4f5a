package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.WorkerInfo;
import io.procession.function.RemoteFunction;
import io.procession.testkit.contract.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An input without end takes no more room than one of some thousand items, and can be left. */
@NoLeaks
class EndlessStreamTest {

  private static final int ITEMS = 100_000;
  private static final int ITEM_BYTES = 2000;

  /** Some chunks for each worker, and the results of more that wait for one before them. */
  private static final int MOST_AHEAD = ITEMS * 3 / 4;

  /** An item may be in the hands of the thread that reads, and one more in those of its reader. */
  private static final int IN_HAND = 2;

  @TempDir Path directory = Path.of("");

  enum Engine {
    PROCESSES,
    THREADS,
    VIRTUAL_THREADS,
    INLINE;

    Pool pool() {
      return switch (this) {
        case PROCESSES -> Pool.builder().workers(2).heapBytes(64 << 20).build();
        case THREADS -> Pool.ofThreads(2);
        case VIRTUAL_THREADS -> Pool.builder().virtualThreads().workers(2).build();
        case INLINE -> Pool.inline();
      };
    }
  }

  enum Way {
    STREAM,
    STREAM_UNORDERED,
    MAPPING,
    MAPPING_UNORDERED;

    <T, R> Stream<R> of(Pool pool, RemoteFunction<T, R> function, Stream<T> items) {
      return switch (this) {
        case STREAM -> pool.stream(function, items);
        case STREAM_UNORDERED -> pool.streamUnordered(function, items);
        case MAPPING -> items.gather(pool.mapping(function));
        case MAPPING_UNORDERED -> items.gather(pool.mappingUnordered(function));
      };
    }
  }

  static List<Arguments> all() {
    var all = new ArrayList<Arguments>();
    for (var engine : Engine.values()) {
      for (var way : Way.values()) {
        all.add(Arguments.of(engine, way));
      }
    }
    return all;
  }

  static List<Arguments> allWithWorkers() {
    return all().stream().filter(each -> !Engine.INLINE.equals(each.get()[0])).toList();
  }

  /** How far the input was ahead of the reader at the most. */
  private static final class Lead {
    private final AtomicLong drawn = new AtomicLong();
    private final AtomicLong most = new AtomicLong();
    private long seen;

    byte[] next() {
      most.accumulateAndGet(drawn.incrementAndGet() - seen, Math::max);
      return new byte[ITEM_BYTES];
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsDrawnAheadAndTheMemoryForItStayBounded(Engine engine, Way way) throws Exception {
    var lead = new Lead();
    var early = 0L;
    var mostBytes = 0L;
    try (var pool = engine.pool();
        var results = way.of(pool, bytes -> bytes.length, Stream.generate(lead::next))) {
      var firstBytes = 0L;
      for (var each = results.iterator(); lead.seen < ITEMS; lead.seen++) {
        assertThat(each.next()).isEqualTo(ITEM_BYTES);
        if (lead.seen == ITEMS / 4) {
          early = lead.most.getAndSet(0);
          firstBytes = sharedBytes(pool);
        } else if (lead.seen > ITEMS / 4 && lead.seen % 1000 == 0) {
          mostBytes = Math.max(mostBytes, sharedBytes(pool) - firstBytes);
        }
      }
    }
    assertThat(early).isLessThan(MOST_AHEAD);
    assertThat(lead.most.get()).isLessThan(MOST_AHEAD);
    // All that went through is four times as much.
    assertThat(mostBytes).isLessThan((long) ITEMS * ITEM_BYTES / 4);
  }

  /** What this process and the workers have mapped of files, among which is shared memory. */
  private static long sharedBytes(Pool pool) throws IOException {
    var bytes = 0L;
    for (var pid :
        Stream.concat(
                Stream.of(ProcessHandle.current().pid()),
                pool.workers().stream().map(WorkerInfo::pid))
            .distinct()
            .toList()) {
      try {
        for (var line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
          if (line.startsWith("RssShmem:") || line.startsWith("RssFile:")) {
            bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
          }
        }
      } catch (NoSuchFileException e) {
        // It is not started yet, or has ended.
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("allWithWorkers")
  void leavingItEarlyEndsWhatRunsAndDrawsNothingMore(Engine engine, Way way) throws Exception {
    var started = Flag.in(directory, "started");
    var drawn = new AtomicInteger();
    try (var pool = engine.pool()) {
      var view = pool.withWindow(8).withChunkSize(1);
      var results =
          way.of(
              view,
              n -> {
                if (n >= 5) {
                  started.raiseAndSleep();
                }
                return n;
              },
              Stream.generate(drawn::getAndIncrement));
      try (results) {
        var each = results.iterator();
        for (var n = 0; n < 5; n++) {
          assertThat(each.next()).isBetween(0, 4);
        }
        started.await();
      }
      var drawnAtTheEnd = drawn.get();
      assertThat(drawnAtTheEnd).isLessThanOrEqualTo(5 + 8 + IN_HAND);
      // The workers are free: what they ran was interrupted.
      assertThat(pool.map(n -> n + 1, List.of(1, 2, 3, 4))).containsExactly(2, 3, 4, 5);
      assertThat(drawn.get()).isEqualTo(drawnAtTheEnd);
    }
  }

  @ParameterizedTest
  @MethodSource("allWithWorkers")
  void aStageThatWantsNoMoreEndsWhatRuns(Engine engine, Way way) {
    var drawn = new AtomicInteger();
    var endless = Flag.in(directory, "endless");
    try (var pool = engine.pool()) {
      var view = pool.withWindow(8).withChunkSize(1);
      var first =
          way.of(
                  view,
                  n -> {
                    if (n >= 5) {
                      endless.raiseAndSleep();
                    }
                    return n;
                  },
                  Stream.generate(drawn::getAndIncrement))
              .limit(5);
      try (first) {
        assertThat(first.toList()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      }
      var drawnAtTheEnd = drawn.get();
      assertThat(drawnAtTheEnd).isLessThanOrEqualTo(5 + 8 + IN_HAND);
      assertThat(pool.map(n -> n + 1, List.of(1, 2, 3, 4))).containsExactly(2, 3, 4, 5);
      assertThat(drawn.get()).isEqualTo(drawnAtTheEnd);
    }
  }
}
