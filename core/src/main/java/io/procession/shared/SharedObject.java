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
import java.lang.foreign.Arena;
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
public abstract class SharedObject implements Transferable, AutoCloseable {

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

  private record Identity(long family, int member, long offset, long id, Object part) {}

  /** What {@link Identity#part} is of a handle of the whole object. */
  static final Object WHOLE = "whole";

  /**
   * What this process holds, with all that is needed to work with it.
   *
   * @param remains what a handle that was here before has left
   */
  record Place(Family family, Heap.Block block, @Nullable Remains remains) {

    MemorySegment memory() {
      return family.heap().payloadOf(block.offset());
    }

    /** All of its memory, to be handed out. */
    View view() {
      return view(0, memory().byteSize());
    }

    /** A part of its memory, to be handed out. */
    View view(long offset, long bytes) {
      var arena = Arena.ofShared();
      try {
        return new View(arena, family.view(block, offset, bytes, arena));
      } catch (RuntimeException | Error e) {
        arena.close();
        giveUp();
        throw e;
      }
    }

    void giveUp() {
      family.release(block);
      family.leave();
    }
  }

  /** Memory that can be handed out: an access through it fails once the handle is closed. */
  record View(Arena arena, MemorySegment memory) {}

  final Family family;
  final MemorySegment memory;
  private final Heap.Block block;
  private final Object part;
  private final @Nullable Arena arena;
  private final Hold holding;
  private final Cleaner.Cleanable hold;
  private final Known known;
  private volatile boolean closed;

  /** What is closed with this handle. */
  private final Set<SharedObject> dependents =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** How many threads are at work in the memory, which must not be given back meanwhile. */
  private final AtomicInteger users = new AtomicInteger();

  /** A handle whose memory stays in here. */
  SharedObject(Place place) {
    this(place, WHOLE, null, place.memory(), null);
  }

  /**
   * A handle whose memory stays in here.
   *
   * @param remains what the next handle goes on with if this one is forgotten
   */
  SharedObject(Place place, @Nullable Remains remains) {
    this(place, WHOLE, null, place.memory(), remains);
  }

  /**
   * A handle whose memory is handed out, or used for long at a time. This process holds the object
   * until the handle is closed, or nothing refers to any of that memory any more.
   *
   * @param part what tells it from other handles of the same object
   */
  SharedObject(Place place, Object part, View view) {
    this(place, part, view.arena, view.memory, null);
  }

  @SuppressWarnings("this-escape") // registered last, and used by others only through the map
  private SharedObject(
      Place place,
      Object part,
      @Nullable Arena arena,
      MemorySegment memory,
      @Nullable Remains remains) {
    family = place.family;
    block = place.block;
    this.part = part;
    this.arena = arena;
    this.memory = memory;
    known = new Known(this, remains);
    // Each segment refers to its scope, whoever has the segment.
    holding = new Hold(place, identity(), known);
    hold = CLEANER.register(arena == null ? this : arena.scope(), holding);
    synchronized (HANDLES) {
      HANDLES.put(identity(), known);
    }
  }

  /** Gives the holds back, once; it knows nothing of the handle. */
  private static final class Hold implements Runnable {
    private final Place place;
    private final Identity identity;
    private final Known known;
    private Heap.@Nullable Block also;

    Hold(Place place, Identity identity, Known known) {
      this.place = place;
      this.identity = identity;
      this.known = known;
    }

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
      if (also != null) {
        place.family.release(also);
        // Whoever waits at the other end may wait for nobody now.
        place.family.roster().ringAll();
        place.family.room().look();
      }
      place.family.leave();
    }
  }

  private Identity identity() {
    return new Identity(family.id(), family.self(), block.offset(), block.id(), part);
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

  /**
   * Holds another block for as long as this one.
   *
   * @throws IllegalStateException if it is not there
   */
  final void alsoHold(Heap.Block other) {
    if (!family.hold(other, false)) {
      throw new IllegalStateException("what the object needs is gone; id=" + other.id());
    }
    holding.also = other;
  }

  /** Whether this process, as this member of the family, made the object. */
  final boolean isMadeHere() {
    return family.heap().maker(block) == family.self();
  }

  /** The handle is about to be written. */
  void departing() {}

  /** The handle was read where it was already. */
  void arrivedAgain() {}

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
   * The memory, for a few instructions.
   *
   * @throws IllegalStateException if this handle is closed
   */
  final MemorySegment open() {
    checkOpen();
    return memory;
  }

  /**
   * One hold more, for another handle of the same object.
   *
   * @throws IllegalStateException if this handle is closed
   */
  final Place holdAgain() {
    beginUse();
    try {
      var _ = family.enterAgain();
      var _ = family.hold(block, false); // it is there, as this handle holds it
      return new Place(family, block, null);
    } finally {
      endUse();
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
   * So does each access to memory that this handle gave out. Idempotent.
   *
   * @throws IllegalStateException while a native call or a channel of this process uses memory that
   *     this handle gave out; nothing was closed then, and {@code close} can be called again
   */
  @Override
  public void close() {
    synchronized (HANDLES) {
      if (closed) {
        return;
      }
      if (arena != null) {
        arena.close();
      }
      closed = true;
      HANDLES.remove(identity(), known);
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
    departing();
    writePart(output);
    output.putLong(family.id());
    output.putLong(block.offset());
    output.putLong(block.id());
    output.putByte(output.isReadOnce() ? 1 : 0);
  }

  /** Writes first what tells this handle from others of the same object. */
  void writePart(Output output) {}

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
    return read(input, type, WHOLE, make);
  }

  /** Reads a handle whose part was read before. */
  static <T extends SharedObject> T read(
      Input input, Class<T> type, Object part, Function<Place, T> make) throws IOException {
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
        var identity = new Identity(familyId, family.self(), block.offset(), block.id(), part);
        var before = HANDLES.get(identity);
        var known = before == null ? null : type.cast(before.handle.get());
        if (known != null) {
          known.arrivedAgain();
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
