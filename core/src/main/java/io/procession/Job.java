package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Calls that a caller made together: one task, or the items of a {@code map}. The ledger tells it
 * what becomes of each call; each is told exactly once, whatever happens.
 *
 * <p>The methods are called by the engine's thread, {@link #failed} also by a thread that ends the
 * job or the pool. They must be short: no decoding, no user code.
 */
interface Job {

  /** The calls from {@code first} on have the numbers from {@code task} on within the pool. */
  default void numbered(int first, int calls, long task) {}

  /** Of those that wait, calls with a higher one go first. */
  default long priority() {
    return 0;
  }

  /** Where the output of a call goes; null if nobody asks for it. */
  default @Nullable Capture capture(int index) {
    return null;
  }

  /** How long one call takes, as far as is known; 0 if nothing is known. */
  long callNanos();

  /** How long {@code calls} calls took together. */
  void took(int calls, long durationNanos);

  /**
   * A call ended in a worker.
   *
   * @param result the encoded result, valid only during the call unless {@code large} owns it
   */
  void settled(
      int index,
      boolean failed,
      MemorySegment result,
      Engine.@Nullable Message large,
      Engine.Worker worker);

  /** A call will never end in a worker: it crashed, was dropped, or the pool broke. */
  void failed(int index, Throwable failure);

  /** A call that failed will be run again. */
  default void retried(int index) {}

  /** Makes the exception of a call that failed; not called in the engine's thread. */
  Throwable failure(MemorySegment result, Engine.@Nullable Message large, Engine.Worker worker);

  /** Nothing more is told for now. */
  void paused();
}
