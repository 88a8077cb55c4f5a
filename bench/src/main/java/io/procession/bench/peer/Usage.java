package io.procession.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel says that processes use; source: proc(5). */
final class Usage {

  /** What was done before has to be over: compilers end late. */
  private static final int SETTLE_MILLIS = 1_000;

  /** Who idles wakes now and then: a short look would see all of it, or nothing. */
  private static final double IDLE_FACTOR = 10;

  private Usage() {}

  /**
   * Memory per process in bytes; what several processes share, such as the files of a JDK, is
   * divided among them.
   */
  static double memoryBytes(List<Long> pids) throws IOException {
    var kibibytes = 0.0;
    for (var pid : pids) {
      for (var line : Files.readAllLines(Path.of("/proc", pid.toString(), "smaps_rollup"))) {
        if (line.startsWith("Pss:")) {
          kibibytes += Double.parseDouble(line.replaceAll("\\D", ""));
        }
      }
    }
    return kibibytes * 1024 / pids.size();
  }

  /** The memory of this process. */
  static double ownMemoryBytes() throws IOException {
    return memoryBytes(List.of(ProcessHandle.current().pid()));
  }

  /** The share of one processor that the workers and this process use while nothing is done. */
  static Sample idlePercent(List<Long> workers, double seconds) throws Exception {
    var pids = new ArrayList<>(workers);
    pids.add(ProcessHandle.current().pid());
    Thread.sleep(SETTLE_MILLIS);
    var before = processorSeconds(pids);
    var start = System.nanoTime();
    Thread.sleep((long) (seconds * 1000 * IDLE_FACTOR));
    var elapsed = (System.nanoTime() - start) / 1e9;
    return Sample.of(100 * (processorSeconds(pids) - before) / elapsed);
  }

  /** The processor time of all threads of all of them so far. */
  private static double processorSeconds(List<Long> pids) throws IOException {
    var nanos = 0L;
    for (var pid : pids) {
      try (var threads = Files.newDirectoryStream(Path.of("/proc", pid.toString(), "task"))) {
        for (var thread : threads) {
          nanos += threadNanos(thread);
        }
      }
    }
    return nanos / 1e9;
  }

  private static long threadNanos(Path thread) throws IOException {
    try {
      return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
    } catch (NoSuchFileException e) {
      return 0; // It has just ended.
    }
  }
}
