package io.procession;

import io.procession.spi.Codec;
import io.procession.spi.Engine;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Consecutive items of one function on their way into one message. */
final class OpenChunk implements AutoCloseable {

  /** A message for a ring has room for the lengths of so many items. */
  static final int MOST_ITEMS = 2048;

  private final Codec codec;
  private final Engine.Message message;
  private final Engine.Code code;
  private long[] offsets = new long[16];
  private int count;

  OpenChunk(Codec codec, Engine.Message message, Engine.Code code) {
    this.codec = codec;
    this.message = message;
    this.code = code;
  }

  /**
   * Adds an item behind the others.
   *
   * @throws IllegalArgumentException if it cannot travel; the chunk is as it was
   */
  void add(@Nullable Object item) {
    var start = size();
    try {
      CallEncoder.write(codec, item, message);
    } catch (IllegalArgumentException failure) {
      if (message instanceof Engine.Encoded encoded) {
        encoded.output().rewind(start);
      }
      throw failure;
    }
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    offsets[count++] = start;
  }

  int count() {
    return count;
  }

  /** Whether it has {@code wanted} items, or so many bytes, or has no room. */
  boolean isFull(int wanted, long fullBytes) {
    return count >= Math.min(wanted, MOST_ITEMS) || size() >= fullBytes;
  }

  /** Where the next item starts. */
  private long size() {
    return switch (message) {
      case Engine.Encoded encoded -> encoded.output().position();
      case Engine.Values values -> values.size();
    };
  }

  /**
   * The calls; null if there is none, and the message is closed then. Nothing is added any more.
   */
  Engine.@Nullable Calls finish() {
    if (count == 0) {
      message.close();
      return null;
    }
    return new Engine.Calls(code, code.loader(), message, Arrays.copyOf(offsets, count));
  }

  /** Throws the items away. */
  @Override
  public void close() {
    message.close();
  }
}
