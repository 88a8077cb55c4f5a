package io.procession.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A mark in the environment that programs started by tests have, and pass on to their children: so
 * those are found when their parent is dead and they are no descendants of ours any more. Works
 * where there is a {@code /proc}.
 *
 * <p>It is a variable of its own, and a folder at the end of the search path, which does not exist:
 * some programs pass on nothing but that path.
 */
final class Marker {

  static final String VARIABLE = "PROCESSION_TESTKIT";

  /** What all programs of this JVM have in common. */
  static final String OF_THIS_JVM = UUID.randomUUID().toString();

  private static final AtomicInteger COUNT = new AtomicInteger();

  private Marker() {}

  /** A value for one program. */
  static String next() {
    return OF_THIS_JVM + "/" + COUNT.incrementAndGet() + "/";
  }

  /** Marks a program that will be started with this environment. */
  static void put(Map<String, String> environment, String mark) {
    environment.put(VARIABLE, mark);
    environment.computeIfPresent(
        "PATH", (name, path) -> path + File.pathSeparator + "/" + VARIABLE + "=" + mark);
  }

  /** The living processes whose mark starts with {@code start}. */
  static List<ProcessHandle> marked(String start) {
    var sought = VARIABLE + "=" + start;
    try (var all = ProcessHandle.allProcesses()) {
      return all.filter(process -> environment(process.pid()).contains(sought))
          .filter(ProcessHandle::isAlive)
          .toList();
    }
  }

  private static String environment(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "environ"), ISO_8859_1);
    } catch (IOException e) {
      return ""; // gone, not ours to look at, or no /proc here
    }
  }
}
