package io.procession;

import java.io.IOException;

/**
 * The two ends of a connection do not have the same key. Nothing that either of them sent was
 * decoded, and the connection is closed.
 */
public class AuthenticationException extends IOException {

  private static final long serialVersionUID = 1L;

  public AuthenticationException(String message) {
    super(message);
  }
}
