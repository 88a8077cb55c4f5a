package io.procession.internal.os;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A JVM that a test starts, talks to line by line, and is sure to be rid of. */
public final class ChildJvm implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Process process;
  private final BufferedReader reader;
  private final Writer writer;

  private ChildJvm(Process process) {
    this.process = process;
    reader = process.inputReader(StandardCharsets.UTF_8);
    writer = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts {@code main} with some arguments for the JVM and some for itself. */
  public static ChildJvm start(Class<?> main, List<String> options, Object... arguments)
      throws IOException {
    var all = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
    all.addAll(options);
    return startBare(main, all, arguments);
  }

  /** The same, without the right to make native calls. */
  public static ChildJvm startBare(Class<?> main, List<String> options, Object... arguments)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m"));
    command.addAll(options);
    command.add("-cp");
    command.add(root(Platform.class) + System.getProperty("path.separator") + root(main));
    command.add(main.getName());
    for (var argument : arguments) {
      command.add(argument.toString());
    }
    return new ChildJvm(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  /** The directory of class files that holds this one. */
  private static Path root(Class<?> type) {
    var name = type.getName().replace('.', '/') + ".class";
    var resource = type.getResource("/" + name);
    if (resource == null) {
      throw new IllegalStateException("no class file; name=" + name);
    }
    var address = resource.toString();
    return Path.of(URI.create(address.substring(0, address.length() - name.length())));
  }

  public Process process() {
    return process;
  }

  public long pid() {
    return process.pid();
  }

  public String readLine() {
    try {
      var line = reader.readLine();
      if (line == null) {
        throw new IllegalStateException("the child ended early; exit=" + process.waitFor());
      }
      return line;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  public long readLong() {
    return Long.parseLong(readLine());
  }

  public void writeLine(Object line) {
    try {
      writer.write(line + "\n");
      writer.flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Kill -9, and waits until it is reaped. */
  public void kill() {
    process.destroyForcibly();
    exitCode();
  }

  public int exitCode() {
    try {
      return process.waitFor();
    } catch (InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    reader.close();
    try {
      writer.close();
    } catch (IOException _) {
      // nobody reads any more
    }
  }

  /** Waits for a condition that must come true. */
  public static void await(String what, BooleanSupplier condition) {
    var start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new AssertionError("did not come true: " + what);
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
