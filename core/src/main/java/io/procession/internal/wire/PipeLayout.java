package io.procession.internal.wire;

/**
 * A pipe: its own block holds two halves, each a queue of records as {@link QueueLayout} draws it,
 * and owns their two rings; each of its ends is a block, too, so that it is known who holds it.
 *
 * <pre>
 *   the pipe:   0 │ from the first end to the second │ {@value #HALF_BYTES} │ from the second to the first
 *
 *   an end:     0 │ the pipe: block, id │ 16 │ the other end: block, id │ 32 │ side, int: 0 or 1
 *              36 │ modes, int: 1 sends, 2 receives │ 40 │ abroad, long
 * </pre>
 *
 * <p>{@code abroad} is 1 once a process other than its maker has had the end, and goes back to 0
 * when the end travels anew. All else is written before anyone else knows the end.
 */
public final class PipeLayout {

  public static final long HALF_BYTES = 1536;
  public static final long BYTES = 2 * HALF_BYTES;

  public static final long PIPE = 0;
  public static final long PIPE_ID = 8;
  public static final long PEER = 16;
  public static final long PEER_ID = 24;
  public static final long SIDE = 32;
  public static final long MODES = 36;
  public static final long ABROAD = 40;
  public static final long END_BYTES = 48;

  public static final int SENDS = 1;
  public static final int RECEIVES = 2;

  private PipeLayout() {}
}
