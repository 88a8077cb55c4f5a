package io.procession.internal.wire;

/** The kinds of messages on the control link. A question and its answer have the same number. */
public final class Control {

  // Child to parent

  /** A {@link ClassRequest}; answered by {@link #ANSWER} with a {@link ClassReply}. */
  public static final int CLASSES = 1;

  /** Asks for a segment: its size, long; answered by {@link #ANSWER} with the encoded handle. */
  public static final int LEASE = 2;

  /** Gives a segment back: its id, long. */
  public static final int RETURN = 3;

  /** Answers {@link #DUMP}: the stacks of all threads, UTF-8. */
  public static final int STACKS = 4;

  // Parent to child

  /** Answers a question. */
  public static final int ANSWER = 16;

  /** The question cannot be answered: the reason, UTF-8. */
  public static final int REFUSAL = 17;

  /** Interrupts a call if it runs: its sequence, long, and its number, int. */
  public static final int INTERRUPT = 18;

  /** A segment will not be used again: its id, long. */
  public static final int FORGET_SEGMENT = 19;

  /** A function will not be used again: its number, long. */
  public static final int FORGET_CODE = 20;

  /** Asks for the stacks of all threads; answered by {@link #STACKS}. */
  public static final int DUMP = 21;

  private Control() {}
}
