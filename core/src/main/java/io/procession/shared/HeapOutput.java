package io.procession.shared;

import io.procession.spi.Output;
import java.lang.foreign.MemorySegment;

/** Grows in arrays, up to a limit. */
final class HeapOutput extends Output {

  private static final int FIRST_BYTES = 512;

  private final int maxBytes;
  private final int freeBytes;
  private byte[] array;

  /**
   * @param maxBytes how many bytes a message may have
   * @param freeBytes how many bytes before the message do not count
   */
  HeapOutput(int maxBytes, int freeBytes) {
    this(maxBytes, freeBytes, new byte[FIRST_BYTES]);
  }

  private HeapOutput(int maxBytes, int freeBytes, byte[] array) {
    super(MemorySegment.ofArray(array));
    this.maxBytes = maxBytes;
    this.freeBytes = freeBytes;
    this.array = array;
  }

  @Override
  protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
    if (neededBytes - freeBytes > maxBytes) {
      throw tooLarge("at least " + (neededBytes - freeBytes), maxBytes);
    }
    var most = (long) maxBytes + freeBytes;
    var larger = new byte[(int) Math.min(most, Math.max(neededBytes, 2 * memory.byteSize()))];
    System.arraycopy(array, 0, larger, 0, (int) usedBytes);
    array = larger;
    return MemorySegment.ofArray(larger);
  }

  /** What holds the bytes that were written; valid until the next write. */
  byte[] array() {
    return array;
  }

  static IllegalArgumentException tooLarge(Object bytes, int maxBytes) {
    return new IllegalArgumentException(
        "the message is larger than the peer allows, so nothing was sent; send it in parts, or"
            + " raise maxMessageBytes at the other end. bytes=%s maxMessageBytes=%d"
                .formatted(bytes, maxBytes));
  }
}
