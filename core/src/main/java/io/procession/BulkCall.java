package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A {@code map} whose caller waits. The caller's thread encodes the items, a window at a time, and
 * decodes the results, while the workers are busy with the items between.
 */
final class BulkCall implements Job {

  /**
   * How long a chunk should take: long against the way to the worker, short against a person's
   * patience.
   */
  private static final long CHUNK_NANOS = 1_000_000;

  private static final int LARGEST_CHUNK = 4096;
  private static final long FULL_BYTES = 24 << 10;

  /** How many chunks each worker has at the least. */
  private static final int CHUNKS_PER_WORKER = 3;

  /** And with small ones, while they take less than {@link #CHUNK_NANOS}, up to so many bytes. */
  private static final long AHEAD_BYTES = 64 << 10;

  private final Thread caller = Thread.currentThread();
  private final Desk desk;
  private final ResultDecoder decoder;
  private final Engine.Code code;
  private final CallOptions options;
  private final CallTimes times = new CallTimes();

  private final ConcurrentLinkedQueue<Results> inbox = new ConcurrentLinkedQueue<>();

  /** How many results were put into the inbox so far. */
  private final AtomicInteger told = new AtomicInteger();

  /** The caller wants to be woken when so many were. */
  private volatile int wanted;

  /** What the engine's thread was told and has not passed on. */
  private Results.@Nullable Page page;

  // The caller's own.
  private Terms terms = Terms.NONE;
  private final List<@Nullable Object> values = new ArrayList<>();
  private int submitted;
  private int ended;
  private int heard;
  private int firstFailureIndex = Integer.MAX_VALUE;
  private @Nullable Throwable firstFailure;
  private @Nullable CancellationException interrupted;

  BulkCall(Desk desk, ResultDecoder decoder, Engine.Code code, CallOptions options) {
    this.desk = desk;
    this.decoder = decoder;
    this.code = code;
    this.options = options;
  }

  /**
   * Runs all of it; when it returns or throws, every item that was submitted has ended.
   *
   * @param keepValues whether the results are wanted
   */
  List<@Nullable Object> run(
      Iterator<?> items, CallEncoder encoder, int workers, boolean keepValues) {
    terms = options.terms().fromNow();
    try {
      while (interrupted == null && !isTooLate() && items.hasNext()) {
        var size = Math.min(options.chunkSize(adaptedSize()), desk.largestChunk());
        var chunk = encoder.chunk(items, size, FULL_BYTES, code);
        submit(chunk, keepValues);
        var window = workers * chunksAhead(chunk) * size;
        if (submitted - ended >= window) {
          // Half of them at once: it costs as much to be woken for one as for many.
          awaitEnded(submitted - window / 2, keepValues);
        }
      }
      awaitEnded(submitted, keepValues);
      if (isTooLate() && items.hasNext()) {
        end(submitted, TaskTimeoutException.neverStarted(terms, desk.numbers(1)));
      }
    } catch (Throwable failure) {
      // The input failed, or the pool takes no more: what was submitted must not be left behind.
      desk.drop(this, 0, Integer.MAX_VALUE, true);
      awaitEnded(submitted, keepValues);
      throw failure;
    }
    if (interrupted != null) {
      Thread.currentThread().interrupt();
      throw interrupted;
    }
    throwFirstFailure();
    return values;
  }

  /** Whether items that were submitted now could not be run any more. */
  private boolean isTooLate() {
    return terms.hasDeadline() && terms.isExpired(System.nanoTime());
  }

  private int adaptedSize() {
    var nanos = times.callNanos();
    return nanos == 0 ? 1 : Math.clamp(CHUNK_NANOS / nanos, 1, LARGEST_CHUNK);
  }

  /** How many chunks like this one a worker should have, so that it is never without work. */
  private int chunksAhead(CallEncoder.Chunk chunk) {
    var nanos = times.callNanos() * chunk.count();
    var calls = chunk.calls();
    if (nanos == 0 || calls == null) {
      return CHUNKS_PER_WORKER;
    }
    var bytes = Math.max(1, calls.message().bytes().byteSize());
    var most = Math.min(CHUNK_NANOS / nanos, AHEAD_BYTES / bytes);
    return Math.clamp(most, CHUNKS_PER_WORKER, Dispatch.MOST_SENT);
  }

  private void submit(CallEncoder.Chunk chunk, boolean keepValues) {
    var calls = chunk.calls();
    if (calls != null) {
      if (!submit(calls, chunk.count())) {
        return;
      }
      submitted += chunk.count();
    }
    var failure = chunk.failure();
    if (failure != null) {
      end(submitted++, failure);
    }
    if (keepValues) {
      while (values.size() < submitted) {
        values.add(null);
      }
    }
  }

  /** Gives whether they were submitted; they were not if the thread was interrupted. */
  private boolean submit(Engine.Calls calls, int count) {
    try {
      desk.submit(Batch.of(this, calls, submitted, desk.numbers(count), terms));
      return true;
    } catch (InterruptedException e) {
      calls.message().close();
      interrupt("the thread that waited for room in the pool was interrupted");
      return false;
    } catch (Throwable refused) {
      calls.message().close();
      throw refused;
    }
  }

  private void interrupt(String how) {
    if (interrupted == null) {
      interrupted = new CancellationException(how);
      desk.drop(this, 0, Integer.MAX_VALUE, true);
    }
  }

  /** Waits until {@code count} items have ended, and reads what came. */
  private void awaitEnded(int count, boolean keepValues) {
    while (true) {
      for (var results = inbox.poll(); results != null; results = inbox.poll()) {
        read(results, keepValues);
      }
      if (ended >= count) {
        return;
      }
      wanted = heard + count - ended;
      if (!hasWanted()) {
        desk.assist(times.callNanos(), this::hasWanted);
      }
      if (!hasWanted()) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          interrupt("the thread that waited for the results was interrupted");
        }
      }
    }
  }

  private boolean hasWanted() {
    return told.get() >= wanted;
  }

  private void read(Results results, boolean keepValues) {
    heard += results.count();
    switch (results) {
      case Results.Failed failed -> end(failed.index(), failed.failure());
      case Results.Large large -> {
        read(large.index(), large.failed(), large.bytes(), large.worker(), keepValues);
        large.message().close();
      }
      case Results.Page last -> {
        for (var place = 0; place < last.count; place++) {
          read(last.indexes[place], last.failed[place], last.bytes(place), last.worker, keepValues);
        }
      }
    }
  }

  private void read(
      int index, boolean failed, MemorySegment result, Engine.Worker worker, boolean keepValues) {
    if (failed) {
      end(index, decoder.failure(result, code.loader(), worker.name(), worker.pid()));
      return;
    }
    if (keepValues) {
      try {
        values.set(index, decoder.<@Nullable Object>value(result, code.loader()));
      } catch (Exception | LinkageError | StackOverflowError failure) {
        end(index, failure);
        return;
      }
    }
    ended++;
  }

  private void end(int index, Throwable failure) {
    ended++;
    if (index < firstFailureIndex) {
      firstFailureIndex = index;
      firstFailure = failure;
    }
  }

  private void throwFirstFailure() {
    switch (firstFailure) {
      case null -> {}
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      case Throwable failure -> throw new CompletionException(failure);
    }
  }

  // From the engine's thread

  @Override
  public long priority() {
    return options.priority();
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
  public Throwable failure(MemorySegment result, Engine.Worker worker) {
    return decoder.failure(result, code.loader(), worker.name(), worker.pid());
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
    inbox.add(results);
    told.addAndGet(results.count());
    if (hasWanted()) {
      LockSupport.unpark(caller);
    }
  }
}
