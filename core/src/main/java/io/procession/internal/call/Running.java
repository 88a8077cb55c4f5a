package io.procession.internal.call;

/** The call that runs now, so that an interrupt meets that call and no other. */
public final class Running {

  private final Thread thread;
  private final boolean borrowed;
  private long sequence;
  private int index;
  private boolean isRunning;
  private boolean isInterrupted;

  // The call that an interrupt came for before it began; none has a negative sequence.
  private long earlySequence = -1;
  private int earlyIndex;

  /**
   * @param borrowed whether the thread is somebody else's, whose own interrupts are left alone
   */
  public Running(Thread thread, boolean borrowed) {
    this.thread = thread;
    this.borrowed = borrowed;
  }

  /** The thread begins a call. */
  public synchronized void begin(long newSequence, int newIndex) {
    sequence = newSequence;
    index = newIndex;
    isRunning = true;
    if (earlySequence == sequence && earlyIndex == index) {
      interrupt();
    }
  }

  /** The thread has ended its call. */
  public synchronized void end() {
    isRunning = false;
    if (isInterrupted || !borrowed) {
      // An interrupt was for the call that has ended.
      Thread.interrupted();
      isInterrupted = false;
    }
  }

  /**
   * Interrupts this call, if it runs now; if it was claimed and is about to begin, as soon as it
   * begins.
   */
  public synchronized void interrupt(long ofSequence, int ofIndex) {
    if (sequence == ofSequence && index == ofIndex) {
      interrupt();
    } else if (isAhead(ofSequence, ofIndex)) {
      earlySequence = ofSequence;
      earlyIndex = ofIndex;
    }
  }

  private boolean isAhead(long ofSequence, int ofIndex) {
    return ofSequence > sequence || (ofSequence == sequence && ofIndex > index);
  }

  /** Interrupts the call that runs now, if there is one. */
  public synchronized void interrupt() {
    if (isRunning) {
      isInterrupted = true;
      thread.interrupt();
    }
  }
}
