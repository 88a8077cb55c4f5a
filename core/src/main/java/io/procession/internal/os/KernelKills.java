package io.procession.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether the kernel has killed processes for lack of memory. It tells how many, not which: of a
 * process that somebody killed at such a time it is likely, not proven.
 *
 * <p>Counted are those of this process's control group where it has one of its own, else those of
 * the system. Sources: cgroups(7), {@code Documentation/admin-guide/cgroup-v2.rst}, {@code
 * mm/oom_kill.c}.
 */
public final class KernelKills {

  private static final String COUNTER = "oom_kill ";

  private final Path file;
  private final long before;

  private KernelKills(Path file, long before) {
    this.file = file;
    this.before = before;
  }

  /** Counts from now on. */
  public static KernelKills sinceNow() {
    return sinceNow(Path.of("/"));
  }

  /** As {@link #sinceNow()}, with the files of the system below {@code root}. */
  static KernelKills sinceNow(Path root) {
    for (var file : files(root)) {
      var count = count(file);
      if (count >= 0) {
        return new KernelKills(file, count);
      }
    }
    return new KernelKills(root, -1);
  }

  /** Whether there was one since. */
  public boolean any() {
    return before >= 0 && count(file) > before;
  }

  private static List<Path> files(Path root) {
    var system = root.resolve("proc/vmstat");
    try {
      for (var line : Files.readAllLines(root.resolve("proc/self/cgroup"))) {
        // hierarchy:controllers:path
        var parts = line.split(":", 3);
        if (parts.length == 3 && parts[0].equals("0") && parts[1].isEmpty()) {
          var group = root.resolve("sys/fs/cgroup" + parts[2]);
          return List.of(group.resolve("memory.events"), system);
        }
      }
    } catch (IOException _) {
      return List.of(system); // this system has no control groups
    }
    return List.of(system);
  }

  /** The counter in a file; -1 if there is none. */
  private static long count(Path file) {
    try {
      for (var line : Files.readAllLines(file)) {
        if (line.startsWith(COUNTER)) {
          return Long.parseLong(line.substring(COUNTER.length()).strip());
        }
      }
      return -1;
    } catch (IOException | NumberFormatException _) {
      return -1; // what cannot be read proves nothing
    }
  }
}
