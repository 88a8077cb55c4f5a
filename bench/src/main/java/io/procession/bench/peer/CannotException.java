package io.procession.bench.peer;

/** The peer can do the operation, but not with these settings, or not on this machine. */
final class CannotException extends Exception {

  private static final long serialVersionUID = 1;

  CannotException(String why) {
    super(why);
  }
}
