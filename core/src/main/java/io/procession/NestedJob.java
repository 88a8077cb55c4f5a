package io.procession;

import io.procession.internal.codec.ThrowableCodec;
import io.procession.internal.engine.HeapMessage;
import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls that another process submitted; it is told what becomes of them. */
final class NestedJob implements Job {

  private final long sequence;
  private final long priority;
  private final ResultDecoder decoder;
  private final ClassLoader loader;
  private final Consumer<PoolMessage.Reply> replies;
  private final Runnable whenEnded;
  private int open;
  private volatile long callNanos;

  /** The number, within the pool, of the first call; 0 while it has none. */
  private volatile long firstTask;

  private volatile @Nullable Throwable refusal;

  /**
   * @param loader knows the classes of exceptions, after which a call may be run again
   * @param replies takes what the process is to be told; must not block
   * @param whenEnded runs when all calls have ended
   */
  NestedJob(
      long sequence,
      int calls,
      long priority,
      ResultDecoder decoder,
      ClassLoader loader,
      Consumer<PoolMessage.Reply> replies,
      Runnable whenEnded) {
    this.sequence = sequence;
    this.open = calls;
    this.priority = priority;
    this.decoder = decoder;
    this.loader = loader;
    this.replies = replies;
    this.whenEnded = whenEnded;
  }

  /** It is about to be dropped, for this reason. */
  void refuse(Throwable reason) {
    refusal = reason;
  }

  @Override
  public void numbered(int first, int calls, long task) {
    firstTask = task - first;
  }

  private long task(int index) {
    var first = firstTask;
    return first == 0 ? 0 : first + index;
  }

  @Override
  public long priority() {
    return priority;
  }

  @Override
  public long callNanos() {
    return callNanos;
  }

  @Override
  public void took(int done, long durationNanos) {
    callNanos = Math.max(1, durationNanos / Math.max(1, done));
    replies.accept(new PoolMessage.Took(sequence, done, durationNanos));
  }

  @Override
  public void settled(
      int index,
      boolean failed,
      MemorySegment result,
      Engine.@Nullable Message large,
      Engine.Worker worker) {
    if (large instanceof Engine.Values values) {
      settled(index, failed, values.get(0), worker);
      return;
    }
    var bytes = result.toArray(ValueLayout.JAVA_BYTE);
    Results.discard(large);
    replies.accept(
        new PoolMessage.Ended(
            sequence, index, task(index), failed, bytes, worker.name(), worker.pid()));
    endedOne();
  }

  @Override
  public void failed(int index, Throwable failure) {
    var reason = refusal;
    var encoded = encoded(reason == null ? failure : reason);
    replies.accept(new PoolMessage.Failed(sequence, index, task(index), encoded));
    endedOne();
  }

  @Override
  public void retried(int index) {
    replies.accept(new PoolMessage.Retried(sequence, index));
  }

  @Override
  public Throwable failure(
      MemorySegment result, Engine.@Nullable Message large, Engine.Worker worker) {
    return decoder.failure(result, large, loader, worker);
  }

  /** A result of a worker of this process, which has not been encoded. */
  private void settled(int index, boolean failed, @Nullable Object value, Engine.Worker worker) {
    byte[] bytes;
    try (var message = new HeapMessage()) {
      if (failed) {
        ThrowableCodec.write((Throwable) Objects.requireNonNull(value), message);
      } else {
        decoder.codec().write(value, message);
      }
      bytes = message.toBytes();
    } catch (RuntimeException | StackOverflowError unsendable) {
      failed(index, unsendable);
      return;
    }
    replies.accept(
        new PoolMessage.Ended(
            sequence, index, task(index), failed, bytes, worker.name(), worker.pid()));
    endedOne();
  }

  static byte[] encoded(Throwable failure) {
    try (var message = new HeapMessage()) {
      ThrowableCodec.write(failure, message);
      return message.toBytes();
    }
  }

  private void endedOne() {
    boolean isLast;
    synchronized (this) {
      isLast = --open == 0;
    }
    if (isLast) {
      whenEnded.run();
    }
  }

  @Override
  public void paused() {}
}
