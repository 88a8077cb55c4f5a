package io.procession.function;

import java.io.Serializable;

/**
 * A {@link Runnable} that can travel to another process, and whose body may throw.
 *
 * <p>The body is {@link #runRemote}; {@link #run} runs it and throws what it threw, checked
 * exceptions too.
 */
@FunctionalInterface
public interface RemoteRunnable extends Runnable, Serializable {

  /** Runs in the process that the function travelled to. */
  void runRemote() throws Exception;

  @Override
  @SuppressWarnings("FunctionalInterfaceMethodChanged") // the body is the same, it only may throw
  default void run() {
    try {
      runRemote();
    } catch (Exception e) {
      RemoteRunnable.<RuntimeException>rethrow(e);
    }
  }

  @SuppressWarnings("unchecked") // erased: the exception is thrown as it is
  private static <E extends Exception> void rethrow(Exception e) throws E {
    throw (E) e;
  }
}
