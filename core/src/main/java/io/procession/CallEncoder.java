package io.procession;

import io.procession.spi.Codec;
import io.procession.spi.Engine;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes messages of what callers hand in: in the caller's thread, before anything is queued. */
final class CallEncoder {

  /** A message for a ring has room for the lengths of so many items. */
  private static final int MOST_ITEMS = 2048;

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
  record Chunk(Engine.@Nullable Calls calls, int count, @Nullable Throwable failure) {}

  /** A function that many calls share. */
  Engine.Code code(Object function, ClassLoader loader) {
    return new Engine.Code(codes.incrementAndGet(), loader, message(function));
  }

  /** One call that brings its own function. */
  Engine.Calls call(Object callable, ClassLoader loader) {
    return new Engine.Calls(null, loader, message(callable), new long[] {0});
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
    var message = engine.message();
    message.output().putBytes(bytes, 0, bytes.length);
    return message;
  }

  private Engine.Message message(@Nullable Object value) {
    var message = engine.message();
    try {
      codec.write(value, message.output());
      return message;
    } catch (Throwable failure) {
      message.close();
      throw failure;
    }
  }

  /**
   * Encodes the next items.
   *
   * @param wanted how many, if there is room for so many
   * @param fullBytes how large the message may be before another item is added
   */
  Chunk chunk(Iterator<?> items, int wanted, long fullBytes, Engine.Code code) {
    var most = Math.min(wanted, MOST_ITEMS);
    var message = engine.message();
    try {
      var output = message.output();
      var offsets = new long[Math.min(most, 64)];
      var count = 0;
      while (count < most && output.position() < fullBytes && items.hasNext()) {
        var item = items.next();
        var start = output.position();
        try {
          codec.write(item, output);
        } catch (IllegalArgumentException failure) {
          output.rewind(start);
          return finish(code, message, offsets, count, failure);
        }
        if (count == offsets.length) {
          offsets = Arrays.copyOf(offsets, Math.min(most, count * 2));
        }
        offsets[count++] = start;
      }
      return finish(code, message, offsets, count, null);
    } catch (Throwable failure) {
      message.close();
      throw failure;
    }
  }

  private static Chunk finish(
      Engine.Code code,
      Engine.Message message,
      long[] offsets,
      int count,
      @Nullable Throwable failure) {
    if (count == 0) {
      message.close();
      return new Chunk(null, 0, failure);
    }
    var calls = new Engine.Calls(code, code.loader(), message, Arrays.copyOf(offsets, count));
    return new Chunk(calls, count, failure);
  }
}
