package io.procession.internal.wire;

/** The kinds of records in the request ring. */
public final class Request {

  /** A {@link CodeFrame}. */
  public static final int CODE = 1;

  /** A {@link CallsFrame}. */
  public static final int CALLS = 2;

  /** The child ends once it has run what came before. */
  public static final int RETIRE = 3;

  /** A {@link AdoptionFrame}: a child that was started in advance learns who it is. */
  public static final int ADOPTION = 4;

  private Request() {}
}
