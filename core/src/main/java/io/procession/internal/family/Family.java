package io.procession.internal.family;

import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.Segment;
import io.procession.internal.os.SegmentHandle;
import io.procession.internal.wire.Birth;
import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.Words;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This process's membership in its family: its mapping of the shared memory, and its place in the
 * roster. The root makes the memory when it is first needed, and gives it back when neither a child
 * nor a shared object of its own is left; a child stays a member until it ends.
 */
public final class Family {

  /**
   * The system property with the size of a family's memory, of which only what is used is taken.
   */
  public static final String BYTES_PROPERTY = "procession.memoryBytes";

  private static final long DEFAULT_BYTES = 64L << 30;
  private static final long LEAST_BYTES = 1 << 20;
  private static final long LEAST_DEFAULT_BYTES = 64 << 20;
  private static final long SHRINKAGE = 8;
  private static final Object LOCK = new Object();
  private static @Nullable Family current;
  private static int users;

  /** For tests: the membership in whose name a thread acts, instead of its process's own. */
  private static final ScopedValue<Family> ACTING = ScopedValue.newInstance();

  private final Segment segment;
  private final boolean additional;
  private final int self;
  private final Roster roster;
  private final WaitingRoom room;
  private final Heap heap;

  /** How many handles of this process hold a block; by offset. */
  private final Map<Long, Integer> holds = new HashMap<>();

  private Family(Segment segment, Platform platform, boolean additional) {
    this.segment = segment;
    this.additional = additional;
    var memory = segment.memory();
    roster = new Roster(memory, platform);
    self = join(memory, platform);
    room = new WaitingRoom(FamilyLayout.slotOf(self), roster, () -> bury(false));
    heap =
        new Heap(memory, self, new Mutex(memory, FamilyLayout.MUTEX, self, roster, room), platform);
  }

  private int join(MemorySegment memory, Platform platform) {
    var reference = roster.join();
    if (reference == 0 && roster.proveAll()) {
      // Burying needs a member; while there is none, this process borrows the first slot's name.
      var borrowed = FamilyLayout.reference(0, 0);
      var waiting = new WaitingRoom(0, roster, () -> {});
      var mutex = new Mutex(memory, FamilyLayout.MUTEX, borrowed, roster, waiting);
      new Heap(memory, borrowed, mutex, platform).bury(roster, false);
      reference = roster.join();
    }
    if (reference == 0) {
      throw new IllegalStateException(
          "too many processes of one family share memory at a time; most=" + FamilyLayout.SLOTS);
    }
    return reference;
  }

  /** The family of this process, for as long as the caller needs it: {@link #leave} follows. */
  public static Family enter() {
    if (ACTING.isBound()) {
      return ACTING.get();
    }
    synchronized (LOCK) {
      var family = current;
      if (family == null) {
        family = open();
        current = family;
      }
      users++;
      return family;
    }
  }

  /** This family, for one user more: {@link #leave} follows. */
  public Family enterAgain() {
    if (!additional) {
      synchronized (LOCK) {
        users++;
      }
    }
    return this;
  }

  /** Undoes one {@link #enter} or {@link #enterAgain}. */
  public void leave() {
    if (additional) {
      return;
    }
    synchronized (LOCK) {
      if (--users > 0 || Birth.current() != null) {
        return;
      }
      current = null;
    }
    close();
  }

