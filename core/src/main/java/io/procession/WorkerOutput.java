package io.procession;

import io.procession.internal.engine.ChildLines;
import io.procession.internal.wire.OutputMark;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Divides what a worker writes by its tasks. The worker marks in both streams where each call
 * begins and ends, so that also native code's output, that of programs it starts, and the last
 * words of one that crashes are told apart.
 */
final class WorkerOutput implements ChildLines.Sink {

  /** A bound for a worker that lost a mark, say because it closed or replaced a descriptor. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String mark;

  /** What was sent and is not known to be over, by its sequence. */
  private final TreeMap<Long, Batch> sent = new TreeMap<>();

  private final Stream text = new Stream(false);
  private final Stream errors = new Stream(true);

  /** Where one of the two streams is. */
  private static final class Stream {
    final boolean isError;
    @Nullable Capture current;
    long sequence;
    boolean ended;

    Stream(boolean isError) {
      this.isError = isError;
    }

    long position() {
      return ended ? Long.MAX_VALUE : sequence;
    }
  }

  WorkerOutput(String mark) {
    this.mark = mark;
  }

  /** These calls are about to be sent to the worker. */
  synchronized void sent(long sequence, Batch batch) {
    sent.put(sequence, batch);
  }

  @Override
  public @Nullable String line(boolean isError, String line) {
    var stream = isError ? errors : text;
    var at = OutputMark.find(mark, line);
    if (at < 0) {
      write(stream, line, true);
      return line;
    }
    var before = line.substring(0, at);
    if (at > 0) {
      write(stream, before, false);
    }
    var found = OutputMark.read(mark, line, at);
    if (found != null) {
      pass(stream, found);
    }
    return at > 0 ? before : null;
  }

  private static void write(Stream stream, String text, boolean isWhole) {
    var capture = stream.current;
    if (capture == null) {
      ChildOutput.print(stream.isError, text, isWhole);
    } else {
      capture.append(stream.isError, text, isWhole);
    }
  }

  private synchronized void pass(Stream stream, OutputMark found) {
    stream.sequence = found.sequence();
    var batch = sent.get(found.sequence());
    var capture = batch == null ? null : batch.job().capture(batch.firstIndex() + found.index());
    stream.current = found.isBegin() ? capture : null;
    if (capture != null) {
      if (found.isBegin()) {
        capture.begin(stream.isError);
      } else {
        capture.end(stream.isError);
      }
    }
    forgetPast();
    notifyAll();
  }

  /** A worker runs what it is sent in the order of the sequences. */
  private void forgetPast() {
    var past = Math.min(text.position(), errors.position());
    sent.headMap(past).clear();
  }

  @Override
  public synchronized void ended(boolean isError) {
    (isError ? errors : text).ended = true;
    notifyAll();
  }

  /** Waits until all is here that a task wrote that has ended in this worker. */
  synchronized void await(Capture capture) {
    var start = System.nanoTime();
    var interrupted = false;
    while (!isComplete(capture, text) || !isComplete(capture, errors)) {
      var left = PATIENCE_NANOS - (System.nanoTime() - start);
      if (left <= 0) {
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isComplete(Capture capture, Stream stream) {
    return stream.ended || capture.hasEnded(stream.isError);
  }
}
