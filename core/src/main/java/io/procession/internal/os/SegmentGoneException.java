package io.procession.internal.os;

import java.io.IOException;

/** A handle that leads to no segment any more: its owner has died or has released it. */
public final class SegmentGoneException extends IOException {
  private static final long serialVersionUID = 1;

  SegmentGoneException(String message) {
    super(message);
  }

  /** The segment of {@code handle} is not there, for this {@code reason}. */
  public static SegmentGoneException of(SegmentHandle handle, String reason) {
    return new SegmentGoneException("the shared segment is gone: " + reason + "; handle=" + handle);
  }

  /** The same, with the failure that showed it. */
  public static SegmentGoneException of(SegmentHandle handle, String reason, Throwable cause) {
    var exception = of(handle, reason);
    exception.initCause(cause);
    return exception;
  }
}
