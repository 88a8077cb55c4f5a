package io.procession.internal.family;

import java.util.function.IntConsumer;

/** What a thread waits for. Any thread of its process looks, at any time: so looking is cheap. */
@FunctionalInterface
public interface Waiting {

  /** Whether there is reason to go on. Changes nothing. */
  boolean isOver();

  /**
   * Names the processes whose death would end the waiting: for each, someone asks the system now
   * and then whether it lives.
   */
  default void suspects(IntConsumer each) {}
}
