package io.procession;

import org.jspecify.annotations.Nullable;

/**
 * Stands in for an exception of another process whose class cannot travel to this one.
 *
 * <p>It has the message, the stack trace, the causes and the suppressed exceptions of the original;
 * {@link #toString} reads as the original's did.
 */
public class RemoteException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String className;
  private final String description;

  /**
   * @param className the class of the original
   * @param message the message of the original
   * @param description what the original's {@code toString} gave
   */
  public RemoteException(
      String className, @Nullable String message, String description, @Nullable Throwable cause) {
    super(message, cause);
    this.className = className;
    this.description = description;
  }

  /** The name of the original exception's class. */
  public String className() {
    return className;
  }

  @Override
  @SuppressWarnings("OverrideThrowableToString") // it reads as the original did
  public String toString() {
    return description;
  }
}
