package io.procession.internal.family;

import io.procession.internal.wire.BarrierLayout;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.ConditionLayout;
import io.procession.internal.wire.EventLayout;
import io.procession.internal.wire.LatchLayout;
import io.procession.internal.wire.LockLayout;
import io.procession.internal.wire.PipeLayout;
import io.procession.internal.wire.QueueLayout;
import io.procession.internal.wire.ReadWriteLockLayout;
import io.procession.internal.wire.SemaphoreLayout;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;

/**
 * What an object has in it, read from its memory without its knowledge.
 *
 * @param owner a reference to the process that has it now; 0 for none
 * @param waiting in how many processes threads wait
 */
record Content(String text, int owner, int waiting) {

  private static Content text(String text) {
    return new Content(text, 0, 0);
  }

  /** What users call it. */
  static String name(BlockKind kind) {
    return switch (kind) {
      case NONE -> "";
      case MEMORY -> "SharedMemory";
      case LONG -> "SharedLong";
      case INT_ARRAY -> "SharedIntArray";
      case LONG_ARRAY -> "SharedLongArray";
      case DOUBLE_ARRAY -> "SharedDoubleArray";
      case LOCK -> "SharedLock";
      case CONDITION -> "condition";
      case READ_WRITE_LOCK -> "SharedReadWriteLock";
      case SEMAPHORE -> "SharedSemaphore";
      case EVENT -> "SharedEvent";
      case BARRIER -> "SharedBarrier";
      case LATCH -> "SharedLatch";
      case QUEUE -> "SharedQueue";
      case JOINABLE_QUEUE -> "JoinableQueue";
      case PIPE -> "SharedPipe";
      case MESSAGE -> "message";
      case RING -> "ring";
      case PIPE_END -> "end of a pipe";
    };
  }

  /** Reads contents; the roster is only asked who is known to be dead. */
  record Reader(MemorySegment memory, Roster roster) {

    /** Of the object of this kind in this block. */
    Content read(BlockKind kind, long block) {
      var at = Heap.payload(block);
      var bytes = word(block + BlockLayout.PAYLOAD_BYTES);
      return switch (kind) {
        case NONE, MEMORY -> new Content("", 0, 0);
        case LONG -> text("value=" + word(at));
        case INT_ARRAY -> text("length=" + bytes / Integer.BYTES);
        case LONG_ARRAY -> text("length=" + bytes / Long.BYTES);
        case DOUBLE_ARRAY -> text("length=" + bytes / Double.BYTES);
        case LOCK -> lock(at);
        case CONDITION -> new Content("", 0, waiting(at + ConditionLayout.WAITERS));
        case READ_WRITE_LOCK -> readWriteLock(at);
        case SEMAPHORE -> semaphore(at);
        case EVENT -> event(at);
        case BARRIER -> barrier(at);
        case LATCH ->
            new Content(
                "count=" + word(at + LatchLayout.COUNT), 0, waiting(at + LatchLayout.WAITERS));
        case QUEUE, JOINABLE_QUEUE -> queue(at);
        case PIPE -> pipe(at);
        case PIPE_END -> text("of=" + word(at + PipeLayout.PIPE_ID));
        case MESSAGE, RING -> text("of=" + word(block + BlockLayout.OWNER_ID));
      };
    }

    private Content lock(long at) {
      var owner = word(at + LockLayout.OWNER);
      return new Content(
          owner == LockLayout.ABANDONED ? "abandoned" : "",
          owner == LockLayout.ABANDONED ? 0 : (int) owner,
          waiting(at + LockLayout.WAITERS));
    }

    private Content readWriteLock(long at) {
      var writer = word(at + ReadWriteLockLayout.WRITER);
      var isAbandoned = writer == ReadWriteLockLayout.ABANDONED;
      return new Content(
          "readers=" + sum(at + ReadWriteLockLayout.READERS) + (isAbandoned ? " abandoned" : ""),
          isAbandoned ? 0 : (int) writer,
          waiting(at + ReadWriteLockLayout.READERS_WAIT)
              + waiting(at + ReadWriteLockLayout.WRITERS_WAIT));
    }

    private Content semaphore(long at) {
      var available = word(at + SemaphoreLayout.TOTAL) - sum(at + SemaphoreLayout.TAKEN);
      var bound = word(at + SemaphoreLayout.BOUND);
      return new Content(
          "available=" + available + (bound < 0 ? "" : " of=" + bound),
          0,
          waiting(at + SemaphoreLayout.WAITERS));
    }

    private Content event(long at) {
      var isSet = (word(at + EventLayout.STATE) & EventLayout.SET) != 0;
      return new Content("set=" + isSet, 0, waiting(at + EventLayout.WAITERS));
    }

    private Content barrier(long at) {
      var generation = word(at + BarrierLayout.GENERATION);
      var numbers = perProcess(at + BarrierLayout.ARRIVED);
      var arrived = 0;
      for (var slot = 0; slot < numbers.slots(); slot++) {
        if (word(at + BarrierLayout.ARRIVED_IN + (long) slot * Long.BYTES) == generation) {
          arrived += numbers.get(slot);
        }
      }
      var parties = Words.acquireInt(memory, at + BarrierLayout.PARTIES);
      return new Content(
          "arrived=" + arrived + " of=" + parties, 0, waiting(at + BarrierLayout.WAITERS));
    }

    private Content queue(long at) {
      var text = "elements=" + elements(at);
      var leased = word(at + QueueLayout.LEASED);
      if (leased != 0) {
        text += " leased=" + leased;
      }
      if (word(at + QueueLayout.SHUT) != 0) {
        text += " shut down";
      }
      return new Content(text, 0, waitingAtQueue(at));
    }

    private Content pipe(long at) {
      var other = at + PipeLayout.HALF_BYTES;
      return new Content(
          "elements=" + elements(at) + " back=" + elements(other),
          0,
          waitingAtQueue(at) + waitingAtQueue(other));
    }

    private long elements(long queue) {
      var taken = word(queue + QueueLayout.HEAD + QueueLayout.COUNT);
      return Math.max(0, word(queue + QueueLayout.TAIL + QueueLayout.COUNT) - taken);
    }

    private int waitingAtQueue(long queue) {
      return waiting(queue + QueueLayout.NOT_EMPTY)
          + waiting(queue + QueueLayout.NOT_FULL)
          + waiting(queue + QueueLayout.ALL_DONE);
    }

    private PerProcess perProcess(long offset) {
      return new PerProcess(memory, offset, 0, roster);
    }

    private int sum(long offset) {
      return perProcess(offset).sum();
    }

    private int waiting(long offset) {
      return Long.bitCount(word(offset));
    }

    private long word(long offset) {
      return Words.acquire(memory, offset);
    }
  }
}
