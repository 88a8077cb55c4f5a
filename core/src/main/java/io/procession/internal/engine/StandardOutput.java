package io.procession.internal.engine;

import java.io.PrintStream;
import java.util.List;

/**
 * Whether a child can inherit this process's standard output, or must have it forwarded.
 *
 * <p>Where {@code System.out} ends in descriptor 1, children inherit the descriptor, and their
 * output needs no thread. Elsewhere (JShell's agent, notebook kernels, test runners) inherited
 * output would vanish or break a protocol, so that it is piped and forwarded to the {@code
 * System.out} of the moment.
 *
 * <p>Java does not tell where a {@code PrintStream} ends, so this is a rule of thumb. It forwards
 * if
 *
 * <ul>
 *   <li>the class of {@code System.out} is not exactly {@code PrintStream};
 *   <li>or {@code System.out} is another object than when this library was first used;
 *   <li>or the main class of this JVM is a known host that takes standard output for itself.
 * </ul>
 *
 * Forwarding is always correct, only slower; where the rule inherits wrongly, {@code
 * -Dprocession.stdout=forward} decides, and {@code -Dprocession.stdout=inherit} the other way.
 */
public final class StandardOutput {

  /** {@code inherit} or {@code forward}; overrides the rule. */
  public static final String PROPERTY = "procession.stdout";

  /** The beginnings of the main classes of hosts that put another {@code System.out} in place. */
  private static final List<String> HOSTS =
      List.of(
          "jdk.jshell/", // the jshell tool, local execution
          "jdk.jshell.execution.RemoteExecutionControl", // the agent of jshell
          "org.apache.maven.surefire.booter.ForkedBooter",
          "worker.org.gradle.process.internal.worker.GradleWorkerMain",
          "org.gradle.", // a build's own JVM
          "org.codehaus.plexus.classworlds.launcher.Launcher", // Maven's own JVM
          "org.apache.maven.", // and its daemon
          "io.github.spencerpark.ijava.", // Jupyter kernels
          "org.dflib.jjava.",
          "org.rapaio.jupyter.",
          "com.twosigma.beakerx.",
          "org.apache.zeppelin.");

  private static final PrintStream FIRST = System.out;

  private StandardOutput() {}

  /**
   * Whether a child's standard output must be piped and forwarded to {@code System.out}, rather
   * than inherited.
   *
   * @throws IllegalArgumentException if the system property has another value than its two
   */
  public static boolean mustBeForwarded() {
    var choice = System.getProperty(PROPERTY, "");
    return switch (choice) {
      case "inherit" -> false;
      case "forward" -> true;
      case "" -> mustBeForwarded(System.out, FIRST, System.getProperty("sun.java.command", ""));
      default ->
          throw new IllegalArgumentException(
              "The system property procession.stdout must be inherit or forward. procession.stdout="
                  + choice);
    };
  }

  static boolean mustBeForwarded(PrintStream current, PrintStream first, String command) {
    return current.getClass() != PrintStream.class
        || !current.equals(first) // it has no other equality than identity
        || HOSTS.stream().anyMatch(command::startsWith);
  }
}
