package io.procession.internal.call;

/** The call that runs now, so that an interrupt meets that call and no other. */
public final class Running {

  private final Thread thread;
  private final boolean borrowed;
  private long sequence;
  private int index;
  private boolean isRunning;
  private boolean isInterrupted;

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

  /** Whether a call runs. */
  public synchronized boolean isRunning() {
    return isRunning;
  }

  /** Interrupts this call, if it runs now. */
  public synchronized void interrupt(long ofSequence, int ofIndex) {
    if (sequence == ofSequence && index == ofIndex) {
      interrupt();
    }
  }

  /** Interrupts the call that runs now, if there is one. */
  public synchronized void interrupt() {
    if (isRunning) {
      isInterrupted = true;
      thread.interrupt();
    }
  }
}
