package io.procession.internal.codec;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a throwable is written on its own: the throwables that travelled before it are referred to,
 * and its stack trace, which travels beside it, is left out.
 */
final class ThrowableMode {

  private final Map<Throwable, Integer> known;
  private final StackTraceElement[] frames;

  ThrowableMode(Map<Throwable, Integer> known, StackTraceElement[] frames) {
    this.known = new IdentityHashMap<>(known);
    this.frames = frames;
  }

  Object substitute(Object object) {
    if (object instanceof Throwable throwable) {
      Integer index = known.get(throwable);
      return index == null ? object : new Known(index);
    }
    if (object instanceof StackTraceElement[] elements
        && elements.length > 0
        && Arrays.equals(elements, frames)) {
      return new StackTraceElement[0];
    }
    return object;
  }

  /**
   * The JDK computes the helpful message of a NullPointerException when it is asked, and only in
   * the process in which it was thrown.
   */
  static NullPointerException withMessage(NullPointerException original) {
    @Nullable String message = original.getMessage();
    if (message == null) {
      return original;
    }
    var copy = new NullPointerException(message);
    copy.setStackTrace(original.getStackTrace());
    if (original.getCause() != null) {
      copy.initCause(original.getCause());
    }
    for (var suppressed : original.getSuppressed()) {
      copy.addSuppressed(suppressed);
    }
    return copy;
  }
}
