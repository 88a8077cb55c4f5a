package io.procession.internal.wire;

/** What a block of the family's heap is. The order is part of the protocol. */
public enum BlockKind {
  /** Nothing: free, or about to become something or to be freed. */
  NONE,
  MEMORY,
  LONG,
  INT_ARRAY,
  LONG_ARRAY,
  DOUBLE_ARRAY,
  LOCK,
  CONDITION,
  READ_WRITE_LOCK,
  SEMAPHORE,
  EVENT,
  BARRIER,
  LATCH,
  QUEUE,
  JOINABLE_QUEUE,
  PIPE,
  /** The content of a large message, or of one that may be delivered again. */
  MESSAGE;

  private static final BlockKind[] VALUES = values();

  /**
   * The kind of this number.
   *
   * @throws IllegalStateException if there is none: the memory is damaged, or of another version
   */
  public static BlockKind of(int number) {
    if (number < 0 || number >= VALUES.length) {
      throw new IllegalStateException(
          "a block of shared memory is of no known kind; use one version of the library in all"
              + " processes. kind="
              + number);
    }
    return VALUES[number];
  }
}
