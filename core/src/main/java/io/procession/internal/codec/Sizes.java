package io.procession.internal.codec;

import io.procession.spi.Input;

/** Lengths that were read: believed only if the bytes for them are there. */
final class Sizes {

  /** Reads the number of elements of something that has at least one byte for each of them. */
  static int read(Input input) {
    return (int) checked(input.getVarInt(), 1, input);
  }

  static long checked(int count, int elementBytes, Input input) {
    if (count < 0 || (long) count * elementBytes > input.remaining()) {
      throw new IndexOutOfBoundsException(
          "a length is beyond the end of the message: count=%s elementBytes=%d remainingBytes=%d"
              .formatted(Integer.toUnsignedString(count), elementBytes, input.remaining()));
    }
    return count;
  }

  private Sizes() {}
}
