package io.procession.shared;

import io.procession.UnreadableElementException;
import io.procession.internal.codec.StandardCodec;
import io.procession.internal.family.Family;
import io.procession.internal.family.Heap;
import io.procession.internal.wire.QueueLayout;
import io.procession.spi.Input;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * What was copied out of a queue, and is yet to be decoded.
 *
 * @param position where it was in the queue
 * @param type as {@link QueueLayout} names it
 * @param sender the reference to the process that put it
 * @param bytes its bytes
 * @param block the block that holds them; null if they were in the ring
 * @param redelivered whether a process that had taken it before died
 */
record Taken(
    long position,
    int type,
    int sender,
    MemorySegment bytes,
    Heap.@Nullable Block block,
    boolean redelivered) {

  private static final StandardCodec CODEC = new StandardCodec();

  Input input(boolean again) {
    var context = Thread.currentThread().getContextClassLoader();
    var loader = context != null ? context : ClassLoader.getSystemClassLoader();
    return again ? Input.toBeReadAgain(bytes, loader) : new Input(bytes, loader);
  }

  /**
   * Makes the object.
   *
   * @param family to name the sender
   * @param again whether the bytes will be read once more
   * @throws UnreadableElementException if that fails; the element is out of the queue
   */
  @Nullable Object decode(Family family, boolean again) {
    return decode(family, input(again));
  }

  @Nullable Object decode(Family family, Input input) {
    try {
      return CODEC.read(input);
    } catch (ClassNotFoundException | IOException e) {
      throw new UnreadableElementException(
          "an element was taken out of a queue, but it cannot be made here: %s. position=%d senderPid=%d"
              .formatted(e.getMessage(), position, family.roster().pid(sender)),
          e);
    }
  }
}
