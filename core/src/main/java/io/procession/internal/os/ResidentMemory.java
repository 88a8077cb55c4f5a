package io.procession.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory processes have in use; source: proc(5). */
public final class ResidentMemory {

  private static final String FIELD = "VmRSS:";

  private ResidentMemory() {}

  /** The bytes of a process that are in memory, shared ones included; 0 if that cannot be known. */
  public static long bytes(long pid) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith(FIELD))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // it is gone, or this system does not tell
    }
  }
}
