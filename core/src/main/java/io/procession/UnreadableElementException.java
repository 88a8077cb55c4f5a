package io.procession;

import java.io.Serial;

/**
 * An element was taken out of a queue, or a message out of a connection, but no object can be made
 * of it here: its class is missing, or refuses. It is out of the queue, and blocks nobody; the
 * message names where it was and who sent it, the cause says why.
 */
public final class UnreadableElementException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public UnreadableElementException(String message, Throwable cause) {
    super(message, cause);
  }
}
