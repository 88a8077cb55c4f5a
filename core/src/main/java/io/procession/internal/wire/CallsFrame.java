package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A request to run calls, one after the other.
 *
 * <pre>
 *    0        4        8                16
 *    ├────────┴────────┼────────────────┤
 *    │      claim      │    sequence    │
 *    ├─────────────────┼────────┬───────┤
 *    │      code       │ loader │ place │
 *    ├────────┬────────┼────────┴───────┤
 *    │ first  │ count  │     stamp      │ lengths of all arguments but the last, int each │ arguments …
 *    └────────┴────────┴────────────────┘
 * </pre>
 *
 * <p>The claim says who may run what: its upper half is the next call to be started, its lower half
 * the first that is not to be started. The child starts a call by raising the upper half; the
 * parent takes calls back by lowering the lower half; both by compare-and-exchange, so that each
 * call is either started or taken back. After the child's death the claim tells what it had
 * started.
 *
 * <p>The stamp says when: the child stores its {@link System#nanoTime} before it claims a call, so
 * that the stamp is never older than the claim. Parent and child must have the same clock, as all
 * processes of one system have in the JVMs that we know.
 *
 * <p>Where the place is {@link #INLINE} the arguments follow; where it is {@link #ELSEWHERE}, an
 * {@link ElsewhereFrame} that says where they are.
 */
public final class CallsFrame {

  public static final int INLINE = 0;
  public static final int ELSEWHERE = 1;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final long CLAIM = 0;
  private static final long SEQUENCE = 8;
  private static final long CODE = 16;
  private static final long LOADER = 24;
  private static final long PLACE = 28;
  private static final long FIRST = 32;
  private static final long COUNT = 36;
  private static final long STAMP = 40;
  private static final long LENGTHS = 48;

  private final MemorySegment memory;

  public CallsFrame(MemorySegment memory) {
    this.memory = memory;
  }

  /** How large a request for {@code count} calls is, without the arguments. */
  public static long headBytes(int count) {
    return LENGTHS + (count - 1L) * Integer.BYTES;
  }

  public void write(long sequence, long code, int loader, int place, int first, int count) {
    memory.set(ValueLayout.JAVA_LONG, CLAIM, pack(first, first + count));
    memory.set(ValueLayout.JAVA_LONG, SEQUENCE, sequence);
    memory.set(ValueLayout.JAVA_LONG, CODE, code);
    memory.set(ValueLayout.JAVA_INT, LOADER, loader);
    memory.set(ValueLayout.JAVA_INT, PLACE, place);
    memory.set(ValueLayout.JAVA_INT, FIRST, first);
    memory.set(ValueLayout.JAVA_INT, COUNT, count);
    memory.set(ValueLayout.JAVA_LONG, STAMP, 0);
  }

  /** Sets the length of the argument {@code number}, counted from 0 in this request. */
  public void setLength(int number, int bytes) {
    memory.set(ValueLayout.JAVA_INT, LENGTHS + (long) number * Integer.BYTES, bytes);
  }

  public int length(int number) {
    return memory.get(ValueLayout.JAVA_INT, LENGTHS + (long) number * Integer.BYTES);
  }

  public long sequence() {
    return memory.get(ValueLayout.JAVA_LONG, SEQUENCE);
  }

  public long code() {
    return memory.get(ValueLayout.JAVA_LONG, CODE);
  }

  public int loader() {
    return memory.get(ValueLayout.JAVA_INT, LOADER);
  }

  public int place() {
    return memory.get(ValueLayout.JAVA_INT, PLACE);
  }

  public int first() {
    return memory.get(ValueLayout.JAVA_INT, FIRST);
  }

  public int count() {
    return memory.get(ValueLayout.JAVA_INT, COUNT);
  }

  /** What follows the head. */
  public MemorySegment body() {
    return memory.asSlice(headBytes(count()));
  }

  /** Says that the call that is claimed next starts now. By the child, before the claim. */
  public void stamp(long nanos) {
    LONG.setRelease(memory, STAMP, nanos);
  }

  /** When the call that was claimed last started, or a later one; read after {@link #started}. */
  public long stamp() {
    return (long) LONG.getAcquire(memory, STAMP);
  }

  /** Starts the next call: gives its number, or -1 if none is left. By the child. */
  public int claimNext() {
    while (true) {
      var claim = (long) LONG.getAcquire(memory, CLAIM);
      var next = next(claim);
      if (next >= end(claim)) {
        return -1;
      }
      if (LONG.compareAndSet(memory, CLAIM, claim, pack(next + 1, end(claim)))) {
        return next;
      }
    }
  }

  /**
   * Takes back calls that have not started. By the parent.
   *
   * @param keep how many of these stay
   * @return the first call that will not be started
   */
  public int withdraw(int keep) {
    while (true) {
      var claim = (long) LONG.getAcquire(memory, CLAIM);
      var newEnd = Math.min(end(claim), next(claim) + keep);
      if (newEnd >= end(claim)) {
        return end(claim);
      }
      if (LONG.compareAndSet(memory, CLAIM, claim, pack(next(claim), newEnd))) {
        return newEnd;
      }
    }
  }

  /** The first call that has not started. */
  public int started() {
    return next((long) LONG.getAcquire(memory, CLAIM));
  }

  /** The first call that is not to be started. */
  public int end() {
    return end((long) LONG.getAcquire(memory, CLAIM));
  }

  private static long pack(int next, int end) {
    return (long) next << 32 | end;
  }

  private static int next(long claim) {
    return (int) (claim >>> 32);
  }

  private static int end(long claim) {
    return (int) claim;
  }
}
