package io.procession.internal.training;

import io.procession.Pool;
import io.procession.Task;
import io.procession.internal.engine.AotCache;
import io.procession.internal.engine.JavaCommand;
import io.procession.internal.engine.LaunchOptions;
import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.Sentinel;
import io.procession.internal.os.Signal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The main of the process that makes an {@link AotCache}. It has a worker trained under the eyes of
 * the JVM, has the JVM make a cache of what it saw, tries it, and publishes it.
 */
final class AotTraining {

  private static final long STEP_SECONDS = 120;
  private static final long LONGEST_MILLIS = 600_000;
  private static final int EXIT_KILLED = 137;

  private final AotCache cache;
  private final List<String> jvmArguments;

  private AotTraining(AotCache cache, List<String> jvmArguments) {
    this.cache = cache;
    this.jvmArguments = jvmArguments;
  }

  /**
   * Makes one cache, unless another process is about it.
   *
   * @param arguments the library's jar; the kind; the pid and the start of the process that wants
   *     it, with which this one ends; the arguments of its children's JVMs
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    endWith(new ProcessIdentity(Long.parseLong(arguments[2]), Long.parseLong(arguments[3])));
    var cache = new AotCache(Path.of(arguments[0]), arguments[1]);
    var jvmArguments = List.of(arguments).subList(4, arguments.length);
    try (var file =
            FileChannel.open(cache.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = file.tryLock()) {
      if (lock != null && !cache.isUsable()) {
        new AotTraining(cache, jvmArguments).make();
      }
    }
    // The lock's file stays: where it is deleted, two processes may lock two files.
    System.exit(0);
  }

  private static void endWith(ProcessIdentity parent) {
    var platform = Platform.current();
    platform.becomeChildOf(parent);
    platform.giveWay();
    Runnable end =
        () -> {
          try {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            platform.killGroup(ProcessHandle.current().pid(), Signal.KILL);
          } finally {
            Runtime.getRuntime().halt(EXIT_KILLED);
          }
        };
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            // The parent writes nothing: this is the end of it.
            var _ = System.in.read();
          } catch (IOException e) {
            // So is this.
          }
          end.run();
        });
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            Thread.sleep(LONGEST_MILLIS);
          } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
          }
          end.run();
        });
  }

  private void make() throws IOException, InterruptedException {
    cache.sweep();
    var workshop = cache.workshop();
    clear(workshop);
    Files.createDirectory(workshop);
    try {
      var seen = workshop.resolve("seen");
      var finished = workshop.resolve("finished");
      train(seen);
      run(
          "create",
          "-XX:AOTMode=create",
          "-XX:AOTConfiguration=" + seen,
          "-XX:AOTCache=" + finished);
      // A JVM that must use it ends if it cannot.
      run("try", "-XX:AOTMode=on", "-XX:AOTCache=" + finished);
      try (var file = FileChannel.open(finished, StandardOpenOption.WRITE)) {
        // A power failure must not leave a file that has its name and not its content.
        file.force(true);
      }
      cache.publish(finished);
    } catch (IOException | RuntimeException e) {
      cache.fail(e.toString());
    } finally {
      clear(workshop);
    }
  }

  /** Has a worker do what workers do, and the JVM write down what it saw of it. */
  private void train(Path seen) throws IOException {
    var all = new ArrayList<>(jvmArguments);
    all.addAll(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + seen));
    try (var pool =
        Pool.builder()
            .name("training")
            .workers(1)
            .jvmArguments(all.toArray(String[]::new))
            .build()) {
      AotLessons.teach(pool);
      // It ends by itself, and so nobody kills it while the JVM writes.
      Task<?> last = pool.submit(() -> System.exit(0));
      pool.shutdown();
      var _ = last.handle((_, _) -> 0).join();
    }
    if (!Files.isRegularFile(seen)) {
      throw new IOException("the JVM wrote nothing down");
    }
  }

  /** Runs a child's command with further arguments for the JVM; it must end well. */
  private void run(String step, String... further) throws IOException, InterruptedException {
    var all = new ArrayList<>(jvmArguments);
    all.addAll(List.of(further));
    var options = LaunchOptions.of(AotLessons.class.getName()).withJvmArguments(all);
    var output = cache.workshop().resolve(step + ".log").toFile();
    var sentinel = Platform.current().newSentinel();
    try (var command = JavaCommand.ofLibraryAlone(options, cache.jar())) {
      var process =
          command.processBuilder().redirectErrorStream(true).redirectOutput(output).start();
      try {
        guard(sentinel, process);
        if (!process.waitFor(STEP_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw new IOException(
              "the step failed: %s. step=%s"
                  .formatted(Files.readString(output.toPath()).strip(), step));
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
    } finally {
      if (sentinel.isPresent()) {
        sentinel.get().close();
      }
    }
  }

  private static void guard(Optional<Sentinel> sentinel, Process process) throws IOException {
    var identity = Platform.current().identify(process.pid());
    if (sentinel.isPresent() && identity.isPresent()) {
      sentinel.get().add(identity.get());
    }
  }

  private static void clear(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (var files = Files.newDirectoryStream(directory)) {
      for (var file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
