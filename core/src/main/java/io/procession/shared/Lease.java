package io.procession.shared;

/**
 * An element that was taken out of a {@link JoinableQueue} and is not done with: if this process
 * dies before {@link #done}, another one gets it, once.
 *
 * @param <E> what the queue holds
 */
public interface Lease<E> {

  /** The element. */
  E value();

  /** Whether a process took it before and died. What that one did with it may have had effects. */
  boolean isRedelivered();

  /**
   * The element is done with.
   *
   * @throws IllegalStateException if that was said before
   */
  void done();
}
