package io.procession;

import java.io.Serial;

/**
 * Some process has shut down or closed the queue: nothing can be put any more, and nothing is left
 * to be taken. Nothing was put or taken by the call that throws it.
 */
public final class QueueClosedException extends IllegalStateException {

  @Serial private static final long serialVersionUID = 1L;

  public QueueClosedException(String message) {
    super(message);
  }
}
