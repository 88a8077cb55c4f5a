package io.procession.tools;

import io.procession.internal.os.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Looks at the machine for {@code procession doctor}; leaves nothing behind. */
final class Examination {

  private static final int FEATURE = 25;
  private static final long FEW_OPEN_FILES = 1024;
  private static final long FEW_PROCESSES = 512;
  private static final long SMALL_SHM_BYTES = 1L << 30;
  private static final long JVM_START_SECONDS = 60;

  List<Finding> findings() throws InterruptedException {
    var findings = new ArrayList<Finding>();
    findings.add(jdk());
    findings.add(childJvm());
    findings.addAll(platform());
    findings.add(sharedMemoryDirectory(Path.of("/dev/shm")));
    findings.add(openFiles(limit("Max open files")));
    findings.add(processes(limit("Max processes")));
    findings.add(temporaryDirectory(Path.of(System.getProperty("java.io.tmpdir"))));
    findings.add(cacheDirectory(cache()));
    return findings;
  }

  private static Finding jdk() {
    var version = Runtime.version();
    var detail =
        "%s, %s, java.home=%s"
            .formatted(version, System.getProperty("java.vendor"), System.getProperty("java.home"));
    if (version.feature() < FEATURE) {
      return Finding.fail("JDK", detail, "install a JDK " + FEATURE + " or newer");
    }
    return ModuleLayer.boot().findModule("jdk.compiler").isPresent()
            || Files.isExecutable(Path.of(System.getProperty("java.home"), "bin", "javac"))
        ? Finding.ok("JDK", detail)
        : Finding.warn(
            "JDK",
            detail + ", without a compiler",
            "scripts need a full JDK; jars run as they are");
  }

  /** Whether this process may start another, and a JVM comes up in it. */
  private static Finding childJvm() throws InterruptedException {
    var name = "child JVM";
    var remedy = "allow new processes: ulimit -u, the container's pids limit, its memory limit";
    try {
      var child =
          new ProcessBuilder(LibraryLocation.java().toString(), "-version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!child.waitFor(JVM_START_SECONDS, TimeUnit.SECONDS)) {
        child.destroyForcibly().waitFor();
        return Finding.fail(name, "did not end in " + JVM_START_SECONDS + " s", remedy);
      }
      return child.exitValue() == 0
          ? Finding.ok(name, "starts and ends")
          : Finding.fail(name, "ended at once; exitCode=" + child.exitValue(), remedy);
    } catch (WrongUse e) {
      return Finding.fail(name, "this runtime has no java command", "use a full JDK");
    } catch (IOException e) {
      return Finding.fail(name, String.valueOf(e.getMessage()), remedy);
    }
  }

  private static List<Finding> platform() {
    try {
      var platform = Platform.current();
      var findings = new ArrayList<Finding>();
      findings.add(Finding.ok("platform", platform.name()));
      platform.checks().stream().map(Finding::of).forEach(findings::add);
      return findings;
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return List.of(
          Finding.fail(
              "platform",
              String.valueOf(e.getMessage()),
              "remove the system property " + Platform.PROPERTY));
    }
  }

  static Finding sharedMemoryDirectory(Path directory) {
    var name = "/dev/shm";
    if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
      return Finding.warn(
          name,
          "not there or not writable; memfd does not need it",
          "mount a tmpfs there if memfd is missing, too");
    }
    try {
      var bytes = Files.getFileStore(directory).getUsableSpace();
      var detail = "usable=%d MiB; memfd does not need it".formatted(bytes >> 20);
      return bytes < SMALL_SHM_BYTES
          ? Finding.ok(name, detail + ", whose memory counts against the container's limit")
          : Finding.ok(name, detail);
    } catch (IOException e) {
      return Finding.warn(name, String.valueOf(e.getMessage()), "mount a tmpfs there");
    }
  }

  static Finding openFiles(OptionalLong limit) {
    return limited("open files", limit, FEW_OPEN_FILES, "raise it with ulimit -n 4096");
  }

  static Finding processes(OptionalLong limit) {
    return limited(
        "processes",
        limit,
        FEW_PROCESSES,
        "raise it with ulimit -u 4096; each thread of each JVM counts");
  }

  private static Finding limited(String name, OptionalLong limit, long few, String remedy) {
    if (limit.isEmpty()) {
      return Finding.ok(name, "no limit, or none that can be seen");
    }
    var detail = "limit=" + limit.getAsLong();
    return limit.getAsLong() < few
        ? Finding.warn(name, detail + ", little for several JVMs", remedy)
        : Finding.ok(name, detail);
  }

  /** The soft limit; empty if there is none or it cannot be read here. */
  private static OptionalLong limit(String name) {
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip().replaceFirst(" .*", ""))
          .filter(value -> value.chars().allMatch(Character::isDigit))
          .mapToLong(Long::parseLong)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty(); // not Linux, or no /proc: the line about /proc says so
    }
  }

  static Finding temporaryDirectory(Path directory) {
    return Files.isDirectory(directory) && Files.isWritable(directory)
        ? Finding.ok("temporary files", directory.toString())
        : Finding.fail(
            "temporary files",
            directory + " is not writable",
            "name one that is with -Djava.io.tmpdir=<directory>");
  }

  private static Path cache() {
    var property = System.getProperty("procession.cache", "");
    if (!property.isEmpty()) {
      return Path.of(property).toAbsolutePath();
    }
    var xdg = Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", ""));
    var usual = xdg.isAbsolute() ? xdg : Path.of(System.getProperty("user.home"), ".cache");
    return usual.resolve("procession").toAbsolutePath();
  }

  static Finding cacheDirectory(Path cache) {
    var existing = cache;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
      if (existing == null) {
        break;
      }
    }
    return existing != null && Files.isDirectory(existing) && Files.isWritable(existing)
        ? Finding.ok("cache directory", cache.toString())
        : Finding.warn(
            "cache directory",
            cache + " is not writable, the temporary directory serves instead",
            "name one that is with -Dprocession.cache=<directory>");
  }
}
