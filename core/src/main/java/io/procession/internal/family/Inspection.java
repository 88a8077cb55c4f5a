package io.procession.internal.family;

import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.SegmentFiles;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.Words;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A look at a family's memory from outside: it becomes no member, takes no mutex and writes
 * nothing, so each thing is as it was at some moment, and two things perhaps at two.
 */
public final class Inspection implements AutoCloseable {

  private final Arena arena;
  private final MemorySegment memory;
  private final Content.Reader contents;

  private Inspection(Arena arena, MemorySegment memory) {
    this.arena = arena;
    this.memory = memory;
    contents = new Content.Reader(memory, new Roster(memory, Platform.current()));
  }

  /**
   * A process of the family that uses shared memory.
   *
   * @param pid its process id; 0 if it is dead and was forgotten
   * @param isAlive whether it runs; a dead one is listed until what it held was given back
   */
  public record Member(long pid, boolean isAlive) {
    @Override
    public String toString() {
      return isAlive ? Long.toString(pid) : pid == 0 ? "dead" : pid + " (dead)";
    }
  }

  /**
   * A shared object.
   *
   * @param kind the name of its class, or what it is inside one
   * @param id its number in the family
   * @param bytes the size of its memory
   * @param owner who has it now, of what one process at a time has; null if nobody
   * @param waiting in how many processes threads wait for it, at a guess
   * @param content what is in it
   * @param inFlight how many messages on their way name it
   * @param holders who has a handle of it
   */
  public record Entry(
      String kind,
      long id,
      long bytes,
      @Nullable Member owner,
      int waiting,
      String content,
      int inFlight,
      List<Member> holders) {}

  /**
   * Finds the memory of the family of a process: its own, or one that an ancestor owns.
   *
   * @return empty if there is none, or one that only others than this user's processes know of
   * @throws AccessDeniedException if this process may not look at that one
   */
  public static Optional<Inspection> of(long pid) throws IOException {
    var found = find(pid);
    var ancestor = ProcessHandle.of(pid).flatMap(ProcessHandle::parent);
    while (found.isEmpty() && ancestor.isPresent()) {
      try {
        found = find(ancestor.get().pid());
      } catch (AccessDeniedException _) {
        return Optional.empty(); // another user's processes are no family of this one's
      }
      ancestor = ancestor.get().parent();
    }
    return found;
  }

  private static Optional<Inspection> find(long pid) throws IOException {
    for (var file : SegmentFiles.of(pid)) {
      var arena = Arena.ofShared();
      Inspection found = null;
      try {
        found =
            SegmentFiles.read(file, arena)
                .filter(Inspection::isFamily)
                .map(memory -> new Inspection(arena, memory))
                .orElse(null);
      } finally {
        if (found == null) {
          arena.close();
        }
      }
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private static boolean isFamily(MemorySegment memory) {
    return memory.byteSize() > FamilyLayout.HEAP
        && Words.acquire(memory, FamilyLayout.VERSION_OFFSET) == FamilyLayout.VERSION;
  }

  /** How much memory the family may use. */
  public long familyBytes() {
    return memory.byteSize();
  }

  /** How much of it was ever used. */
  public long usedBytes() {
    return Words.acquire(memory, FamilyLayout.HEAP_END);
  }

  /** The processes that use it, or did so when they died. */
  public List<Member> members() {
    var members = new ArrayList<Member>();
    for (var slot = 0; slot < Words.acquire(memory, FamilyLayout.SLOTS_USED); slot++) {
      var member = member(slot);
      if (member != null) {
        members.add(member);
      }
    }
    return members;
  }

  private @Nullable Member member(int slot) {
    var at = FamilyLayout.slot(slot);
    var identity = Words.acquire(memory, at + FamilyLayout.SLOT_IDENTITY);
    if (identity == 0) {
      return null;
    }
    var pid = Roster.pidOf(identity);
    var start = Words.acquire(memory, at + FamilyLayout.SLOT_START);
    var isAlive = identity > 0 && !Platform.current().isDead(new ProcessIdentity(pid, start));
    return new Member(pid, isAlive);
  }

  /** The objects in use. */
  public List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    var end = usedBytes();
    for (var block = FamilyLayout.HEAP; block < end; ) {
      var id = Words.acquire(memory, block + BlockLayout.ID);
      var kind = BlockKind.of(Words.acquireInt(memory, block + BlockLayout.KIND));
      if (id != 0 && kind != BlockKind.NONE) {
        entries.add(entry(block, id, kind));
      }
      block += 1L << Words.acquireInt(memory, block + BlockLayout.SIZE_LOG);
    }
    return entries;
  }

  private Entry entry(long block, long id, BlockKind kind) {
    var bytes = Words.acquire(memory, block + BlockLayout.PAYLOAD_BYTES);
    var content = contents.read(kind, block);
    return new Entry(
        Content.name(kind),
        id,
        bytes,
        owner(content.owner()),
        content.waiting(),
        content.text(),
        Words.acquireInt(memory, block + BlockLayout.IN_FLIGHT),
        holders(block));
  }

  private @Nullable Member owner(int reference) {
    if (reference == 0) {
      return null;
    }
    var slot = FamilyLayout.slotOf(reference);
    var generation =
        Words.acquireInt(memory, FamilyLayout.slot(slot) + FamilyLayout.SLOT_GENERATION);
    var member = FamilyLayout.reference(slot, generation) == reference ? member(slot) : null;
    return member == null ? new Member(0, false) : member;
  }

  private List<Member> holders(long block) {
    var holders = new ArrayList<Member>();
    for (var slot = 0; slot < FamilyLayout.SLOTS; slot++) {
      var word = block + BlockLayout.HOLDERS + (long) (slot / Long.SIZE) * Long.BYTES;
      if ((Words.acquire(memory, word) & 1L << slot) != 0) {
        var member = member(slot);
        if (member != null) {
          holders.add(member);
        }
      }
    }
    return holders;
  }

  @Override
  public void close() {
    arena.close();
  }
}
