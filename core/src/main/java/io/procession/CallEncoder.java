package io.procession;

import io.procession.internal.engine.HeapMessage;
import io.procession.spi.Codec;
import io.procession.spi.Engine;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes messages of what callers hand in: in the caller's thread, before anything is queued. */
final class CallEncoder {

  private final Codec codec;
  private final Engine engine;
  private final AtomicLong codes = new AtomicLong();

  CallEncoder(Codec codec, Engine engine) {
    this.codec = codec;
    this.engine = engine;
  }

  /**
   * Consecutive items as one message.
   *
   * @param calls the encoded items; null if there is none
   * @param count how many there are
   * @param failure why the item right behind them cannot travel; null if it was not tried
   */
  record Chunk(Engine.@Nullable Calls calls, int count, @Nullable Throwable failure) {

    /** How large the message is; 0 if there is none. */
    long bytes() {
      return calls == null ? 0 : calls.message().byteSize();
    }
  }

  /** A function that many calls share. */
  Engine.Code code(Object function, ClassLoader loader) {
    return new Engine.Code(codes.incrementAndGet(), loader, message(function));
  }

  /** One call that brings its own function. */
  Engine.Calls call(Object callable, ClassLoader loader) {
    return new Engine.Calls(null, loader, message(callable), new long[] {0});
  }

  /**
   * Refuses what others made of a function that was given to them, to run it in an executor.
   *
   * @throws NotTransferableException if it would have to travel; the message says what to do
   */
  void checkPlain(Runnable task) {
    if (!(task instanceof CompletableFuture.AsynchronousCompletionTask)
        && !(task instanceof Future)) {
      return;
    }
    try (var message = engine.message()) {
      if (message instanceof Engine.Values) {
        return;
      }
    }
    throw new NotTransferableException(
        task instanceof CompletableFuture.AsynchronousCompletionTask
            ? "a function given to a method such as CompletableFuture.supplyAsync(…, pool) cannot"
                + " travel to another process; use pool.submit(…), which gives a CompletableFuture."
            : "a future that is run in another process, as an ExecutorCompletionService wants it,"
                + " does not end in this one; use pool.submit(…), which gives a future, and"
                + " pool.asCompleted(…).",
        task.getClass().getName());
  }

  /** A function that another process has encoded. */
  Engine.Code encodedCode(byte[] bytes, ClassLoader loader) {
    return new Engine.Code(codes.incrementAndGet(), loader, encoded(bytes));
  }

  /** Calls that another process has encoded. */
  Engine.Calls encodedCalls(
      Engine.@Nullable Code code, ClassLoader loader, byte[] bytes, long[] offsets) {
    return new Engine.Calls(code, loader, encoded(bytes), offsets);
  }

  private Engine.Message encoded(byte[] bytes) {
    var message = engine.message() instanceof Engine.Encoded own ? own : new HeapMessage();
    message.output().putBytes(bytes, 0, bytes.length);
    return message;
  }

  private Engine.Message message(@Nullable Object value) {
    var message = engine.message();
    try {
      write(codec, value, message);
      return message;
    } catch (Throwable failure) {
      message.close();
      throw failure;
    }
  }

  /** Adds a value to a message. */
  static void write(Codec codec, @Nullable Object value, Engine.Message message) {
    switch (message) {
      case Engine.Encoded encoded -> codec.write(value, encoded.output());
      case Engine.Values values -> values.add(value);
    }
  }

  /** An empty chunk of calls of {@code code}. */
  OpenChunk open(Engine.Code code) {
    return new OpenChunk(codec, engine.message(), code);
  }

  /**
   * Encodes the next items.
   *
   * @param wanted how many, if there is room for so many
   * @param fullBytes how large the message may be before another item is added
   */
  Chunk chunk(Iterator<?> items, int wanted, long fullBytes, Engine.Code code) {
    var chunk = open(code);
    try {
      while (!chunk.isFull(wanted, fullBytes) && items.hasNext()) {
        var item = items.next();
        try {
          chunk.add(item);
        } catch (IllegalArgumentException failure) {
          return new Chunk(chunk.finish(), chunk.count(), failure);
        }
      }
      return new Chunk(chunk.finish(), chunk.count(), null);
    } catch (Throwable failure) {
      chunk.close();
      throw failure;
    }
  }
}
