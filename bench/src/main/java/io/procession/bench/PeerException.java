package io.procession.bench;

/** A peer did not do what it was asked; the others go on. */
final class PeerException extends Exception {

  private static final long serialVersionUID = 1;

  PeerException(String message) {
    super(message);
  }

  PeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
