package io.procession.internal.wire;

/** What a block of the family's heap is. The numbers are part of the protocol. */
public enum BlockKind {
  /** Nothing: free, or about to become something or to be freed. */
  NONE(0),
  MEMORY(1),
  LONG(2),
  INT_ARRAY(3),
  LONG_ARRAY(4),
  DOUBLE_ARRAY(5),
  LOCK(6),
  CONDITION(7),
  READ_WRITE_LOCK(8),
  SEMAPHORE(9),
  EVENT(10),
  BARRIER(11),
  LATCH(12),
  QUEUE(13),
  JOINABLE_QUEUE(14),
  PIPE(15),
  /** The content of a large message, or of one that may be delivered again. */
  MESSAGE(16),

  /** The ring of a queue or a pipe. */
  RING(17),

  /** One end of a pipe. */
  PIPE_END(18);

  private static final BlockKind[] VALUES = values();

  private final int number;

  BlockKind(int number) {
    this.number = number;
  }

  /** How memory names it. */
  public int number() {
    return number;
  }

  /**
   * The kind of this number.
   *
   * @throws IllegalStateException if there is none: the memory is damaged, or of another version
   */
  public static BlockKind of(int number) {
    for (var kind : VALUES) {
      if (kind.number == number) {
        return kind;
      }
    }
    throw new IllegalStateException(
        "a block of shared memory is of no known kind; use one version of the library in all"
            + " processes. kind="
            + number);
  }
}
