package io.procession.internal.codec;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a main class of the tests in another JVM, on the plain class path, to its end. */
final class OtherJvm {

  /** What the test itself runs on, whether as modules or not. */
  static String classPath() {
    return Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
        .map(name -> System.getProperty(name, ""))
        .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
        .filter(entry -> !entry.isEmpty())
        .flatMap(OtherJvm::withTestClasses)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Patched into a module, the classes of the tests stand on neither path. */
  private static Stream<String> withTestClasses(String entry) {
    var path = Path.of(entry);
    return path.endsWith("classes")
        ? Stream.of(entry, path.resolveSibling("test-classes").toString())
        : Stream.of(entry);
  }

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** Runs {@code command} and gives what it printed. */
  static String run(Path directory, List<String> command) throws IOException, InterruptedException {
    var log = Files.createTempFile(directory, "output", ".txt");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      var status = process.waitFor();
      var output = Files.readString(log);
      if (status != 0) {
        throw new AssertionError("status=%d output=%s".formatted(status, output));
      }
      return output;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  static String main(Path directory, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(java().toString(), "-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return run(directory, command);
  }

  private OtherJvm() {}
}
