package io.procession.internal.worker;

import java.io.IOException;

/** One question to the parent process, and its answer. */
@FunctionalInterface
public interface Exchange {

  /**
   * Sends the request and waits for the reply; any thread may call it, several at once.
   *
   * @throws IOException if the parent cannot be reached
   * @throws InterruptedException if the thread was interrupted; the question may then be repeated
   */
  byte[] exchange(byte[] request) throws IOException, InterruptedException;
}
