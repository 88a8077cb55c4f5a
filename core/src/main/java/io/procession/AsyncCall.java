package io.procession;

import io.procession.spi.Engine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A {@code mapAsync}: every item is encoded and queued now, and each has a task. */
final class AsyncCall<R extends @Nullable Object> {

  private static final long FULL_BYTES = 24 << 10;

  /** Large is no harm: workers without work take of it what has not started. */
  private static final int CHUNK = 256;

  private final Desk desk;
  private final Engine.Code code;
  private final CallOptions options;
  private final TaskJob<R> job;
  private final Terms terms;
  private final List<Task<R>> tasks = new ArrayList<>();

  AsyncCall(Desk desk, Engine.Code code, CallOptions options, TaskJob<R> job) {
    this.desk = desk;
    this.code = code;
    this.options = options;
    this.job = job;
    this.terms = options.terms().fromNow();
  }

  /**
   * Submits each chunk as soon as it is encoded, so that no more is in flight than the pool takes.
   *
   * @param ended runs when every task has ended
   */
  List<Task<R>> submit(Iterator<?> items, CallEncoder encoder, Runnable ended) {
    job.begin(ended);
    try {
      var size = Math.min(options.chunkSize(CHUNK), desk.largestChunk());
      while (items.hasNext()) {
        submit(encoder.chunk(items, size, FULL_BYTES, code));
      }
    } catch (Throwable failure) {
      // The input failed, or the pool takes no more: what was submitted must not be left behind.
      desk.drop(job, 0, Integer.MAX_VALUE, true);
      throw failure;
    } finally {
      job.complete();
    }
    return tasks;
  }

  private void submit(CallEncoder.Chunk chunk) {
    var first = tasks.size();
    for (var i = 0; i < chunk.count(); i++) {
      tasks.add(job.add(desk));
    }
    var calls = chunk.calls();
    if (calls != null) {
      job.expect(chunk.count());
      submit(Batch.of(job, calls, first, desk.numbers(chunk.count()), terms));
    }
    var failure = chunk.failure();
    if (failure != null) {
      var task = job.add(desk);
      task.fail(failure);
      tasks.add(task);
    }
  }

  private void submit(Batch batch) {
    try {
      desk.submit(batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var refused = Flow.interrupted(e);
      Ledger.failAll(List.of(batch), refused);
      throw refused;
    } catch (RejectedExecutionException e) {
      Ledger.failAll(List.of(batch), e);
      throw e;
    }
  }
}
