package io.procession;

import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A pool gave up: its workers die before they can run anything. The message has the last worker's
 * own words. Every task that had not ended ends with it, and so does every later submission.
 */
public class PoolBrokenException extends RejectedExecutionException {

  private static final long serialVersionUID = 1L;

  public PoolBrokenException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
