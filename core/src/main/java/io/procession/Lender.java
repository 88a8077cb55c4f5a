package io.procession;

import java.util.concurrent.atomic.AtomicInteger;

/** A worker whose tasks may be waiting for tasks of a pool. */
final class Lender {

  /** How many calls that it submitted have not ended. */
  private final AtomicInteger open = new AtomicInteger();

  void submitted(int calls) {
    open.addAndGet(calls);
  }

  void endedOne() {
    open.decrementAndGet();
  }

  boolean mayWait() {
    return open.get() > 0;
  }
}
