package io.procession.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where tasks in other processes say that they have started: a mapped file, so that a task's word
 * is there the moment it is given and outlives a kill.
 *
 * {@snippet :
 * try (var log = TaskLog.create(file, 1000)) {
 *   pool.submit(() -> { TaskLog.announce(path, 7); return work(); });
 *   log.entries();      // [Entry[pid=4711, task=7]]
 * }
 * }
 */
public final class TaskLog implements AutoCloseable {

  /*
   *    0 │ entries claimed, long │ capacity, long │
   *   16 │ pid, long: stored last │ task, long    │ …
   */
  private static final long CLAIMED = 0;
  private static final long CAPACITY = 8;
  private static final long ENTRIES = 16;
  private static final long ENTRY_BYTES = 16;
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  /** The logs of others that this process writes to. */
  private static final Map<String, MemorySegment> OPEN = new ConcurrentHashMap<>();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  /**
   * What a task said.
   *
   * @param pid the process in which it ran
   * @param task the number that it gave
   */
  public record Entry(long pid, long task) {}

  private TaskLog(Path file, int capacity) throws IOException {
    memory = map(file, ENTRIES + capacity * ENTRY_BYTES, arena);
    memory.set(ValueLayout.JAVA_LONG, CAPACITY, capacity);
  }

  /**
   * An empty log.
   *
   * @param file does not exist; it is not deleted when the log is closed
   * @param capacity how many tasks may announce themselves
   * @throws IOException if the file cannot be made
   */
  public static TaskLog create(Path file, int capacity) throws IOException {
    return new TaskLog(file, capacity);
  }

  private static MemorySegment map(Path file, long bytes, Arena arena) throws IOException {
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(MapMode.READ_WRITE, 0, Math.max(bytes, channel.size()), arena);
    }
  }

  /**
   * Called by a task, in whatever process: it has started. The file stays mapped in that process.
   *
   * @param file the path of a log that exists
   * @throws IllegalStateException if the log is full
   */
  public static void announce(String file, long task) {
    var log = OPEN.computeIfAbsent(file, TaskLog::open);
    var place = (long) LONG.getAndAdd(log, CLAIMED, 1L);
    if (place >= log.get(ValueLayout.JAVA_LONG, CAPACITY)) {
      throw new IllegalStateException("the log is full; make a larger one. entries=" + place);
    }
    var entry = ENTRIES + place * ENTRY_BYTES;
    log.set(ValueLayout.JAVA_LONG, entry + Long.BYTES, task);
    LONG.setRelease(log, entry, ProcessHandle.current().pid());
  }

  private static MemorySegment open(String file) {
    try {
      return map(Path.of(file), 0, Arena.global());
    } catch (IOException e) {
      throw new UncheckedIOException("the log of tasks cannot be opened. file=" + file, e);
    }
  }

  /** How many tasks have announced themselves, or are about to. */
  public int size() {
    return (int) (long) LONG.getAcquire(memory, CLAIMED);
  }

  /** What was said, in this order, from entry {@code first} on. */
  public List<Entry> entries(int first) {
    var entries = new ArrayList<Entry>();
    for (var place = first; place < size(); place++) {
      var entry = ENTRIES + place * ENTRY_BYTES;
      var pid = (long) LONG.getAcquire(memory, entry);
      if (pid != 0) { // else its process is about to store it, or died before it did
        entries.add(new Entry(pid, memory.get(ValueLayout.JAVA_LONG, entry + Long.BYTES)));
      }
    }
    return entries;
  }

  /** All that was said. */
  public List<Entry> entries() {
    return entries(0);
  }

  /** Unmaps it here. Tasks in other processes are not disturbed. */
  @Override
  public void close() {
    arena.close();
  }
}
