package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls whose results wait, as they came, for the thread that reads them: one thread at a time. It
 * measures the calls, too, and says how many make a good chunk.
 */
final class Inbox implements Job {

  /** A message is not made larger than this while another can be made. */
  static final long FULL_BYTES = 24 << 10;

  /**
   * How long a chunk should take: long against the way to the worker, short against a person's
   * patience.
   */
  static final long CHUNK_NANOS = 1_000_000;

  /** How many chunks each worker has at the least. */
  private static final int CHUNKS_PER_WORKER = 3;

  /** And with small ones, while they take less than {@link #CHUNK_NANOS}, up to so many bytes. */
  private static final long AHEAD_BYTES = 64 << 10;

  /** What came, in the reader's hands. */
  interface Reader {
    void value(int index, @Nullable Object value);

    void failure(int index, Throwable failure);
  }

  private final CallTimes times = new CallTimes();
  private final ConcurrentLinkedQueue<Results> waiting = new ConcurrentLinkedQueue<>();

  /** How many results came so far; it may wrap. */
  private final AtomicInteger told = new AtomicInteger();

  /** The reader wants to be woken when so many did. */
  private volatile int wanted;

  private volatile @Nullable Thread reader;

  /** What the engine's thread was told and has not passed on. */
  private Results.@Nullable Page page;

  /** How many results the reader has read; it may wrap. */
  private int heard;

  /** How many calls have been announced and have not ended, and one until it is closed. */
  private final AtomicInteger open = new AtomicInteger(1);

  private final AtomicBoolean closed = new AtomicBoolean();
  private final ResultDecoder decoder;
  private final ClassLoader loader;
  private final int priority;
  private final Runnable whenEnded;

  /**
   * @param loader knows the classes of the results
   * @param whenEnded runs once, when the inbox is closed and every call has ended
   */
  Inbox(ResultDecoder decoder, ClassLoader loader, int priority, Runnable whenEnded) {
    this.decoder = decoder;
    this.loader = loader;
    this.priority = priority;
    this.whenEnded = whenEnded;
  }

  // From the thread that reads

  /** How many items make a good chunk, unless the caller says so. */
  int chunkSize(CallOptions options) {
    if (options.chunkSize() > 0) {
      return Math.min(options.chunkSize(), OpenChunk.MOST_ITEMS);
    }
    var nanos = times.callNanos();
    return nanos == 0 ? 1 : Math.clamp(CHUNK_NANOS / nanos, 1, OpenChunk.MOST_ITEMS);
  }

  /**
   * How many chunks like this one a worker should have, so that it is never without work.
   *
   * @param calls how many calls the chunk has
   * @param bytes how large it is; 0 if there is none
   */
  int chunksAhead(int calls, long bytes) {
    var nanos = times.callNanos() * calls;
    if (nanos == 0 || bytes == 0) {
      return CHUNKS_PER_WORKER;
    }
    var most = Math.min(CHUNK_NANOS / nanos, AHEAD_BYTES / bytes);
    return Math.clamp(most, CHUNKS_PER_WORKER, Dispatch.MOST_SENT);
  }

  /**
   * Reads what came.
   *
   * @param keepValues whether values are wanted; else their readers get null for each
   */
  void read(boolean keepValues, Reader into) {
    for (var results = waiting.poll(); results != null; results = waiting.poll()) {
      heard += results.count();
      results.read(decoder, loader, keepValues, into);
    }
  }

  /**
   * Waits until {@code count} more results came than were read; it may return earlier.
   *
   * @return false if the thread was interrupted; its flag is clear then
   */
  boolean await(int count, Desk desk) {
    reader = Thread.currentThread();
    wanted = heard + count;
    if (!hasWanted()) {
      desk.assist(times.callNanos(), this::hasWanted);
    }
    if (!hasWanted() && !isClosed()) {
      LockSupport.park(this);
    }
    return hasWanted() || !Thread.interrupted();
  }

  private boolean hasWanted() {
    return told.get() - wanted >= 0;
  }

  /** Announces calls that are about to be submitted; false if the inbox is closed. */
  boolean expect(int calls) {
    return !closed.get() && open.getAndUpdate(n -> n == 0 ? 0 : n + calls) > 0;
  }

  /** So many calls were told, or will not be submitted after all. */
  void ended(int calls) {
    if (open.addAndGet(-calls) == 0) {
      whenEnded.run();
    }
  }

  boolean isClosed() {
    return closed.get();
  }

  /**
   * Throws away what came and what comes. May be called from any thread; one that waits is woken.
   * Closing twice does nothing.
   */
  void close() {
    if (!closed.getAndSet(true)) {
      discard();
      LockSupport.unpark(reader);
      ended(1);
    }
  }

  private void discard() {
    for (var results = waiting.poll(); results != null; results = waiting.poll()) {
      results.discard();
    }
  }

  // From the engine's thread

  @Override
  public long priority() {
    return priority;
  }

  @Override
  public long callNanos() {
    return times.callNanos();
  }

  @Override
  public void took(int calls, long durationNanos) {
    times.took(calls, durationNanos);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the same worker is meant
  public void settled(
      int index,
      boolean failed,
      MemorySegment result,
      Engine.@Nullable Message large,
      Engine.Worker worker) {
    if (large != null) {
      tell(new Results.Large(index, failed, result, large, worker));
      return;
    }
    var current = page;
    if (current != null && (current.worker != worker || current.isFull())) {
      tell(current);
      current = null;
    }
    if (current == null) {
      current = new Results.Page(worker);
      page = current;
    }
    current.add(index, failed, result);
  }

  @Override
  public void failed(int index, Throwable failure) {
    tell(new Results.Failed(index, failure));
  }

  @Override
  public Throwable failure(
      MemorySegment result, Engine.@Nullable Message large, Engine.Worker worker) {
    return decoder.failure(result, large, loader, worker);
  }

  @Override
  public void paused() {
    var last = page;
    if (last != null) {
      page = null;
      tell(last);
    }
  }

  private void tell(Results results) {
    var count = results.count();
    waiting.add(results);
    told.addAndGet(count);
    if (closed.get()) {
      discard();
    } else if (hasWanted()) {
      LockSupport.unpark(reader);
    }
    ended(count);
  }
}
