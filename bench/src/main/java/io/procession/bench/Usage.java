package io.procession.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel says that processes use; source: proc(5). */
final class Usage {

  private static final double TICKS_PER_SECOND = 100;

  private Usage() {}

  /**
   * Memory per process in MiB; what several processes share, such as the files of a JDK, is divided
   * among them.
   */
  static double memory(List<Long> pids) throws IOException {
    var kibibytes = 0.0;
    for (var pid : pids) {
      for (var line : Files.readAllLines(Path.of("/proc", pid.toString(), "smaps_rollup"))) {
        if (line.startsWith("Pss:")) {
          kibibytes += Double.parseDouble(line.replaceAll("\\D", ""));
        }
      }
    }
    return kibibytes / 1024 / pids.size();
  }

  /** The processor time of all of them so far, in seconds. */
  static double processorSeconds(List<Long> pids) throws IOException {
    var ticks = 0L;
    for (var pid : pids) {
      var line = Files.readString(Path.of("/proc", pid.toString(), "stat"));
      var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
    return ticks / TICKS_PER_SECOND;
  }
}
