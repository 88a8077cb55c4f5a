package io.procession.internal.engine;

import io.procession.internal.os.Platform;
import io.procession.internal.wire.Birth;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has an {@link AotCache} made that is missing: in the background, by a process of its own, which
 * gives way to all others and ends with this one, whatever happens.
 */
final class AotBuild {

  /** The main class of that process. */
  private static final String MAIN = "io.procession.internal.training.AotTraining";

  /** A program that ends sooner would only waste the work, each time it runs. */
  private static final long DELAY_MILLIS = 1000;

  private static final System.Logger LOGGER = System.getLogger(AotBuild.class.getName());
  private static final Set<String> STARTED = ConcurrentHashMap.newKeySet();

  private AotBuild() {}

  /** Has it made, unless that was tried; returns at once. Only the root of a family does it. */
  static void request(AotCache missing, LaunchOptions options) {
    if (Birth.current() != null || !STARTED.add(missing.kind())) {
      return;
    }
    // A thread of the platform's that lasts: the death signal follows it.
    Thread.ofPlatform()
        .daemon()
        .name("procession-aot-cache")
        .start(() -> {
          try {
            Thread.sleep(DELAY_MILLIS);
            build(missing, options);
          } catch (IOException | RuntimeException | InterruptedException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "no AOT cache was made for child processes", e);
          }
        });
  }

  private static void build(AotCache missing, LaunchOptions options)
      throws IOException, InterruptedException {
    var cache = AotCache.prepare(missing.jar(), missing.kind());
    if (cache.isUsable() || cache.hasFailed() || isBeingMade(cache)) {
      return;
    }
    var self = Platform.current().self();
    var arguments =
        new ArrayList<>(
            List.of(
                cache.jar().toString(),
                cache.kind(),
                Long.toString(self.pid()),
                Long.toString(self.start())));
    var jvmArguments = AotCache.telling(options.jvmArguments());
    arguments.addAll(jvmArguments);
    var training =
        LaunchOptions.of(MAIN).withJvmArguments(jvmArguments).withMainArguments(arguments);
    try (var command = JavaCommand.ofLibraryAlone(training, cache.jar())) {
      var process =
          command
              .processBuilder()
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      // Its standard input stays open meanwhile: the end of it is this process's death.
      var code = process.waitFor();
      process.getOutputStream().close();
      if (code != 0 && !cache.hasFailed()) {
        cache.fail("the process that makes it ended. exitCode=" + code);
      }
    }
  }

  private static boolean isBeingMade(AotCache cache) throws IOException {
    Path lock = cache.lock();
    try (var file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = file.tryLock()) {
      return held == null;
    }
  }
}
