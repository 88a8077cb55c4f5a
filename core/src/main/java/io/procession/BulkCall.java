package io.procession;

import io.procession.spi.Engine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A {@code map} whose caller waits. The caller's thread encodes the items, a window at a time, and
 * decodes the results, while the workers are busy with the items between.
 */
final class BulkCall implements Inbox.Reader {

  private final Desk desk;
  private final Engine.Code code;
  private final CallOptions options;
  private final Inbox inbox;

  // The caller's own.
  private Terms terms = Terms.NONE;
  private final List<@Nullable Object> values = new ArrayList<>();
  private int submitted;
  private int ended;
  private int firstFailureIndex = Integer.MAX_VALUE;
  private @Nullable Throwable firstFailure;
  private @Nullable CancellationException interrupted;

  BulkCall(Desk desk, ResultDecoder decoder, Engine.Code code, CallOptions options) {
    this.desk = desk;
    this.code = code;
    this.options = options;
    this.inbox = new Inbox(decoder, code.loader(), options.priority(), () -> {});
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
        var size = Math.min(inbox.chunkSize(options), desk.largestChunk());
        var chunk = encoder.chunk(items, size, Inbox.FULL_BYTES, code);
        submit(chunk, keepValues);
        var window = workers * inbox.chunksAhead(chunk.count(), chunk.bytes()) * size;
        if (submitted - ended >= window) {
          // Half of them at once: it costs as much to be woken for one as for many.
          awaitEnded(submitted - window / 2, keepValues);
        }
      }
      awaitEnded(submitted, keepValues);
      if (isTooLate() && items.hasNext()) {
        failure(submitted, TaskTimeoutException.neverStarted(terms, desk.numbers(1)));
      }
    } catch (Throwable failure) {
      // The input failed, or the pool takes no more: what was submitted must not be left behind.
      desk.drop(inbox, 0, Integer.MAX_VALUE, true);
      awaitEnded(submitted, keepValues);
      throw failure;
    }
    if (interrupted != null) {
      Thread.currentThread().interrupt();
      throw interrupted;
    }
    if (firstFailure != null) {
      throw unchecked(firstFailure);
    }
    return values;
  }

  /** What a caller that is not asked to catch anything gets. */
  static RuntimeException unchecked(Throwable failure) {
    return switch (failure) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new CompletionException(failure);
    };
  }

  /** Whether items that were submitted now could not be run any more. */
  private boolean isTooLate() {
    return terms.hasDeadline() && terms.isExpired(System.nanoTime());
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
      failure(submitted++, failure);
    }
    if (keepValues) {
      while (values.size() < submitted) {
        values.add(null);
      }
    }
  }

  /** Gives whether they were submitted; they were not if the thread was interrupted. */
  private boolean submit(Engine.Calls calls, int count) {
    var _ = inbox.expect(count);
    try {
      desk.submit(Batch.of(inbox, calls, submitted, desk.numbers(count), terms));
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
      desk.drop(inbox, 0, Integer.MAX_VALUE, true);
    }
  }

  /** Waits until {@code count} items have ended, and reads what came. */
  private void awaitEnded(int count, boolean keepValues) {
    while (true) {
      inbox.read(keepValues, this);
      if (ended >= count) {
        return;
      }
      if (!inbox.await(count - ended, desk)) {
        interrupt("the thread that waited for the results was interrupted");
      }
    }
  }

  @Override
  public void value(int index, @Nullable Object value) {
    ended++;
    if (index < values.size()) {
      values.set(index, value);
    }
  }

  @Override
  public void failure(int index, Throwable failure) {
    ended++;
    if (index < firstFailureIndex) {
      firstFailureIndex = index;
      firstFailure = failure;
    }
  }
}
