package io.procession.shared;

import java.nio.channels.ClosedChannelException;

/** A closed channel that says which. */
final class ClosedHereException extends ClosedChannelException {

  private static final long serialVersionUID = 1L;

  private final String message;

  ClosedHereException(String message) {
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
