package io.procession.internal.engine;

import io.procession.internal.os.Platform;
import io.procession.internal.os.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * The segments in which large messages travel. Moderate ones are used again, because the system
 * clears fresh memory page by page; the rest goes back to the system at once.
 */
final class Segments implements AutoCloseable {

  private static final long SMALLEST_BYTES = 256 << 10;
  private static final long LARGEST_KEPT_BYTES = 16 << 20;
  private static final int MOST_KEPT = 8;

  private final Platform platform;
  private final LongConsumer forget;
  private final ArrayDeque<Segment> kept = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param forget is told the id of each segment that will not be used again
   */
  Segments(Platform platform, LongConsumer forget) {
    this.platform = platform;
    this.forget = forget;
  }

  /** A segment of at least this size. */
  Segment acquire(long bytes) {
    synchronized (this) {
      for (var each = kept.iterator(); each.hasNext(); ) {
        var segment = each.next();
        if (segment.memory().byteSize() >= bytes) {
          each.remove();
          return segment;
        }
      }
    }
    try {
      return platform.createSegment(round(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "there is no shared memory for a large message; free some, or send less at a time. bytes="
              + bytes,
          e);
    }
  }

  private static long round(long bytes) {
    if (bytes <= SMALLEST_BYTES) {
      return SMALLEST_BYTES;
    }
    return bytes > LARGEST_KEPT_BYTES ? bytes : Long.highestOneBit(bytes - 1) << 1;
  }

  void release(Segment segment) {
    synchronized (this) {
      if (!closed && kept.size() < MOST_KEPT && segment.memory().byteSize() <= LARGEST_KEPT_BYTES) {
        kept.addFirst(segment);
        return;
      }
    }
    drop(segment);
  }

  private void drop(Segment segment) {
    forget.accept(segment.handle().id());
    try {
      segment.close();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "shared memory could not be given back. id=" + segment.handle().id(), e);
    }
  }

  @Override
  public void close() {
    ArrayDeque<Segment> all;
    synchronized (this) {
      closed = true;
      all = new ArrayDeque<>(kept);
      kept.clear();
    }
    all.forEach(this::drop);
  }
}
