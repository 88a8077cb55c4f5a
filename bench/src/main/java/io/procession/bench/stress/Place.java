package io.procession.bench.stress;

import io.procession.internal.os.Platform;
import io.procession.internal.os.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A piece of one segment, zeroed, at the two addresses where it is mapped.
 *
 * @param here seen through the owner's mapping
 * @param there seen through another mapping, as another process would
 */
public record Place(MemorySegment here, MemorySegment there) {

  /** The size of a place. */
  public static final long BYTES = 512;

  /** More than jcstress has in use at a time. */
  private static final long PLACES = 1 << 16;

  private static final Segment OWNED;
  private static final Segment ATTACHED;
  private static final AtomicLong TAKEN = new AtomicLong();

  static {
    try {
      OWNED = Platform.current().createSegment(PLACES * BYTES);
      ATTACHED = Platform.current().attach(OWNED.handle());
    } catch (IOException e) {
      throw new UncheckedIOException("there is no segment to test with", e);
    }
  }

  /** The next place; the one that had this memory long ago loses it. */
  public static Place next() {
    var offset = TAKEN.getAndIncrement() % PLACES * BYTES;
    var here = OWNED.memory().asSlice(offset, BYTES);
    here.fill((byte) 0);
    return new Place(here, ATTACHED.memory().asSlice(offset, BYTES));
  }
}
