package io.procession.internal.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's ahead-of-time cache for one kind of child: this library's classes as they are after
 * loading and linking, and what the JIT compiler needs to know about them.
 *
 * <p>It holds nothing of the user's: it is made over one jar, this library's, at a path that is
 * named by the jar's content, which comes first on the child's class path. A class path that goes
 * on behind it does not matter to the JVM. Kinds of children differ in the JDK, the collector, and
 * each option that the JVM compares, such as those of modules.
 *
 * <pre>
 *   cache/origins/(SHA-256 of a jar's path, size and time)   names the SHA-256 of its content
 *   cache/(SHA-256)/procession.jar
 *   cache/(SHA-256)/(kind).aot                               the JVM's file
 *   cache/(SHA-256)/(kind).seal                              its size and time: it is whole
 *   cache/(SHA-256)/(kind).failed                            why there is none; keeps for a day
 *   cache/(SHA-256)/(kind).lock, (kind).building/            while one is made
 * </pre>
 *
 * @param jar the library's jar, first on the class path
 * @param kind the name of this kind of child
 * @param isTrusted whether nobody else can have put files beside the jar; else it is never usable
 */
public record AotCache(Path jar, String kind, boolean isTrusted) {

  /** {@code off}, or the directory that is used instead of the usual one. */
  public static final String PROPERTY = "procession.aotCache";

  static final String JAR = "procession.jar";

  private static final String ORIGINS = "origins";
  private static final Duration FAILURE_KEEPS = Duration.ofDays(1);
  private static final Duration UNUSED_KEEPS = Duration.ofDays(30);

  /** What is the same to the JVM whichever cache it has. */
  private static final Pattern INDIFFERENT =
      Pattern.compile(
          "-D.*|-Xm[xsn].*|-Xss.*|-Xlog.*|-ea.*|-da.*|-esa|-dsa|-(en|dis)able(system)?assertions.*"
              + "|-XX:(MaxRAM|InitialRAM|MinRAM|ActiveProcessorCount|ErrorFile|HeapDump"
              + "|[+-]HeapDump|[+-]ExitOnOutOfMemory|[+-]CrashOnOutOfMemory"
              + "|MaxMetaspaceSize|MaxDirectMemorySize|[+-]UsePerfData).*");

  /** With these the JVM takes no cache, or the user has said which one. */
  private static final Pattern EXCLUDING =
      Pattern.compile(
          "-XX:\\+?(SharedArchiveFile|ArchiveClassesAtExit|AutoCreateSharedArchive|AOT|Flags"
              + "|VMOptionsFile).*|-Xshare.*|-javaagent.*|-agent.*|@.*|--patch-module.*"
              + "|--upgrade-module-path.*|-Xbootclasspath.*|--module-path.*|-Djava.system.class.*");

  /** The cache over a jar in a directory that was found to be this user's alone. */
  public AotCache(Path jar, String kind) {
    this(jar, kind, true);
  }

  /**
   * The cache for children with these arguments, the best that there is; not usable if there is
   * none yet. Null where there can be none: it was switched off, the options exclude it, or the
   * library is a directory of classes, which may change.
   *
   * @param library where this process has the library from
   * @param arguments the arguments of the child's JVM, without class path
   */
  static @Nullable AotCache of(Path library, List<String> arguments) {
    if (isOff() || !library.getFileSystem().equals(FileSystems.getDefault())) {
      return null;
    }
    if (!Files.isRegularFile(library)
        || arguments.stream().anyMatch(argument -> EXCLUDING.matcher(argument).matches())) {
      return null;
    }
    var kind = kind(arguments);
    for (var directory : directories()) {
      var hash = knownHash(directory.path(), library);
      if (hash != null) {
        var cache = new AotCache(directory.path().resolve(hash, JAR), kind);
        if (cache.isUsable() && directory.isPrivate()) {
          return cache;
        }
      }
    }
    // It only names what is missing: anyone may write where the library lies.
    return new AotCache(library, kind, false);
  }

  private static boolean isOff() {
    return System.getProperty(PROPERTY, "").equals("off");
  }

  private static List<CacheDirectory> directories() {
    var property = System.getProperty(PROPERTY, "");
    return property.isEmpty()
        ? CacheDirectory.candidates()
        : List.of(CacheDirectory.of(Path.of(property)));
  }

  /** Which of these arguments a child must have so that it is of the same kind. */
  static List<String> telling(List<String> arguments) {
    return arguments.stream().filter(each -> !INDIFFERENT.matcher(each).matches()).toList();
  }

  private static String kind(List<String> arguments) {
    var words = new ArrayList<>(telling(arguments));
    for (var property : List.of("java.vm.name", "java.vm.version", "java.vm.vendor", "java.home")) {
      words.add(System.getProperty(property, ""));
    }
    words.add(stamp(Path.of(System.getProperty("java.home", ""), "lib", "modules")));
    words.add(System.getProperty("procession.os", ""));
    var bytes = String.join("\n", words).getBytes(StandardCharsets.UTF_8);
    return LibraryJar.sha256(bytes).substring(0, 32);
  }

  /** Size and time, in seconds: copies keep no more. */
  private static String stamp(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.SECONDS);
    } catch (IOException e) {
      return "absent";
    }
  }

  private static Path origin(Path directory, Path library) {
    var name = (library + "\n" + stamp(library)).getBytes(StandardCharsets.UTF_8);
    return directory.resolve(ORIGINS, LibraryJar.sha256(name).substring(0, 32));
  }

  /** The hash of the jar's content; null if nobody has worked it out. */
  private static @Nullable String knownHash(Path directory, Path library) {
    var parent = library.getParent();
    if (parent != null && directory.equals(parent.getParent()) && library.endsWith(JAR)) {
      return parent.getFileName().toString();
    }
    try {
      var hash = Files.readString(origin(directory, library));
      return hash.matches("[0-9a-f]{64}") ? hash : null;
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Puts a copy of the library where a cache can be made over it.
   *
   * @param library where this process has the library from
   * @throws IOException if no directory for a cache can be written
   */
  static AotCache prepare(Path library, String kind) throws IOException {
    var content = Files.readAllBytes(library);
    IOException failure = null;
    for (var directory : directories()) {
      try {
        var path = directory.create();
        if (!directory.isPrivate()) {
          throw new IOException("other users can write to it. directory=" + path);
        }
        var jar = LibraryJar.store(content, path);
        var origin = origin(path, library);
        Files.createDirectories(path.resolve(ORIGINS));
        write(origin, LibraryJar.sha256(content));
        return new AotCache(jar, kind);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure == null ? new IOException("there is no directory for a cache") : failure;
  }

  /** The name of a file, or directory, that belongs to this cache. */
  private Path sibling(String ending) {
    return jar.resolveSibling(kind + ending);
  }

  public Path file() {
    return sibling(".aot");
  }

  private Path seal() {
    return sibling(".seal");
  }

  private Path failed() {
    return sibling(".failed");
  }

  /** Locked by who makes the cache. */
  public Path lock() {
    return sibling(".lock");
  }

  /** Where it is made. */
  public Path workshop() {
    return sibling(".building");
  }

  /** Whether there is one, and it is as it was made. */
  public boolean isUsable() {
    try {
      return isTrusted
          && Files.isRegularFile(jar)
          && Files.readString(seal()).equals(stamp(file()));
    } catch (IOException e) {
      return false;
    }
  }

  /** The flags with which a JVM uses it, and says nothing if it cannot. */
  List<String> flags() {
    return List.of("-XX:AOTCache=" + file(), "-Xlog:aot*=off:stderr", "-Xlog:cds*=off:stderr");
  }

  /** Takes a finished file in. */
  public void publish(Path finished) throws IOException {
    Files.move(finished, file(), StandardCopyOption.ATOMIC_MOVE);
    write(seal(), stamp(file()));
    Files.deleteIfExists(failed());
  }

  /** Called when a child died of it: nobody uses it from now on. */
  void distrust() throws IOException {
    Files.deleteIfExists(seal());
  }

  /** Whether lately one could not be made. */
  boolean hasFailed() {
    try {
      var failed = Files.getLastModifiedTime(failed()).toInstant();
      return failed.isAfter(Instant.now().minus(FAILURE_KEEPS));
    } catch (IOException e) {
      return false;
    }
  }

  /** Notes why one cannot be made. */
  public void fail(String why) throws IOException {
    write(failed(), why);
  }

  /** Deletes caches that nobody has used for long, whatever library and JDK they are for. */
  public void sweep() throws IOException {
    var limit = Instant.now().minus(UNUSED_KEEPS);
    // The record's own place: cache/(SHA-256)/procession.jar.
    var directories = jar.resolveSibling("..").normalize();
    try (var jars = Files.newDirectoryStream(directories, "[0-9a-f]*")) {
      for (var directory : jars) {
        try (var seals = Files.newDirectoryStream(directory, "*.seal")) {
          for (var seal : seals) {
            if (Files.getLastModifiedTime(seal).toInstant().isBefore(limit)) {
              var name = seal.getFileName().toString().replace(".seal", ".aot");
              Files.deleteIfExists(seal);
              Files.deleteIfExists(directory.resolve(name));
            }
          }
        }
      }
    }
  }

  /** Keeps {@link #sweep} away; at most once a day. */
  void touch() throws IOException {
    var now = Instant.now();
    try {
      if (Files.getLastModifiedTime(seal()).toInstant().isBefore(now.minus(FAILURE_KEEPS))
          && Files.isWritable(seal())) {
        Files.setLastModifiedTime(seal(), java.nio.file.attribute.FileTime.from(now));
      }
    } catch (NoSuchFileException e) {
      // Another process distrusts the cache or swept it: there is nothing left to keep.
      return;
    }
  }

  private static void write(Path file, String content) throws IOException {
    var temporary = Files.createTempFile(file.getParent(), "new", ".tmp");
    try {
      Files.writeString(temporary, content);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
