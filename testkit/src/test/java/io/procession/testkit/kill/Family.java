package io.procession.testkit.kill;

import io.procession.ChildProcess;
import io.procession.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A program to be killed: its children do what is hard to end. Each process says that it got there
 * by a file {@code <what>-<pid>} in the directory that it is given.
 */
final class Family {

  static final String ROOT = "root";
  static final String CHILD = "child";
  static final String GRANDCHILD = "grandchild";
  static final String EXTERNAL = "external";

  private static final long LONG_MILLIS = 600_000;
  private static final int SMALL_HEAP_BYTES = 24 << 20;
  private static final int BLOCK_BYTES = 64 << 10;

  /** What the children do. */
  enum Life {
    /** They are workers, and busy with short tasks. */
    POOL,
    /** A thread sleeps. */
    SLEEPING,
    /** It counts, and comes by no safepoint of its own. */
    COUNTING,
    /** Its heap is full, so that it does nothing but collect garbage. */
    COLLECTING,
    /** It waits for another program. */
    WAITING,
    /** It waits for a child and another program, as that child does. */
    NESTING,
    /** A worker does that. */
    NESTING_IN_POOL,
    /** They come and go, and so does the root. */
    NOTHING
  }

  private Family() {}

  /**
   * Leads one life.
   *
   * @param arguments the life, and the directory
   */
  public static void main(String[] arguments) throws Exception {
    var directory = arguments[1];
    switch (Life.valueOf(arguments[0])) {
      case POOL -> work(directory);
      case SLEEPING -> live(ChildProcess.start(Family::sleep, directory), directory);
      case COUNTING -> live(ChildProcess.start(Family::count, directory), directory);
      case COLLECTING ->
          live(
              ChildProcess.builder().heapBytes(SMALL_HEAP_BYTES).start(Family::collect, directory),
              directory);
      case WAITING -> live(ChildProcess.start(Family::external, directory, CHILD), directory);
      case NESTING -> live(ChildProcess.start(Family::nest, directory), directory);
      case NESTING_IN_POOL -> nestInPool(directory);
      case NOTHING -> {
        try (var pool = Pool.ofProcesses(1)) {
          pool.submit(() -> 1).join();
        }
      }
    }
  }

  private static void live(ChildProcess child, String directory) throws Exception {
    arrived(ROOT, directory, ProcessHandle.current().pid());
    child.join();
    System.out.println("child ended: " + child);
  }

  private static void work(String directory) throws Exception {
    try (var pool = Pool.ofProcesses(2)) {
      var items = IntStream.range(0, 20).boxed().toList();
      while (true) {
        pool.forEach(item -> Thread.sleep(1 + item % 5), items);
        arrived(ROOT, directory, ProcessHandle.current().pid());
      }
    }
  }

  private static void nestInPool(String directory) throws Exception {
    try (var pool = Pool.ofProcesses(1)) {
      var task = pool.submit(() -> nest(directory));
      arrived(ROOT, directory, ProcessHandle.current().pid());
      var _ = task.handle((value, failure) -> failure).join();
      System.out.println("child ended: " + pool.submit(() -> "another serves").join());
    }
  }

  private static void sleep(String directory) throws InterruptedException {
    arrived(CHILD, directory, ProcessHandle.current().pid());
    Thread.sleep(LONG_MILLIS);
  }

  private static void count(String directory) {
    arrived(CHILD, directory, ProcessHandle.current().pid());
    var sum = 0L;
    for (var outer = 0; outer < Integer.MAX_VALUE; outer++) {
      for (var inner = 0; inner < Integer.MAX_VALUE; inner++) {
        sum += inner ^ sum;
      }
    }
    System.out.println(sum);
  }

  private static void collect(String directory) {
    var full = new ArrayList<byte[]>();
    var announced = false;
    while (true) {
      try {
        full.add(new byte[BLOCK_BYTES]);
      } catch (OutOfMemoryError e) {
        full.removeLast();
        if (!announced) {
          full.removeLast();
          arrived(CHILD, directory, ProcessHandle.current().pid());
          announced = true;
        }
        full.getLast()[0]++;
      }
    }
  }

  private static void external(String directory, String level) throws Exception {
    var program = new ProcessBuilder("sleep", Long.toString(LONG_MILLIS / 1000)).start();
    arrived(EXTERNAL + "-" + level, directory, program.pid());
    arrived(level, directory, ProcessHandle.current().pid());
    program.waitFor();
  }

  private static void nest(String directory) throws Exception {
    var grandchild = ChildProcess.start(Family::external, directory, GRANDCHILD);
    external(directory, CHILD);
    grandchild.join();
  }

  private static void arrived(String what, String directory, long pid) {
    try {
      var file = Path.of(directory, what + "-" + pid);
      if (Files.notExists(file)) {
        Files.createFile(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pids of those who said that they are {@code what}. */
  static List<Long> whoArrived(String what, Path directory) throws IOException {
    var pids = new ArrayList<Long>();
    try (var files = Files.newDirectoryStream(directory, what + "-[0-9]*")) {
      for (var file : files) {
        var name = file.getFileName().toString();
        pids.add(Long.valueOf(name.substring(what.length() + 1)));
      }
    }
    return pids;
  }
}
