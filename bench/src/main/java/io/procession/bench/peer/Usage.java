package io.procession.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel says that processes use; source: proc(5). */
final class Usage {

  private static final double TICKS_PER_SECOND = 100;

  /** Below some seconds a tick more or less would tell more than the pool. */
  private static final double IDLE_FACTOR = 5;

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
    var before = processorSeconds(pids);
    var start = System.nanoTime();
    Thread.sleep((long) (seconds * 1000 * IDLE_FACTOR));
    var elapsed = (System.nanoTime() - start) / 1e9;
    return Sample.of(100 * (processorSeconds(pids) - before) / elapsed);
  }

  /** The processor time of all of them so far. */
  private static double processorSeconds(List<Long> pids) throws IOException {
    var ticks = 0L;
    for (var pid : pids) {
      var line = Files.readString(Path.of("/proc", pid.toString(), "stat"));
      var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
    return ticks / TICKS_PER_SECOND;
  }
}
