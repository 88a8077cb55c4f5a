package io.procession.internal.family;

import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.BlockLayout;
import io.procession.internal.wire.QueueLayout;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;

/**
 * What an object has in it, read from its memory without its knowledge.
 *
 * @param owner a reference to the process that has it now; 0 for none
 * @param waiting in how many processes threads wait
 */
record Content(String text, int owner, int waiting) {

  private static final Content NOTHING = new Content("", 0, 0);

  private static Content text(String format, Object... arguments) {
    return new Content(format.formatted(arguments), 0, 0);
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
      case CONDITION -> "its condition";
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
    };
  }

  /** Of the object of this kind in this block. */
  static Content of(BlockKind kind, MemorySegment memory, long block) {
    var at = Heap.payload(block);
    var bytes = Words.acquire(memory, block + BlockLayout.PAYLOAD_BYTES);
    return switch (kind) {
      case LONG -> text("value=%d", Words.acquire(memory, at));
      case INT_ARRAY -> text("length=%d", bytes / Integer.BYTES);
      case LONG_ARRAY -> text("length=%d", bytes / Long.BYTES);
      case DOUBLE_ARRAY -> text("length=%d", bytes / Double.BYTES);
      case LOCK -> lock(memory, at);
      case CONDITION -> waited("", 0, memory, at + ConditionLayout.WAITERS);
      case READ_WRITE_LOCK -> readWriteLock(memory, at);
      case SEMAPHORE -> semaphore(memory, at);
      case EVENT -> event(memory, at);
      case BARRIER -> barrier(memory, at);
      case LATCH ->
          waited(
              "count=" + Words.acquire(memory, at + LatchLayout.COUNT),
              0,
              memory,
              at + LatchLayout.WAITERS);
      case QUEUE, JOINABLE_QUEUE -> queue(memory, at);
      case PIPE -> pipe(memory, at);
      case PIPE_END -> text("of=%d", Words.acquire(memory, at + PipeLayout.PIPE_ID));
      case MESSAGE, RING ->
          text("of=%d", Words.acquire(memory, block + BlockLayout.OWNER_ID));
      default -> NOTHING;
    };
  }

  private static Content queue(MemorySegment memory, long at) {
    var taken = Words.acquire(memory, at + QueueLayout.HEAD + QueueLayout.COUNT);
    var put = Words.acquire(memory, at + QueueLayout.TAIL + QueueLayout.COUNT);
    var text = "elements=%d".formatted(Math.max(0, put - taken));
    var leased = Words.acquire(memory, at + QueueLayout.LEASED);
    if (leased != 0) {
      text += " leased=" + leased;
    }
    if (Words.acquire(memory, at + QueueLayout.SHUT) != 0) {
      text += " shut down";
    }
    var waiting =
        waiting(memory, at + QueueLayout.NOT_EMPTY)
            + waiting(memory, at + QueueLayout.NOT_FULL)
            + waiting(memory, at + QueueLayout.ALL_DONE);
    return new Content(text, 0, waiting);
  }

  private static int waiting(MemorySegment memory, long word) {
    return Long.bitCount(Words.acquire(memory, word));
  }
}
