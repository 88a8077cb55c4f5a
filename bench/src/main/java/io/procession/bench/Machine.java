package io.procession.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** On what the figures were taken. */
final class Machine {

  private Machine() {}

  static String describe() throws IOException {
    return "%s, %d processors; %s %s; %s; %s."
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vendor.version") + ", Java " + Runtime.version(),
            python());
  }

  private static String processor() throws IOException {
    var information = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(information)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(information).stream()
        .filter(line -> line.startsWith("model name"))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElseGet(() -> System.getProperty("os.arch"));
  }

  private static String python() throws IOException {
    var process = new ProcessBuilder("python3", "--version").redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
