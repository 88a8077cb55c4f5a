package io.procession.shared;

import io.procession.internal.family.Family;
import io.procession.internal.family.Heap;
import io.procession.internal.family.WaitWord;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom;
import io.procession.internal.family.WaitingRoom.Outcome;
import io.procession.internal.wire.BlockKind;
import io.procession.spi.Input;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;
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
   * their own id. It guards itself and what it holds.
   */
  private static final Map<Identity, Known> HANDLES = new HashMap<>();

  /** What a handle leaves behind if it is forgotten at a bad time. */
  interface Remains {
    /** Whether another handle must go on with it: the object is not to be given back before. */
    boolean areNeeded();
  }

  private static final class Known {
    private final WeakReference<SharedObject> handle;
    private final @Nullable Remains remains;

    /** Whether the handle is gone, and its hold is there for the next one. */
    private boolean retained;

    Known(SharedObject handle, @Nullable Remains remains) {
      this.handle = new WeakReference<>(handle);
      this.remains = remains;
    }

    private @Nullable Remains neededRemains() {
      return remains != null && remains.areNeeded() ? remains : null;
    }
  }

  private record Identity(long family, int member, long offset, long id) {}

  /**
   * What this process holds, with all that is needed to work with it.
   *
   * @param remains what a handle that was here before has left
   */
  record Place(Family family, Heap.Block block, @Nullable Remains remains) {

    MemorySegment memory() {
      return family.heap().payloadOf(block.offset());
    }
  }

  final Family family;
  final MemorySegment memory;
  private final Heap.Block block;
  private final Cleaner.Cleanable hold;
  private volatile boolean closed;

  /** What is closed with this handle. */
  private final Set<SharedObject> dependents =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** How many threads are at work in the memory, which must not be given back meanwhile. */
  private final AtomicInteger users = new AtomicInteger();

  SharedObject(Place place) {
    this(place, null);
  }

  /**
   * @param remains what the next handle goes on with if this one is forgotten
   */
  @SuppressWarnings("this-escape") // registered last, and used by others only through the map
  SharedObject(Place place, @Nullable Remains remains) {
    family = place.family;
    block = place.block;
    memory = place.memory();
    var known = new Known(this, remains);
    hold = CLEANER.register(this, new Hold(place, identity(), known));
    synchronized (HANDLES) {
      HANDLES.put(identity(), known);
    }
  }

  /** Gives the hold back, once; it knows nothing of the handle. */
  private record Hold(Place place, Identity identity, Known known) implements Runnable {
    @Override
    @SuppressWarnings("ReferenceEquality") // another one may be known by now
    public void run() {
      synchronized (HANDLES) {
        if (HANDLES.get(identity) == known) {
          if (known.neededRemains() != null) {
            known.retained = true;
            return;
          }
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
    return new Place(family, block, null);
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

  /**
   * Keeps the memory until {@link #endUse}, even if this handle is closed meanwhile. For what takes
   * longer than a few instructions, as waiting does.
   *
   * @throws IllegalStateException if this handle is closed
   */
  final void beginUse() {
    users.incrementAndGet();
    if (closed) {
      endUse();
      checkOpen();
    }
  }

  /** Undoes one {@link #beginUse}. */
  final void endUse() {
    if (users.decrementAndGet() == 0 && closed) {
      hold.clean();
    }
  }

  /**
   * Waits in this object, at the longest until this handle is closed.
   *
   * @param word rung when it may be over
   * @param exclusive whether of several that wait at this word one is enough to be woken
   * @param timeoutNanos how long at most; {@link Long#MAX_VALUE} is for ever
   * @param interruptible whether an interrupt ends the waiting; the flag stays set
   * @throws IllegalStateException if this handle is closed
   */
  final Outcome await(
      WaitWord word,
      boolean exclusive,
      long timeoutNanos,
      boolean interruptible,
      WaitingRoom.@Nullable Spin spin,
      Waiting waiting) {
    beginUse();
    try {
      var outcome =
          family
              .room()
              .await(
                  word, new WhileOpen(this, waiting), exclusive, timeoutNanos, interruptible, spin);
      if (closed && exclusive) {
        word.wakeOne(); // what woke this thread may have been another one's
      }
      checkOpen();
      return outcome;
    } finally {
      endUse();
    }
  }

  private record WhileOpen(SharedObject object, Waiting waiting) implements Waiting {
    @Override
    public boolean isOver() {
      return object.closed || waiting.isOver();
    }

    @Override
    public void suspects(IntConsumer each) {
      waiting.suspects(each);
    }
  }

  /** When this handle is closed, so will {@code dependent} be. */
  final void takeAlong(SharedObject dependent) {
    dependents.add(dependent);
  }

  /** Called once, when this handle was closed and its memory is still there. */
  void closing() {}

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
    users.incrementAndGet();
    try {
      new ArrayList<>(dependents).forEach(SharedObject::close);
      closing();
      family.room().look();
    } finally {
      endUse();
    }
  }

  @Override
  public void writeTo(Output output) {
    checkOpen();
    output.putLong(family.id());
    output.putLong(block.offset());
    output.putLong(block.id());
    output.putByte(output.isReadOnce() ? 1 : 0);
  }

  @Override
  public void depart() {
    family.heap().depart(block);
  }

  @Override
  public void stay() {
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
        var identity = new Identity(familyId, family.self(), block.offset(), block.id());
        var before = HANDLES.get(identity);
        var known = before == null ? null : type.cast(before.handle.get());
        if (known != null) {
          if (counted) {
            family.heap().cancel(block);
          }
          if (isCounted) {
            input.counts(known);
          }
          return known;
        }
        if (before != null && before.retained) {
          if (counted) {
            family.heap().cancel(block);
          }
        } else if (family.hold(block, counted)) {
          taken = true;
        } else {
          throw new InvalidObjectException(
              "it is gone: every process that held it has closed it or has ended; keep it open"
                  + " where it was made until others have it; type="
                  + type.getSimpleName()
                  + " id="
                  + block.id());
        }
        var remains = before == null ? null : before.neededRemains();
        var made = make.apply(new Place(family, block, remains));
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

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[id=" + id() + (closed ? ", closed]" : "]");
  }
}
