package io.procession.bench.peer;

import java.nio.file.Path;
import java.util.List;

/** A JVM started by {@code ProcessBuilder}, as anybody can do it: the limit for a child of ours. */
final class PlainJava {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  private PlainJava() {}

  /** Serves the driver. */
  public static void main(String[] arguments) throws Exception {
    new Program("Java " + Runtime.version())
        .with("start", _ -> seconds -> Timing.latency(seconds, () -> start("").waitFor()))
        .with("start-cold", _ -> seconds -> Timing.latency(seconds, () -> start("").waitFor()))
        .with("memory", _ -> PlainJava::memory)
        .serve();
  }

  private static Process start(String argument) throws Exception {
    return new ProcessBuilder(
            JAVA, "-XX:+UseSerialGC", "-cp", CLASS_PATH, Nothing.class.getName(), argument)
        .start();
  }

  private static Sample memory(double seconds) throws Exception {
    var process = start("wait");
    try {
      process.getInputStream().read();
      return Sample.of(Usage.memoryBytes(List.of(process.pid())));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** What the JVM runs. */
  static final class Nothing {

    private Nothing() {}

    /** Does nothing; with {@code wait} it says that it is there, and waits for the end of stdin. */
    public static void main(String[] arguments) throws Exception {
      if (arguments[0].equals("wait")) {
        System.out.println();
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
      }
    }
  }
}
