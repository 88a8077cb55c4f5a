package io.procession.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this JVM had at one moment.
 *
 * @param processes the living processes below it, and those that its programs left behind
 * @param descriptors its open descriptors, without those that the JVM itself opens when it likes
 * @param mappings its shared anonymous mappings
 * @param files Procession's files in shared memory and in the temporary directory
 * @param threads its threads whose name starts with {@code procession}
 */
record Belongings(
    Set<LiveProcess> processes,
    Set<Descriptor> descriptors,
    Set<String> mappings,
    Set<Path> files,
    Set<LiveThread> threads) {

  /** A process; {@code pid} and {@code start} tell it from a later one with the same number. */
  record LiveProcess(long pid, String start, String command) {}

  /** A descriptor and what it leads to. */
  record Descriptor(String number, String target) {}

  /** A thread. */
  record LiveThread(long id, String name) {}

  private static final Path SELF = Path.of("/proc/self");

  /**
   * What the JVM opens by itself: jars and the modules file when a class is first wanted, the
   * random devices, its own look at /proc.
   */
  private static final Pattern OF_THE_JVM =
      Pattern.compile(
          ".*\\.(jar|zip|jmod|so|jsa)( \\(deleted\\))?|.*/lib/modules|/dev/u?random|/proc/.*");

  private static final Pattern SHARED_MEMORY = Pattern.compile(".*/memfd:.*|/dev/shm/.*");

  static {
    // With its first socket the JVM opens one that it keeps.
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Belongings now() {
    return new Belongings(
        livingProcesses(), openDescriptors(), sharedMappings(), ourFiles(), ourThreads());
  }

  /** A line for each thing that is here and was not there {@code before}. */
  List<String> since(Belongings before) {
    var left = new ArrayList<String>();
    for (var process : newer(processes, before.processes)) {
      left.add("process pid=%d %s".formatted(process.pid, process.command));
    }
    // Numbers are reused: only more descriptors than before are a leak, and then the new ones are
    // named.
    left.addAll(
        surplus(
            descriptors,
            before.descriptors,
            Descriptor::target,
            d -> "descriptor %s -> %s".formatted(d.number, d.target)));
    left.addAll(
        surplus(mappings, before.mappings, Belongings::pathOfMapping, line -> "mapping " + line));
    for (var file : newer(files, before.files)) {
      left.add("file " + file);
    }
    for (var thread : newer(threads, before.threads)) {
      left.add("thread " + thread.name);
    }
    return left;
  }

  private static <T> Set<T> newer(Set<T> now, Set<T> before) {
    var newer = new HashSet<>(now);
    newer.removeAll(before);
    return newer;
  }

  /** Those of {@code now} that are new, of each kind of which there are more than before. */
  private static <T> List<String> surplus(
      Set<T> now, Set<T> before, Function<T, String> kind, Function<T, String> line) {
    var counts = new TreeMap<String, Integer>();
    now.forEach(t -> counts.merge(kindOf(kind.apply(t)), 1, Integer::sum));
    before.forEach(t -> counts.merge(kindOf(kind.apply(t)), -1, Integer::sum));
    return newer(now, before).stream()
        .filter(t -> counts.getOrDefault(kindOf(kind.apply(t)), 0) > 0)
        .map(line)
        .toList();
  }

  /** {@code pipe:[1234]} is a pipe, whichever it is. */
  private static String kindOf(String target) {
    return target.replaceAll(":\\[\\d+]$", "");
  }

  private static Set<LiveProcess> livingProcesses() {
    try (var below = ProcessHandle.current().descendants()) {
      return Stream.concat(below, Marker.marked(Marker.OF_THIS_JVM).stream())
          .filter(ProcessHandle::isAlive)
          .filter(process -> !isZombie(process.pid()))
          .map(process ->
              new LiveProcess(
                  process.pid(),
                  process.info().startInstant().map(Object::toString).orElse(""),
                  process.info().commandLine().orElse("")))
          .collect(Collectors.toSet());
    }
  }

  private static boolean isZombie(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return false; // no /proc here, or it is gone, which the next look shows
    }
  }

  private static Set<Descriptor> openDescriptors() {
    var descriptors = new HashSet<Descriptor>();
    for (var descriptor : entries(SELF.resolve("fd"), "*")) {
      try {
        var target = Files.readSymbolicLink(descriptor).toString();
        if (!OF_THE_JVM.matcher(target).matches()) {
          descriptors.add(new Descriptor(String.valueOf(descriptor.getFileName()), target));
        }
      } catch (NoSuchFileException e) {
        // it was closed while we looked, like the one that we look through
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return descriptors;
  }

  private static Set<String> sharedMappings() {
    try (Stream<String> lines = Files.lines(SELF.resolve("maps"))) {
      return lines
          .filter(line -> SHARED_MEMORY.matcher(pathOfMapping(line)).matches())
          .collect(Collectors.toSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sixth column of a line of /proc/self/maps. */
  private static String pathOfMapping(String line) {
    var columns = line.split(" +", 6);
    return columns.length < 6 ? "" : columns[5];
  }

  private static Set<Path> ourFiles() {
    var files = new HashSet<Path>();
    files.addAll(entries(Path.of("/dev/shm"), "*procession*"));
    files.addAll(entries(Path.of(System.getProperty("java.io.tmpdir")), "*procession*"));
    return files;
  }

  private static Collection<Path> entries(Path directory, String glob) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
      var list = new ArrayList<Path>();
      entries.forEach(list::add);
      return list;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<LiveThread> ourThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("procession"))
        .map(thread -> new LiveThread(thread.threadId(), thread.getName()))
        .collect(Collectors.toSet());
  }
}
