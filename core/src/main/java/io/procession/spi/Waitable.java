package io.procession.spi;

import java.util.concurrent.CompletableFuture;

/**
 * Something that becomes ready: a connection that has a message, a listener that has a connection,
 * a process that has ended.
 *
 * <p>Whoever waits registers first and then looks:
 *
 * {@snippet :
 * try (var registration = waitable.onReady(() -> LockSupport.unpark(thread))) {
 *   while (!waitable.isReady()) {
 *     LockSupport.park(this);
 *   }
 * }
 * }
 */
public interface Waitable {

  /**
   * Whether the call that this is about would not wait now, be it that it fails. Does not block.
   * Another thread may be quicker and take what is ready.
   */
  boolean isReady();

  /**
   * Asks for {@code wake} to be called each time this may have become ready, until the registration
   * is closed. A call is a hint: it may come for nothing, from any thread, and once more right
   * after the closing. What is ready already when this method is called need not be told.
   *
   * @param wake must be quick, neither block nor throw
   */
  Registration onReady(Runnable wake);

  /**
   * Is ready once {@code future} is done, in whichever way. The future refers to it from now on;
   * for a future that lives long make one and keep it.
   */
  static Waitable of(CompletableFuture<?> future) {
    return new FutureWaitable(future);
  }

  /** Ends what {@link #onReady} began. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {

    /** Closing twice does nothing. */
    @Override
    void close();
  }
}
