package io.procession.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program that a test runs in a process of its own, to its end.
 *
 * {@snippet :
 * var outcome = Program.script(Path.of("Hello.java")).classPath(jar).arguments("a", "b").run();
 * assertThat(outcome.lines()).containsExactly("Hello!");
 * }
 *
 * <p>Its stdin is empty unless {@link #input} gives something. If it has not ended after two
 * minutes (or {@link #within}), it is killed with all that it started, and the test fails with the
 * stacks of them all. Every method but {@link #run} and {@link #start} returns this object.
 */
public final class Program {

  private final List<String> command = new ArrayList<>();
  private final List<String> jvmArguments = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, @Nullable String> environment = new HashMap<>();
  private final List<String> subject;
  private final boolean java;
  private @Nullable Path directory;
  private String input = "";
  private Duration bound = Duration.ofMinutes(2);

  private Program(List<String> command, boolean java, List<String> subject) {
    this.command.addAll(command);
    this.java = java;
    this.subject = subject;
  }

  /** A Java source file, run by the source launcher of the JDK that runs the test. */
  public static Program script(Path file) {
    return new Program(List.of(tool("java")), true, List.of(file.toString()));
  }

  /** A class with a {@code main}, run by the JDK that runs the test. */
  public static Program main(String mainClass) {
    return new Program(List.of(tool("java")), true, List.of(mainClass));
  }

  /** A module's class with a {@code main}, run by the JDK that runs the test. */
  public static Program main(String module, String mainClass) {
    return new Program(List.of(tool("java")), true, List.of("-m", module + "/" + mainClass));
  }

  /** Any other command. */
  public static Program command(String... command) {
    return new Program(List.of(command), false, List.of());
  }

  /**
   * The path of a tool, such as {@code jshell}, of the JDK that runs the test. It may not exist, if
   * that is no full JDK.
   */
  public static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** The class path. Without it the program has an empty one. */
  public Program classPath(Path... entries) {
    return jvmArguments("-cp", join(entries));
  }

  /** The module path. */
  public Program modulePath(Path... entries) {
    return jvmArguments("-p", join(entries));
  }

  private static String join(Path... entries) {
    return Stream.of(entries).map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** More options, which come before the script or class. */
  public Program jvmArguments(String... more) {
    jvmArguments.addAll(List.of(more));
    return this;
  }

  /** More arguments for the program itself. */
  public Program arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** Sets an environment variable, or removes it if {@code value} is null. */
  public Program environment(String key, @Nullable String value) {
    environment.put(key, value);
    return this;
  }

  /** The working directory; that of the test by default. */
  public Program directory(Path directory) {
    this.directory = directory;
    return this;
  }

  /** What it reads from stdin, which then ends. */
  public Program input(String input) {
    this.input = input;
    return this;
  }

  /** How long it may take before it is killed. Be generous: machines can be busy. */
  public Program within(Duration bound) {
    this.bound = bound;
    return this;
  }

  /**
   * Runs the program and waits for its end.
   *
   * @throws AssertionError if it did not end in time; with its output and stacks
   * @throws IOException if it cannot be started
   */
  public Outcome run() throws IOException, InterruptedException {
    try (var running = start()) {
      return running.await();
    }
  }

  /**
   * Starts the program and does not wait.
   *
   * @throws IOException if it cannot be started
   */
  public RunningProgram start() throws IOException {
    var line = new ArrayList<>(command);
    line.addAll(jvmArguments);
    line.addAll(subject);
    line.addAll(arguments);
    var builder = new ProcessBuilder(line);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    if (java) {
      // What the build gave its own JVM is not for the program.
      List.of("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
          .forEach(builder.environment()::remove);
    }
    environment.forEach((key, value) -> {
      if (value == null) {
        builder.environment().remove(key);
      } else {
        builder.environment().put(key, value);
      }
    });
    return RunningProgram.start(builder, input, bound);
  }
}
