package io.procession;

import io.procession.spi.Engine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code mapAsync}: every item is encoded and queued now, and each has a task. */
final class AsyncCall<R extends @Nullable Object> {

  private static final long FULL_BYTES = 24 << 10;

  /** Large is no harm: workers without work take of it what has not started. */
  private static final int CHUNK = 256;

  private final Ledger ledger;
  private final Engine.Code code;
  private final CallOptions options;
  private final TaskJob<R> job;
  private final List<Task<R>> tasks = new ArrayList<>();
  private final List<Batch> batches = new ArrayList<>();

  AsyncCall(Ledger ledger, Engine.Code code, CallOptions options, TaskJob<R> job) {
    this.ledger = ledger;
    this.code = code;
    this.options = options;
    this.job = job;
  }

  /**
   * @param ended runs when every task has ended
   */
  List<Task<R>> submit(Iterator<?> items, CallEncoder encoder, Runnable ended) {
    var next = 0;
    try {
      encode(items, encoder);
      job.expect(batches.stream().mapToInt(Batch::size).sum(), ended);
      for (; next < batches.size(); next++) {
        ledger.submit(batches.get(next));
      }
    } catch (Throwable failure) {
      Ledger.failAll(batches.subList(next, batches.size()), failure);
      ledger.drop(job, 0, Integer.MAX_VALUE, true);
      throw failure;
    }
    return tasks;
  }

  private void encode(Iterator<?> items, CallEncoder encoder) {
    var terms = options.terms().fromNow();
    var size = options.chunkSize() > 0 ? options.chunkSize() : CHUNK;
    while (items.hasNext()) {
      var chunk = encoder.chunk(items, size, FULL_BYTES, code);
      var first = tasks.size();
      for (var i = 0; i < chunk.count(); i++) {
        tasks.add(job.add(ledger));
      }
      var calls = chunk.calls();
      if (calls != null) {
        batches.add(Batch.of(job, calls, first, ledger.numbers(chunk.count()), terms));
      }
      var failure = chunk.failure();
      if (failure != null) {
        var task = job.add(ledger);
        task.fail(failure);
        tasks.add(task);
      }
    }
  }
}
