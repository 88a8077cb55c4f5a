package io.procession;

/**
 * Thrown in the caller, before anything was sent, when a value cannot travel to another process.
 *
 * <p>The message names the path from the value to the culprit, such as {@code Job.steps[3].socket:
 * java.net.Socket}, and what to do.
 */
public class NotTransferableException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * @param message what cannot travel, and what to do instead
   * @param path the way from the value that was sent to the culprit
   */
  public NotTransferableException(String message, String path) {
    super(message + " path=" + path);
    this.path = path;
  }

  public NotTransferableException(String message, String path, Throwable cause) {
    super(message + " path=" + path, cause);
    this.path = path;
  }

  /** The way from the value that was sent to the culprit. */
  public String path() {
    return path;
  }
}
