package io.procession;

import io.procession.internal.codec.ThrowableCodec;
import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls that another process submitted; it is told what becomes of them. */
final class NestedJob implements Job {

  /** Above what users ask for: whoever waits in a worker goes before what has not begun. */
  private static final int DEPTH_SHIFT = 32;

  private static final int DEEPEST = 1 << 20;

  private final long sequence;
  private final long ownPriority;
  private final ResultDecoder decoder;
  private final ClassLoader loader;
  private final Consumer<PoolMessage.Reply> replies;
  private final Runnable whenEnded;
  private final int calls;
  private int open;
  private volatile long callNanos;
  private @Nullable Lender lender;
  private @Nullable NestedJob outer;
  private String place = "";
  private int depth;
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
    this.calls = calls;
    this.open = calls;
    this.ownPriority = priority;
    this.decoder = decoder;
    this.loader = loader;
    this.replies = replies;
    this.whenEnded = whenEnded;
  }

  /** It was submitted by a task of the same pool. */
  void nestedIn(String inPlace, @Nullable NestedJob inOuter) {
    place = inPlace;
    outer = inOuter;
    depth = inOuter == null ? 1 : Math.min(DEEPEST, inOuter.depth + 1);
  }

  /** Who may wait for it. */
  void lentBy(Lender by) {
    lender = by;
    by.submitted(calls);
  }

  /** It is about to be dropped, for this reason. */
  void refuse(Throwable reason) {
    refusal = reason;
  }

  /** Which task submitted it, as a text. */
  String place() {
    return place;
  }

  /** What that task is itself nested in; null if in nothing. */
  @Nullable NestedJob outer() {
    return outer;
  }

  /** The deeper, the sooner: the tasks that wait for it hold workers. */
  @Override
  public long priority() {
    return ((long) depth << DEPTH_SHIFT) + ownPriority;
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
        new PoolMessage.Ended(sequence, index, failed, bytes, worker.name(), worker.pid()));
    endedOne();
  }

  @Override
  public void failed(int index, Throwable failure) {
    var reason = refusal;
    var encoded = encoded(reason == null ? failure : reason);
    replies.accept(new PoolMessage.Failed(sequence, index, encoded));
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
        new PoolMessage.Ended(sequence, index, failed, bytes, worker.name(), worker.pid()));
    endedOne();
  }

  static byte[] encoded(Throwable failure) {
    try (var message = new HeapMessage()) {
      ThrowableCodec.write(failure, message);
      return message.toBytes();
    }
  }

  private void endedOne() {
    var by = lender;
    if (by != null) {
      by.endedOne();
    }
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
