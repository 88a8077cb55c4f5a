package io.procession.internal.codec;

import java.io.IOException;

/** Exceptions of reading. */
final class Unreadable {

  /** {@code exception} with its cause, which many of the JDK's constructors do not take. */
  static <E extends IOException> E because(E exception, Throwable cause) {
    exception.initCause(cause);
    return exception;
  }

  private Unreadable() {}
}
