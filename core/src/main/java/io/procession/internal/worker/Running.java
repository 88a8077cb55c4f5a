package io.procession.internal.worker;

/** The call that runs now, so that an interrupt meets that call and no other. */
final class Running {

  private final Thread thread;
  private long sequence;
  private int index;
  private boolean isRunning;

  Running(Thread thread) {
    this.thread = thread;
  }

  synchronized void begin(long newSequence, int newIndex) {
    sequence = newSequence;
    index = newIndex;
    isRunning = true;
  }

  synchronized void end() {
    isRunning = false;
    // An interrupt was for the call that has ended.
    Thread.interrupted();
  }

  synchronized void interrupt(long ofSequence, int ofIndex) {
    if (isRunning && sequence == ofSequence && index == ofIndex) {
      thread.interrupt();
    }
  }
}