  private static Family open() {
    var birth = Birth.current();
    try {
      return birth == null ? create() : join(decode(birth.family()), false);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "this process cannot have the memory that its family shares; see procession doctor", e);
    }
  }

  private static Family create() throws IOException {
    var platform = Platform.current();
    var segment = createSegment(platform);
    var memory = segment.memory();
    Words.setPlain(memory, FamilyLayout.HEAP_END, FamilyLayout.HEAP);
    Words.release(memory, FamilyLayout.VERSION_OFFSET, FamilyLayout.VERSION);
    return new Family(segment, platform, false);
  }

  /** As large as wanted; where address space is limited and nothing was said, as large as goes. */
  private static Segment createSegment(Platform platform) throws IOException {
    var isSaid = Long.getLong(BYTES_PROPERTY) != null;
    for (var bytes = wantedBytes(); ; bytes /= SHRINKAGE) {
      try {
        return platform.createSegment(bytes);
      } catch (IOException | OutOfMemoryError e) {
        if (isSaid || bytes / SHRINKAGE < LEAST_DEFAULT_BYTES) {
          throw e;
        }
      }
    }
  }

  private static long wantedBytes() {
    var wanted = Long.getLong(BYTES_PROPERTY, DEFAULT_BYTES);
    if (wanted < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "the memory of a family needs at least %d bytes; %s=%s"
              .formatted(LEAST_BYTES, BYTES_PROPERTY, System.getProperty(BYTES_PROPERTY)));
    }
    return wanted;
  }

  /**
   * One more membership of this process, with a mapping of its own: for tests, where it behaves
   * like another process until {@link #close}.
   */
  public static Family join(SegmentHandle handle) throws IOException {
    return join(handle, true);
  }

  /** Runs {@code task} in the name of this membership: objects that it makes or reads are its. */
  public <R extends @Nullable Object, X extends Throwable> R act(
      ScopedValue.CallableOp<? extends R, X> task) throws X {
    return ScopedValue.where(ACTING, this).call(task);
  }

  private static Family join(SegmentHandle handle, boolean additional) throws IOException {
    var platform = Platform.current();
    var segment = platform.attach(handle);
    var version = Words.acquire(segment.memory(), FamilyLayout.VERSION_OFFSET);
    if (version != FamilyLayout.VERSION) {
      segment.close();
      throw new IOException(
          "the family uses another version of Procession; give all its processes the same library."
              + " family="
              + Long.toHexString(version)
              + " own="
              + Long.toHexString(FamilyLayout.VERSION));
    }
    try {
      return new Family(segment, platform, additional);
    } catch (RuntimeException | Error failure) {
      segment.close();
      throw failure;
    }
  }

  private static SegmentHandle decode(byte[] handle) throws IOException {
    return SegmentHandle.decode(new DataInputStream(new ByteArrayInputStream(handle)));
  }

  /** What a child must be told to become a member. */
  public byte[] encodedHandle() throws IOException {
    var bytes = new ByteArrayOutputStream();
    segment.handle().encode(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** Ends this membership as a death would: what it holds is given back. */
  public void close() {
    room.close();
    heap.leave();
    roster.free(FamilyLayout.slotOf(self));
    roster.ringAll();
    try {
      segment.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the family's memory could not be given back", e);
    }
  }

  /**
   * For tests: takes this member's memory away at this instruction, so that nothing that its
   * threads still do, such as a {@code finally}, can change what others see. It is not known to be
   * dead yet.
   */
  public void freeze() throws IOException {
    segment.close();
    room.abandon();
  }

  /** For tests: has a frozen member look as if its process had been killed. */
  public void markDead(int member) {
    roster.markDead(member);
  }

  /** For tests: has this membership look as if its process had been killed just now. */
  public void kill() {
    roster.markDead(self);
  }

  /** For tests: what a parent does that sees a child's end, done by this member. */
  public void buryTheDead() {
    roster.ringAll();
    bury(true);
  }

  /** A process is proven dead: whoever waits for it, in any process, goes on. */
  public static void died(ProcessIdentity process) {
    var family = existing();
    if (family == null) {
      return;
    }
    try {
      if (family.roster.markDead(process)) {
        family.roster.ringAll();
        family.roster.proveAll();
        family.bury(true);
      }
    } finally {
      family.leave();
    }
  }

  /** The id of the queue in which a process of this family waits for room; 0 if it does not. */
  public static long queueBlocking(ProcessIdentity process) {
    var family = existing();
    if (family == null) {
      return 0;
    }
    try {
      var block = family.roster.blockedIn(process);
      return block == 0 ? 0 : family.heap.blockAt(block).id();
    } finally {
      family.leave();
    }
  }

  /** The family of this process if there is one; {@link #leave} follows. */
  private static @Nullable Family existing() {
    synchronized (LOCK) {
      if (current != null) {
        users++;
      }
      return current;
    }
  }

  private void bury(boolean wait) {
    if (heap.bury(roster, wait)) {
      // What the dead had may be others' now.
      roster.ringAll();
      room.look();
    }
  }

  /** The random number that tells this family from all others. */
  public long id() {
    return segment.handle().id();
  }

  public SegmentHandle handle() {
    return segment.handle();
  }

  public MemorySegment memory() {
    return segment.memory();
  }

  /**
   * The payload of a block that this process holds, under an arena of the caller's: no access
   * through it outlives the arena. This process must hold the block, and need the family, until
   * then.
   *
   * @param offset where in the payload it begins
   * @throws UncheckedIOException if it cannot be mapped, where that is needed
   */
  public MemorySegment view(Heap.Block block, long offset, long bytes, Arena arena) {
    try {
      return segment.view(Heap.payload(block.offset()) + offset, bytes, arena);
    } catch (IOException e) {
      throw new UncheckedIOException("the family's memory could not be mapped once more", e);
    }
  }

  /** The reference to this process. */
  public int self() {
    return self;
  }

  public Roster roster() {
    return roster;
  }

  public WaitingRoom room() {
    return room;
  }

  public Heap heap() {
    return heap;
  }

  /** The mutex at this place. */
  public Mutex mutex(MemorySegment memory, long offset) {
    return new Mutex(memory, offset, self, roster, room);
  }

  /** The numbers of all processes at this place. */
  public PerProcess perProcess(MemorySegment memory, long offset) {
    return new PerProcess(memory, offset, self, roster);
  }

  /** The wait word at this place. */
  public WaitWord waitWord(MemorySegment memory, long offset) {
    return new WaitWord(memory, offset, roster);
  }

  /** Notes one handle more for a block that was just allocated here. */
  public void holdNew(Heap.Block block) {
    synchronized (holds) {
      holds.merge(block.offset(), 1, Integer::sum);
    }
  }

  /**
   * Holds a block for one handle more.
   *
   * @param counted as in {@link Heap#attach}
   * @return whether it is there
   */
  public boolean hold(Heap.Block block, boolean counted) {
    synchronized (holds) {
      if (!heap.attach(block, counted)) {
        return false;
      }
      holds.merge(block.offset(), 1, Integer::sum);
      return true;
    }
  }

  /**
   * Holds the block of a message that the caller's mutex keeps from being freed. Its sender may be
   * another thread of this process, whose own hold ends at any time.
   */
  public void holdTaken(Heap.Block block) {
    synchronized (holds) {
      heap.hold(block);
      holds.merge(block.offset(), 1, Integer::sum);
    }
  }

  /** There is one handle less. */
  public void release(Heap.Block block) {
    synchronized (holds) {
      var left = holds.merge(block.offset(), -1, Integer::sum);
      if (left > 0) {
        return;
      }
      holds.remove(block.offset());
      heap.detach(block);
    }
  }
}
