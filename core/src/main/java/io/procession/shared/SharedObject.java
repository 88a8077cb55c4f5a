package io.procession.shared;

import io.procession.internal.family.Family;
import io.procession.internal.family.Heap;
import io.procession.internal.family.WaitWord;
import io.procession.internal.wire.BlockKind;
import io.procession.spi.Input;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object in the memory of a family: what this process has of it is a handle.
 *
 * <p>The object lives as long as any process holds it, or a message on its way does. {@link #close}
 * gives up this process's hold, as does its end, or the garbage collector when nothing refers to
 * the handle any more. A process has one handle of each object: it travels to where it already is
 * as itself.
 */
abstract class SharedObject implements Transferable, AutoCloseable {

  private static final Cleaner CLEANER =
      Cleaner.create(Thread.ofPlatform().daemon().name("shared-object-cleaner").factory());

  /**
   * The handles of this process that are open, by their family, this process's place in it, and
   * their own id.
   */
  private static final Map<Identity, WeakReference<SharedObject>> HANDLES = new HashMap<>();

  private record Identity(long family, int member, long offset, long id) {}

  /** What this process holds, with all that is needed to work with it. */
  record Place(Family family, Heap.Block block) {

    MemorySegment memory() {
      return family.heap().payloadOf(block.offset());
    }
  }

  final Family family;
  final MemorySegment memory;
  private final Heap.Block block;
  private final Cleaner.Cleanable hold;
  private volatile boolean closed;

  @SuppressWarnings("this-escape") // registered last, and used by others only through the map
  SharedObject(Place place) {
    family = place.family;
    block = place.block;
    memory = place.memory();
    hold = CLEANER.register(this, new Hold(place, identity()));
    synchronized (HANDLES) {
      HANDLES.put(identity(), new WeakReference<>(this));
    }
  }

  /** Gives the hold back, once; it knows nothing of the handle. */
  private record Hold(Place place, Identity identity) implements Runnable {
    @Override
    public void run() {
      synchronized (HANDLES) {
        var known = HANDLES.get(identity);
        if (known != null && known.get() == null) {
          HANDLES.remove(identity);
        }
      }
      place.family.release(place.block);
      place.family.leave();
    }
  }

  private Identity identity() {
    return new Identity(family.id(), family.self(), block.offset(), block.id());
  }

  /**
   * Makes an object in this process's family.
   *
   * @param bytes the size of its memory, zeroed
   */
  static Place allocate(BlockKind kind, long bytes) {
    var family = Family.enter();
    try {
      return allocateIn(family, kind, bytes);
    } catch (RuntimeException | Error e) {
      family.leave();
      throw e;
    }
  }

  static Place allocateIn(Family family, BlockKind kind, long bytes) {
    var block = family.heap().allocate(kind, bytes);
    family.holdNew(block);
    return new Place(family, block);
  }

  final long id() {
    return block.id();
  }

  final long offset() {
    return block.offset();
  }

  final WaitWord waitWord(long offset) {
    return family.waitWord(memory, offset);
  }

  /**
   * @throws IllegalStateException if this handle is closed
   */
  final void checkOpen() {
    if (closed) {
      throw new IllegalStateException(
          "this handle was closed in this process; " + getClass().getSimpleName() + "=" + id());
    }
  }

  /** Whether {@link #close} was called on this handle. */
  public final boolean isClosed() {
    return closed;
  }

  /**
   * Gives up this process's hold. Threads of this process that wait in the object, and all later
   * calls on this handle, get an {@link IllegalStateException}; other processes go on with theirs.
   * Idempotent.
   */
  @Override
  public void close() {
    synchronized (HANDLES) {
      if (closed) {
        return;
      }
      closed = true;
      HANDLES.remove(identity());
    }
    family.room().look();
    hold.clean();
  }

  @Override
  public final void writeTo(Output output) {
    checkOpen();
    output.putLong(family.id());
    output.putLong(block.offset());
    output.putLong(block.id());
    output.putByte(output.isReadOnce() ? 1 : 0);
  }

  @Override
  public final void depart() {
    family.heap().depart(block);
  }

  @Override
  public final void stay() {
    family.heap().cancel(block);
  }

  /** Reads a handle in this process's family, and gives the one object that stands for it here. */
  static <T extends SharedObject> T read(Input input, Class<T> type, Function<Place, T> make)
      throws IOException {
    var familyId = input.getLong();
    var block = new Heap.Block(input.getLong(), input.getLong());
    var isCounted = input.getByte() != 0;
    var counted = isCounted && !input.isToBeReadAgain();
    var family = Family.enter();
    var taken = false;
    try {
      if (family.id() != familyId) {
        throw new InvalidObjectException(
            "what processes share cannot leave their family; send its content instead; type="
                + type.getSimpleName());
      }
      synchronized (HANDLES) {
        var known = find(new Identity(familyId, family.self(), block.offset(), block.id()), type);
        if (known != null) {
          if (counted) {
            family.heap().cancel(block);
          }
          if (isCounted) {
            input.counts(known);
          }
          return known;
        }
        if (!family.hold(block, counted)) {
          throw new InvalidObjectException(
              "it is gone: every process that held it has closed it or has ended; keep it open"
                  + " where it was made until others have it; type="
                  + type.getSimpleName()
                  + " id="
                  + block.id());
        }
        taken = true;
        var made = make.apply(new Place(family, block));
        if (isCounted) {
          input.counts(made);
        }
        return made;
      }
    } finally {
      if (!taken) {
        family.leave();
      }
    }
  }

  private static <T extends SharedObject> @Nullable T find(Identity identity, Class<T> type) {
    var known = HANDLES.get(identity);
    return known == null ? null : type.cast(known.get());
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[id=" + id() + (closed ? ", closed]" : "]");
  }
}
