package io.procession.internal.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the segments that another process owns or has mapped, to be looked at and not touched. */
public final class SegmentFiles {

  private static final String MEMFD = "/memfd:procession";
  private static final String SUFFIX = ".segment";
  private static final String DELETED = " (deleted)";

  /** A line of {@code /proc/<pid>/maps}: the range, and the file, if there is one. */
  private static final Pattern MAPPING =
      Pattern.compile("(?<range>[0-9a-f]+-[0-9a-f]+) \\S+ \\S+ \\S+ \\d+ +(?<file>/.*)");

  private SegmentFiles() {}

  /**
   * Where segments of this process can be opened: first those that it owns, then those that it has
   * mapped, for which this process may need the rights of root. None may be there any more when it
   * is opened.
   *
   * @throws AccessDeniedException if this process may not look
   */
  public static List<Path> of(long pid) throws IOException {
    var files = new ArrayList<Path>();
    var process = Path.of("/proc", Long.toString(pid));
    if (Files.isDirectory(process)) {
      files.addAll(owned(process.resolve("fd")));
    }
    files.addAll(inDirectories(pid));
    if (Files.isDirectory(process)) {
      files.addAll(mapped(process));
    }
    return files;
  }

  private static List<Path> owned(Path descriptors) throws IOException {
    var files = new ArrayList<Path>();
    for (var descriptor : entries(descriptors, "*")) {
      try {
        if (Files.readSymbolicLink(descriptor).toString().startsWith(MEMFD)) {
          files.add(descriptor);
        }
      } catch (NoSuchFileException _) {
        // it was closed meanwhile
      }
    }
    return files;
  }

  /** On the portable platform: see {@code SegmentDirectory}. */
  private static List<Path> inDirectories(long pid) throws IOException {
    var files = new ArrayList<Path>();
    var parent = Path.of(System.getProperty("java.io.tmpdir"));
    for (var directory : entries(parent, "procession-" + pid + "-*")) {
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        files.addAll(entries(directory, "*" + SUFFIX));
      }
    }
    return files;
  }

  private static List<Path> mapped(Path process) throws IOException {
    var files = new ArrayList<Path>();
    for (var line : Files.readAllLines(process.resolve("maps"))) {
      var mapping = MAPPING.matcher(line);
      if (mapping.matches()) {
        var file = mapping.group("file");
        if (file.startsWith(MEMFD) || file.endsWith(SUFFIX + DELETED)) {
          files.add(process.resolve("map_files").resolve(mapping.group("range")));
        } else if (file.endsWith(SUFFIX)) {
          files.add(Path.of(file));
        }
      }
    }
    return files;
  }

  private static List<Path> entries(Path directory, String glob) throws IOException {
    var entries = new ArrayList<Path>();
    try (var stream = Files.newDirectoryStream(directory, glob)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException _) {
      // the process or the directory is gone
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }

  /**
   * Maps the payload of a segment for reading; empty if this file is gone or is no segment.
   *
   * @throws IOException if it may not be read, or is of another version
   */
  public static Optional<MemorySegment> read(Path file, Arena arena) throws IOException {
    try (var channel = FileChannel.open(file)) {
      return Segment.read(channel, arena);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
