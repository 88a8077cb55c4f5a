package io.procession.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that a test has started: {@link Program#start}. Closing it kills what is left of it.
 *
 * <p>Its output goes to files, not through pipes: a process that outlives it cannot hold the test.
 */
public final class RunningProgram implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final long STACK_SECONDS = 10;

  private final Process process;
  private final String mark;
  private final Path files;
  private final long startNanos;
  private final Duration bound;

  private RunningProgram(
      Process process, String mark, Path files, long startNanos, Duration bound) {
    this.process = process;
    this.mark = mark;
    this.files = files;
    this.startNanos = startNanos;
    this.bound = bound;
  }

  static RunningProgram start(ProcessBuilder builder, String input, Duration bound)
      throws IOException {
    var files = Files.createTempDirectory("program-");
    var mark = Marker.next();
    Marker.put(builder.environment(), mark);
    try {
      Files.writeString(files.resolve("stdin"), input);
      var process =
          builder
              .redirectInput(files.resolve("stdin").toFile())
              .redirectOutput(files.resolve("stdout").toFile())
              .redirectError(files.resolve("stderr").toFile())
              .start();
      return new RunningProgram(process, mark, files, System.nanoTime(), bound);
    } catch (IOException e) {
      delete(files);
      throw e;
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** What it wrote to stdout so far. */
  public String output() throws IOException {
    return read("stdout");
  }

  /** What it wrote to stderr so far. */
  public String errors() throws IOException {
    return read("stderr");
  }

  private String read(String name) throws IOException {
    return new String(Files.readAllBytes(files.resolve(name)), UTF_8);
  }

  /** The living processes below it. */
  public List<ProcessHandle> descendants() {
    try (var descendants = process.descendants()) {
      return descendants.toList();
    }
  }

  /**
   * Waits until its stdout is as wanted.
   *
   * @throws AssertionError if it ended before, or took too long
   */
  public void awaitOutput(Predicate<String> wanted) throws IOException, InterruptedException {
    while (!wanted.test(output())) {
      if (!process.isAlive() && !wanted.test(output())) {
        throw new AssertionError(
            "the program ended before it wrote what was awaited\n" + outcome());
      }
      if (elapsed().compareTo(bound) > 0) {
        throw tooLong();
      }
      Thread.sleep(PAUSE);
    }
  }

  /** Sends it a signal, by its short name such as {@code INT}. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  /**
   * Waits for its end.
   *
   * @throws AssertionError if it did not end in time; with its output and the stacks of its JVMs
   */
  public Outcome await() throws IOException, InterruptedException {
    var rest = bound.minus(elapsed());
    if (!process.waitFor(Math.max(0, rest.toNanos()), TimeUnit.NANOSECONDS)) {
      throw tooLong();
    }
    return outcome();
  }

  private Outcome outcome() throws IOException {
    return new Outcome(process.isAlive() ? -1 : process.exitValue(), output(), errors(), elapsed());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private AssertionError tooLong() throws IOException, InterruptedException {
    var stacks = new StringBuilder();
    for (var handle : family()) {
      stacks.append("--- stacks of pid ").append(handle.pid()).append('\n').append(stacks(handle));
    }
    return new AssertionError(
        "the program did not end in time\n%s%s bound=%s".formatted(outcome(), stacks, bound));
  }

  /**
   * The living processes that are the program's: itself, and what it started, and what those
   * started; also once it is dead, where the system has a {@code /proc}.
   */
  public List<ProcessHandle> family() {
    return Stream.of(List.of(process.toHandle()), descendants(), Marker.marked(mark))
        .flatMap(List::stream)
        .filter(ProcessHandle::isAlive)
        .distinct()
        .toList();
  }

  private String stacks(ProcessHandle handle) throws IOException, InterruptedException {
    var file = files.resolve("stacks-" + handle.pid());
    var jstack =
        new ProcessBuilder(Program.tool("jstack"), Long.toString(handle.pid()))
            .redirectErrorStream(true)
            .redirectOutput(file.toFile())
            .start();
    if (!jstack.waitFor(STACK_SECONDS, TimeUnit.SECONDS)) {
      jstack.destroyForcibly().waitFor();
    }
    return read(String.valueOf(file.getFileName()));
  }

  /** Kills what is left of it and deletes its files. */
  @Override
  public void close() throws IOException {
    var left = family();
    left.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
    delete(files);
  }

  private static void delete(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      for (var entry : entries.collect(Collectors.toList())) {
        Files.delete(entry);
      }
    }
    Files.delete(directory);
  }
}
