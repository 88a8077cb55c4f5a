package io.procession.internal.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Memory that processes share. Its creator owns it: the memory goes back to the system when the
 * owner has closed it or died and nobody else has it mapped.
 *
 * <p>Any thread may use {@link #memory()}. After {@link #close()} each access throws {@link
 * IllegalStateException}, never worse. The price of that promise is paid by {@code close}: it stops
 * every thread of this process for a moment (some 10 µs to 1 ms), so close segments in batches, off
 * hot paths.
 */
public final class Segment implements AutoCloseable {
  /*
   * The file:   0 ─ header ─ 64 ─ payload ─ 64 + bytes
   *
   * The header: 0    8         12     16   24      32        64
   *             │ magic │ version │ zero │ id │ bytes │ reserved │
   *              8       4         4      8    8       32
   */
  static final long MAGIC_OFFSET = 0;
  static final long VERSION_OFFSET = 8;
  static final long ID_OFFSET = 16;
  static final long BYTES_OFFSET = 24;

  /** The size of the header, and thus the offset and the alignment of the payload. */
  public static final long HEADER_BYTES = 64;

  /** "PROCESSN", read in the machine's byte order: a stranger's order does not match either. */
  static final long MAGIC = 0x50524F434553534EL;

  static final int VERSION = 1;

  /** How to give the owner's descriptor or file back. */
  @FunctionalInterface
  public interface Release {
    /** Called once, after the memory was unmapped. */
    void release() throws IOException;
  }

  private final Arena arena;
  private final MemorySegment memory;
  private final SegmentHandle handle;
  private final Release release;
  private boolean closed;

  private Segment(Arena arena, MemorySegment whole, SegmentHandle handle, Release release) {
    this.arena = arena;
    this.memory = whole.asSlice(HEADER_BYTES);
    this.handle = handle;
    this.release = release;
  }

  /** A handle for a segment that is about to be created: with a new id. */
  public static SegmentHandle newHandle(ProcessIdentity owner, String location, long bytes) {
    var id = ThreadLocalRandom.current().nextLong() ^ Long.rotateLeft(owner.pid(), 40);
    return new SegmentHandle(owner.pid(), owner.start(), location, id, bytes);
  }

  /** The size of the file for a payload of {@code bytes}, which must be positive. */
  public static long fileBytes(long bytes) {
    if (bytes <= 0 || bytes > Long.MAX_VALUE - HEADER_BYTES) {
      throw new IllegalArgumentException(
          "a shared segment needs a positive size that fits its file; bytes=" + bytes);
    }
    return HEADER_BYTES + bytes;
  }

  /** Maps a new file of the right size and writes the header. */
  public static Segment create(FileChannel file, SegmentHandle handle, Release release)
      throws IOException {
    var arena = Arena.ofShared();
    try {
      var whole = file.map(MapMode.READ_WRITE, 0, fileBytes(handle.bytes()), arena);
      whole.set(ValueLayout.JAVA_LONG, MAGIC_OFFSET, MAGIC);
      whole.set(ValueLayout.JAVA_INT, VERSION_OFFSET, VERSION);
      whole.set(ValueLayout.JAVA_LONG, ID_OFFSET, handle.id());
      whole.set(ValueLayout.JAVA_LONG, BYTES_OFFSET, handle.bytes());
      return new Segment(arena, whole, handle, release);
    } catch (IOException | RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  /** Maps another process's file, once its size and its header have shown that it is the one. */
  public static Segment attach(FileChannel file, SegmentHandle handle) throws IOException {
    // Compared before mapping: mapping beyond the end would grow a stranger's file.
    var expectedBytes = fileBytes(handle.bytes());
    var actualBytes = file.size();
    if (actualBytes != expectedBytes) {
      throw SegmentGoneException.of(
          handle,
          "another file of another size is in its place; fileBytes="
              + actualBytes
              + " expectedBytes="
              + expectedBytes);
    }
    var arena = Arena.ofShared();
    try {
      var whole = file.map(MapMode.READ_WRITE, 0, expectedBytes, arena);
      verify(whole, handle);
      return new Segment(arena, whole, handle, () -> {});
    } catch (IOException | RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  /** Maps the payload of a file for reading only; empty if it is no segment. */
  static Optional<MemorySegment> read(FileChannel file, Arena arena) throws IOException {
    var fileBytes = file.size();
    if (fileBytes <= HEADER_BYTES) {
      return Optional.empty();
    }
    var whole = file.map(MapMode.READ_ONLY, 0, fileBytes, arena);
    return whole.get(ValueLayout.JAVA_LONG, MAGIC_OFFSET) == MAGIC
            && whole.get(ValueLayout.JAVA_INT, VERSION_OFFSET) == VERSION
            && whole.get(ValueLayout.JAVA_LONG, BYTES_OFFSET) == fileBytes - HEADER_BYTES
        ? Optional.of(whole.asSlice(HEADER_BYTES))
        : Optional.empty();
  }

  private static void verify(MemorySegment whole, SegmentHandle handle) throws IOException {
    var magic = whole.get(ValueLayout.JAVA_LONG, MAGIC_OFFSET);
    if (magic != MAGIC) {
      throw SegmentGoneException.of(
          handle, "what is in its place is no segment; magic=" + Long.toHexString(magic));
    }
    var version = whole.get(ValueLayout.JAVA_INT, VERSION_OFFSET);
    if (version != VERSION) {
      throw new IOException(
          "the shared segment was made by another version of this library,"
              + " use the same one in all processes; version="
              + version
              + " expectedVersion="
              + VERSION);
    }
    var id = whole.get(ValueLayout.JAVA_LONG, ID_OFFSET);
    var bytes = whole.get(ValueLayout.JAVA_LONG, BYTES_OFFSET);
    if (id != handle.id() || bytes != handle.bytes()) {
      throw SegmentGoneException.of(
          handle, "another segment is in its place; id=" + id + " bytes=" + bytes);
    }
  }

  /** The payload, zeroed when new; aligned to 64 bytes. */
  public MemorySegment memory() {
    return memory;
  }

  /**
   * Part of the payload, under an arena of the caller's: with it, and not before, each access
   * through this view ends. This segment must stay open longer.
   *
   * <p>Where native access is allowed, as it is on the native platform, this costs nothing and goes
   * away by itself if nobody refers to it any more. Elsewhere it is a mapping of its own, which
   * lasts until the arena is closed.
   */
  @SuppressWarnings("restricted") // the range is known to be ours, and the caller keeps it mapped
  public MemorySegment view(long offset, long bytes, Arena viewArena) throws IOException {
    var part = memory.asSlice(offset, bytes);
    if (Segment.class.getModule().isNativeAccessEnabled()) {
      return part.reinterpret(viewArena, null);
    }
    try (var file =
        FileChannel.open(
            Path.of(handle.location()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return file.map(MapMode.READ_WRITE, HEADER_BYTES + offset, bytes, viewArena);
    }
  }

  /** What another process needs to attach this segment. */
  public SegmentHandle handle() {
    return handle;
  }

  /**
   * Unmaps the memory here; the owner releases the descriptor or file, too, so that no other
   * process can attach any more (who has it mapped keeps it). Idempotent.
   *
   * @throws IllegalStateException while a native call or a channel uses the memory; nothing was
   *     closed then, and {@code close} can be called again
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    arena.close();
    closed = true;
    release.release();
  }
}
