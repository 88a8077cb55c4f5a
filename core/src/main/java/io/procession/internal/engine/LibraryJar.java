package io.procession.internal.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a child finds this library's own classes: the jar or directory from which this JVM has
 * them; or, where that is no plain file (a jar in a fat jar, a loader of its own), a jar that is
 * written once into the cache.
 *
 * <p>The cached jar is {@code <cache>/<SHA-256 of its content>/procession.jar}; its content is
 * compared before each use, and it appears by an atomic rename, so that any number of processes may
 * write it at once. Where the cache is says {@link CacheDirectory}.
 */
final class LibraryJar {

  /** Written by the build: the path of each of the library's files, a line each. */
  static final String INDEX = "META-INF/procession/classes";

  private static final class Located {
    static final Path PATH = find();
  }

  private LibraryJar() {}

  /**
   * The jar or directory with this library's classes; found once.
   *
   * @throws IllegalStateException if there is none and none can be written
   */
  static Path locate() {
    return Located.PATH;
  }

  private static Path find() {
    var plain = codeSource();
    if (plain != null) {
      return plain;
    }
    try {
      return store(build());
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalStateException(
          "Could not put this library's classes into a jar for child processes;"
              + " name a writable directory with -Dprocession.cache=<directory>. error="
              + e,
          e);
    }
  }

  private static @Nullable Path codeSource() {
    var source = LibraryJar.class.getProtectionDomain().getCodeSource();
    var location = source == null ? null : source.getLocation();
    if (location == null || !location.getProtocol().equals("file")) {
      return null;
    }
    try {
      var path = Path.of(location.toURI()).toAbsolutePath();
      var hasClasses =
          Files.isDirectory(path)
              ? Files.isRegularFile(path.resolve(classFile()))
              : holdsClassesAtItsRoot(path);
      return hasClasses ? path : null;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null; // an odd loader's odd location; the cached jar serves it
    }
  }

  /** A fat jar's own loader may name the outer jar, where the classes are not to be found. */
  private static boolean holdsClassesAtItsRoot(Path jar) {
    try (var file = new java.util.zip.ZipFile(jar.toFile())) {
      return file.getEntry(classFile()) != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static String classFile() {
    return LibraryJar.class.getName().replace('.', '/') + ".class";
  }

  /** The jar's bytes; equal for equal classes. */
  static byte[] build() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var jar = new ZipOutputStream(bytes)) {
      for (var name : index()) {
        add(jar, name, resource(name));
      }
    }
    return bytes.toByteArray();
  }

  private static List<String> index() throws IOException {
    var names = new String(resource(INDEX), StandardCharsets.UTF_8).lines();
    return names.filter(name -> !name.isBlank()).sorted().toList();
  }

  private static byte[] resource(String name) throws IOException {
    try (var in = LibraryJar.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IOException(
            "This library's jar was repackaged without a file that belongs to it. file=" + name);
      }
      return in.readAllBytes();
    }
  }

  /** Stored, not packed: the jar is read more often than written, and Java versions pack alike. */
  private static void add(ZipOutputStream jar, String name, byte[] content) throws IOException {
    var entry = new ZipEntry(name);
    var crc = new CRC32();
    crc.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
    jar.putNextEntry(entry);
    jar.write(content);
    jar.closeEntry();
  }

  private static Path store(byte[] content) throws IOException {
    IOException failure = null;
    for (var cache : CacheDirectory.candidates()) {
      try {
        return store(content, cache.create());
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure == null ? new IOException("there is no directory for a cache") : failure;
  }

  static Path store(byte[] content, Path cache) throws IOException {
    var directory = cache.resolve(sha256(content));
    var jar = directory.resolve("procession.jar").toAbsolutePath();
    if (Files.isRegularFile(jar) && Arrays.equals(Files.readAllBytes(jar), content)) {
      return jar;
    }
    Files.createDirectories(directory);
    var temporary = Files.createTempFile(directory, "procession", ".tmp");
    try {
      Files.write(temporary, content);
      Files.move(temporary, jar, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return jar;
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
