package io.procession.testkit.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.ChildProcess;
import io.procession.internal.family.Inspection;
import io.procession.testkit.NoLeaks;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Eight processes use one of each shared object at once, as long as {@code procession.soak} says.
 */
@NoLeaks
class SoakTest {

  private static final Duration DURATION =
      Duration.parse(System.getProperty("procession.soak", "PT5S"));
  private static final int PROCESSES = 8;
  private static final long PAUSE_MILLIS = 250;
  private static final int LOOKS_PER_LINE = 120;

  /** Until then everything was used, and the collector has run. */
  private static final double WARM_UP = 0.3;

  /** What may come from who is where at the moment of a look. */
  private static final long SPARE_BYTES = 4 << 20;

  private static final int SPARE_DESCRIPTORS = 4;
  private static final int SPARE_THREADS = 6;

  /** In each process: what it has just made, and its messages. */
  private static final int SPARE_OBJECTS = 16 * PROCESSES;

  /** Of each process, so that garbage takes no more, and whoever keeps it runs out of memory. */
  private static final int HEAP_BYTES = 64 << 20;

  /** In each process: a heap that fills up, and code that is compiled late. */
  private static final long SPARE_RESIDENT_BYTES = PROCESSES * (HEAP_BYTES + (32L << 20));

  /** What the family takes at some moment. */
  private record Look(
      long usedBytes, int objects, long descriptors, long threads, long residentBytes) {}

  @Test
  void nothingFailsAndNothingGrows() throws Exception {
    try (var things = Things.create(PROCESSES)) {
      var builder = ChildProcess.builder().jvmArguments("-Xmx" + HEAP_BYTES);
      var children =
          IntStream.range(0, PROCESSES).mapToObj(i -> builder.start(Worker::run, things)).toList();
      things.ready().await();
      var start = System.nanoTime();
      Look warm = null;
      Look last = null;
      for (var looks = 0; ; looks++) {
        var elapsed = System.nanoTime() - start;
        last = look(children);
        if (looks % LOOKS_PER_LINE == 0) {
          System.out.printf(
              "after %d s: %s, total=%s%n", elapsed / 1_000_000_000, last, things.total());
        }
        if (warm == null && elapsed > DURATION.toNanos() * WARM_UP) {
          warm = last;
        }
        assertThat(children).as("processes that go on").allMatch(ChildProcess::isAlive);
        if (elapsed > DURATION.toNanos()) {
          break;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
      things.stop().set();
      for (var child : children) {
        child.join();
        assertThat(child.exitCode()).isZero();
      }
      checkSums(things);
      System.out.printf("warm: %s%nlast: %s%nrounds=%s%n", warm, last, things.total());
      assertThat(warm).isNotNull();
      checkGrowth(warm, last);
    }
  }

  private static void checkSums(Things things) throws Exception {
    var total = Math.toIntExact(things.total().get());
    assertThat(things.doubles().get(0)).isEqualTo(total);
    assertThat(things.plain().toArray()).startsWith(total, total, total).endsWith(0, 1);
    assertThat(things.sums().get(Things.TAKEN)).isEqualTo(things.sums().get(Things.PUT));
    assertThat(things.sums().get(Things.RECEIVED)).isEqualTo(things.sums().get(Things.SENT));
    for (var end : List.of(things.pipe().first(), things.pipe().second())) {
      assertThatThrownBy(end::receive).isInstanceOf(EOFException.class);
    }
    assertThat(things.numbers()).isEmpty();
    assertThat(things.memories()).isEmpty();
    things.tasks().join();
    assertThat(things.semaphore().availablePermits()).isEqualTo(Things.PERMITS);
  }

  private static void checkGrowth(Look warm, Look last) {
    assertThat(last.usedBytes - warm.usedBytes).as("growth of memory").isLessThan(SPARE_BYTES);
    assertThat(last.descriptors - warm.descriptors)
        .as("growth of descriptors")
        .isLessThanOrEqualTo(SPARE_DESCRIPTORS);
    assertThat(last.threads - warm.threads)
        .as("growth of threads")
        .isLessThanOrEqualTo(SPARE_THREADS);
    assertThat(last.objects - warm.objects)
        .as("growth of objects")
        .isLessThanOrEqualTo(SPARE_OBJECTS);
    assertThat(last.residentBytes - warm.residentBytes)
        .as("growth of the processes' own memory")
        .isLessThan(SPARE_RESIDENT_BYTES);
  }

  private static Look look(List<ChildProcess> children) throws IOException {
    try (var inspection = Inspection.of(ProcessHandle.current().pid()).orElseThrow()) {
      var descriptors = 0L;
      var threads = 0L;
      var resident = 0L;
      for (var child : children) {
        var process = Path.of("/proc", Long.toString(child.pid()));
        descriptors += count(process.resolve("fd"));
        threads += count(process.resolve("task"));
        resident += anonymousBytes(process.resolve("status"));
      }
      return new Look(
          inspection.usedBytes(), inspection.entries().size(), descriptors, threads, resident);
    }
  }

  private static long count(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0; // no /proc here
    }
    try (var entries = Files.list(directory)) {
      return entries.count();
    }
  }

  private static long anonymousBytes(Path status) throws IOException {
    if (!Files.exists(status)) {
      return 0;
    }
    var line = Pattern.compile("RssAnon:\\s+(\\d+) kB").matcher(Files.readString(status));
    return line.find() ? Long.parseLong(line.group(1)) << 10 : 0;
  }
}
