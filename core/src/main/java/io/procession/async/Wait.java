package io.procession.async;

import org.jspecify.annotations.Nullable;

/** What a suspended task waits for. */
interface Wait {

  /**
   * The task that waits is cancelled: ends the wait, or sees to its end.
   *
   * @return false if the wait is over already
   */
  boolean cancel(@Nullable String message);
}
