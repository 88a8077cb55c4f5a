package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Results of calls on their way from the engine's thread to the caller's, as yet encoded. */
sealed interface Results {

  /** How many there are. */
  int count();

  /** Decodes them, in the thread that wants them. */
  void read(ResultDecoder decoder, ClassLoader loader, boolean keepValues, Inbox.Reader into);

  /** Nobody will read them. */
  default void discard() {}

  /** A result that has its own memory. */
  record Large(
      int index, boolean failed, MemorySegment bytes, Engine.Message message, Engine.Worker worker)
      implements Results {

    @Override
    public int count() {
      return 1;
    }

    @Override
    public void read(
        ResultDecoder decoder, ClassLoader loader, boolean keepValues, Inbox.Reader into) {
      try (message) {
        Results.read(decoder, loader, keepValues, into, index, failed, bytes, message, worker);
      }
    }

    @Override
    public void discard() {
      message.close();
    }
  }

  /** A call that did not end in a worker. */
  record Failed(int index, Throwable failure) implements Results {

    @Override
    public int count() {
      return 1;
    }

    @Override
    public void read(
        ResultDecoder decoder, ClassLoader loader, boolean keepValues, Inbox.Reader into) {
      into.failure(index, failure);
    }
  }

  /** Small results of one worker, copied out of its channel one behind the other. */
  final class Page implements Results {

    private static final int MOST = 256;
    private static final int FULL_BYTES = 64 << 10;

    final Engine.Worker worker;
    private int count;
    private int[] indexes = new int[16];
    private boolean[] failed = new boolean[16];
    private int[] ends = new int[16];
    private byte[] bytes = new byte[512];

    Page(Engine.Worker worker) {
      this.worker = worker;
    }

    @Override
    public int count() {
      return count;
    }

    boolean isFull() {
      return count == MOST || end(count - 1) >= FULL_BYTES;
    }

    private int end(int place) {
      return place < 0 ? 0 : ends[place];
    }

    void add(int index, boolean hasFailed, MemorySegment result) {
      var length = (int) result.byteSize();
      var start = end(count - 1);
      if (start + length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, start + length));
      }
      if (count == ends.length) {
        indexes = Arrays.copyOf(indexes, count * 2);
        failed = Arrays.copyOf(failed, count * 2);
        ends = Arrays.copyOf(ends, count * 2);
      }
      MemorySegment.copy(result, ValueLayout.JAVA_BYTE, 0, bytes, start, length);
      indexes[count] = index;
      failed[count] = hasFailed;
      ends[count] = start + length;
      count++;
    }

    @Override
    public void read(
        ResultDecoder decoder, ClassLoader loader, boolean keepValues, Inbox.Reader into) {
      var all = MemorySegment.ofArray(bytes);
      for (var place = 0; place < count; place++) {
        var start = end(place - 1);
        var one = all.asSlice(start, ends[place] - start);
        Results.read(
            decoder, loader, keepValues, into, indexes[place], failed[place], one, null, worker);
      }
    }
  }

  private static void read(
      ResultDecoder decoder,
      ClassLoader loader,
      boolean keepValues,
      Inbox.Reader into,
      int index,
      boolean failed,
      MemorySegment result,
      Engine.@Nullable Message large,
      Engine.Worker worker) {
    Object value = null;
    try {
      if (failed) {
        into.failure(index, decoder.failure(result, large, loader, worker));
        return;
      }
      if (keepValues) {
        value = decoder.<@Nullable Object>value(result, large, loader);
      }
    } catch (Exception | Error unreadable) {
      // Whatever it is: who waits for this call must be told that it has ended.
      into.failure(index, unreadable);
      return;
    }
    into.value(index, value);
  }

  /** A result that nobody will read gives its memory back. */
  static void discard(Engine.@Nullable Message large) {
    if (large != null) {
      large.close();
    }
  }
}
