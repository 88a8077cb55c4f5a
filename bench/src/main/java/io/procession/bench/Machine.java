package io.procession.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** On what the figures are taken; what the system does not tell is left out. */
final class Machine {

  private Machine() {}

  static String describe() throws IOException {
    return "%s, %d processors, %s of memory; %s %s; %s, Java %s"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            memory(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vendor.version"),
            Runtime.version());
  }

  private static String processor() throws IOException {
    return value(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch"));
  }

  private static String memory() throws IOException {
    var kibibytes = value(Path.of("/proc/meminfo"), "MemTotal", "0").replaceAll("\\D", "");
    return String.format(Locale.ROOT, "%.0f GiB", Double.parseDouble(kibibytes) / (1 << 20));
  }

  private static String value(Path file, String key, String otherwise) throws IOException {
    if (!Files.isReadable(file)) {
      return otherwise;
    }
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(otherwise);
    }
  }

  /** How many threads wanted a processor, on average over the last minute. */
  static double load() {
    return java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }
}
