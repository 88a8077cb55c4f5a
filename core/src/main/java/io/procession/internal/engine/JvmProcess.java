package io.procession.internal.engine;

import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.Signal;
import io.procession.internal.wire.Birth;
import io.procession.spi.Engine;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The process of a child JVM: its start, its standard streams, its end. */
final class JvmProcess {

  private static final int TAIL_LINES = 40;

  private static final Set<String> CRASHES = Set.of("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL");

  /**
   * How long the rest of the output is waited for: another process may hold the pipe open for ever.
   */
  private static final Duration OUTPUT_GRACE = Duration.ofSeconds(1);

  private final Process process;
  private final ProcessIdentity identity;
  private final JavaCommand command;
  private final @Nullable Path directory;
  private final LineForwarder errors;
  private final @Nullable LineForwarder output;

  private JvmProcess(
      Process process,
      ProcessIdentity identity,
      JavaCommand command,
      @Nullable Path directory,
      String name,
      boolean isPiped,
      ChildLines.@Nullable Sink sink) {
    this.process = process;
    this.identity = identity;
    this.command = command;
    this.directory = directory;
    if (sink != null) {
      this.errors =
          LineForwarder.toSink(
              "procession-stderr-" + name,
              process.getErrorStream(),
              JavaCommand.errorCharset(),
              TAIL_LINES,
              true,
              sink);
      this.output =
          LineForwarder.toSink(
              "procession-stdout-" + name,
              process.getInputStream(),
              JavaCommand.outputCharset(),
              0,
              false,
              sink);
      return;
    }
    this.errors =
        LineForwarder.toStream(
            "procession-stderr-" + name,
            process.getErrorStream(),
            JavaCommand.errorCharset(),
            TAIL_LINES,
            () -> System.err);
    this.output =
        isPiped
            ? LineForwarder.toStream(
                "procession-stdout-" + name,
                process.getInputStream(),
                JavaCommand.outputCharset(),
                0,
                () -> System.out)
            : null;
  }

  /**
   * Starts the process; it waits for {@link #tell} before it does anything. To be called in the
   * hub's thread for this.
   *
   * @param lines what becomes of its output; null: it is inherited
   * @throws IOException if the system refuses a process; the message says why
   */
  static JvmProcess start(LaunchOptions options, String name, @Nullable ChildLines lines)
      throws IOException {
    var command = JavaCommand.of(options);
    Process process = null;
    try {
      var builder = command.processBuilder().redirectError(Redirect.PIPE);
      // Asked once: the program may put another System.out in place meanwhile.
      var isPiped = lines != null || StandardOutput.mustBeForwarded();
      builder.redirectOutput(isPiped ? Redirect.PIPE : Redirect.INHERIT);
      process = builder.start();
      var pid = process.pid();
      var identity =
          Platform.current()
              .identify(pid)
              .orElseThrow(() -> new IOException("the child process vanished. pid=" + pid));
      command.started();
      var sink = lines == null ? null : lines.open(name);
      return new JvmProcess(process, identity, command, options.directory(), name, isPiped, sink);
    } catch (IOException | RuntimeException | Error e) {
      // Such as no memory for its threads: nobody would ever hear of this process again.
      if (process != null) {
        process.destroyForcibly();
      }
      command.close();
      if (!(e instanceof IOException)) {
        throw e;
      }
      throw new IOException(
          "no child process can be started here (%s); check the limit on processes, the memory, and"
                  .formatted(e.getMessage())
              + " whether this environment forbids new processes (procession doctor). java="
              + command.arguments().getFirst(),
          e);
    }
  }

  /** Tells the child who it is. Its standard input stays open: its end is our death. */
  void tell(Birth birth) throws IOException {
    var stream = new DataOutputStream(process.getOutputStream());
    birth.encode(stream);
    stream.flush();
  }

  ProcessIdentity identity() {
    return identity;
  }

  // Through the handle: the process's own methods would close its pipes, too. The end of its
  // standard input would kill it before its shutdown hooks are done, and its last lines were lost.

  void kill() {
    process.toHandle().destroyForcibly();
  }

  void terminate() {
    process.toHandle().destroy();
  }

  /** Kills it and everything that it started. */
  void killTree() {
    try {
      var descendants = process.descendants().toList();
      killGroup();
      descendants.forEach(ProcessHandle::destroyForcibly);
    } finally {
      kill();
    }
  }

  /** Kills what is left of its group after its death. */
  void killGroup() {
    Platform.current().killGroup(identity.pid(), Signal.KILL);
  }

  /**
   * Calls {@code ended} once, when the process was reaped and its output was passed on, whatever
   * goes wrong meanwhile.
   *
   * @param afterDeath runs between the two
   */
  void onExit(Runnable afterDeath, IntConsumer ended) {
    Thread.ofVirtual()
        .name("procession-exit-" + identity.pid())
        .start(() -> {
          var code = awaitDeath();
          try {
            afterDeath.run();
            awaitOutput();
            close();
          } finally {
            ended.accept(code);
          }
        });
  }

  /** Waits until the process was reaped. */
  int awaitDeath() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }

  private void awaitOutput() {
    try {
      errors.awaitEnd(OUTPUT_GRACE);
      if (output != null) {
        output.awaitEnd(OUTPUT_GRACE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void close() {
    try {
      command.close();
      process.getOutputStream().close();
    } catch (IOException e) {
      // The pipe broke with the child's death, which is why it is closed.
      return;
    }
  }

  List<String> lastLines() {
    return errors.tail();
  }

  /** The report that the JVM writes when it crashes. */
  @Nullable Path errorFile() {
    var file = "hs_err_pid" + identity.pid() + ".log";
    var here = directory == null ? Path.of("").toAbsolutePath() : directory;
    for (var place : List.of(here, Path.of(System.getProperty("java.io.tmpdir", "/tmp")))) {
      if (Files.exists(place.resolve(file))) {
        return place.resolve(file);
      }
    }
    return null;
  }

  /**
   * How a process that exited with {@code code} ended.
   *
   * @param exiting whether it was seen exiting by itself
   */
  Engine.Exit exit(int code, boolean exiting, boolean wasReady, @Nullable Exception cause) {
    var signal = signal(code, exiting);
    if (!wasReady && code != 0 && (signal == null || CRASHES.contains(signal))) {
      distrustCache();
    }
    return new Engine.Exit(identity.pid(), code, signal, wasReady, errorFile(), lastLines(), cause);
  }

  /** Whatever it died of, the next one shall not die of a damaged cache. */
  private void distrustCache() {
    try {
      command.failed();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "an AOT cache with which a child died cannot be removed; start with -D%s=off"
              .formatted(AotCache.PROPERTY),
          e);
    }
  }

  /**
   * The signal that killed a process, as its exit code tells; a process can also exit with such a
   * code.
   */
  private static @Nullable String signal(int code, boolean exiting) {
    var byHandler =
        code == 128 + Signal.TERM.number()
            || code == 128 + Signal.INT.number()
            || code == 128 + Signal.HUP.number();
    if (exiting && !byHandler) {
      return null;
    }
    for (var signal : Signal.values()) {
      if (code == 128 + signal.number()) {
        return "SIG" + signal;
      }
    }
    return null;
  }
}
