package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.family.Heap;
import io.procession.internal.wire.BlockKind;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A block is there, whole, or gone; it goes once. */
public final class HeapStress {

  private static final long VALUE = 42;
  private static final long NONE = -1;

  private HeapStress() {}

  /** A block that one process holds. */
  public abstract static class Sides {
    final Heap here = Members.HERE.heap();
    final Heap there = Members.THERE.heap();
    final Heap.Block block = here.allocate(BlockKind.LONG, Long.BYTES);

    /** A block with a value in it. */
    Sides() {
      here.payloadOf(block.offset()).set(ValueLayout.JAVA_LONG, 0, VALUE);
    }

    final void attach(boolean counted, ZJZ_Result r) {
      r.r1 = there.attach(block, counted);
      r.r2 = r.r1 ? there.payloadOf(block.offset()).get(ValueLayout.JAVA_LONG, 0) : NONE;
    }
  }

  /** The only holder leaves while another comes. */
  @JCStressTest
  @State
  @Outcome(id = "true, 42, true", expect = ACCEPTABLE, desc = "It came in time.")
  @Outcome(id = "false, -1, false", expect = ACCEPTABLE, desc = "It came too late.")
  @Outcome(expect = FORBIDDEN, desc = "The block is neither there nor gone.")
  public static class LastHolder extends Sides {

    @Actor
    public void here() {
      here.detach(block);
    }

    @Actor
    public void there(ZJZ_Result r) {
      attach(false, r);
    }

    @Arbiter
    public void after(ZJZ_Result r) {
      r.r3 = here.exists(block);
      there.detach(block);
    }
  }

  /** The only holder leaves while its message is read. */
  @JCStressTest
  @State
  @Outcome(id = "true, 42, false", expect = ACCEPTABLE, desc = "It was there, and has gone.")
  @Outcome(expect = FORBIDDEN, desc = "What was in flight was lost, or stayed for ever.")
  public static class InFlight extends Sides {

    /** A message that names the block is on its way. */
    public InFlight() {
      here.depart(block);
    }

    @Actor
    public void here() {
      here.detach(block);
    }

    @Actor
    public void there(ZJZ_Result r) {
      attach(true, r);
    }

    @Arbiter
    public void after(ZJZ_Result r) {
      there.detach(block);
      r.r3 = here.exists(block);
    }
  }

  /** Two holders leave. */
  @JCStressTest
  @State
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "It went once.")
  @Outcome(expect = FORBIDDEN, desc = "It stayed, or its memory has two owners now.")
  public static class BothLeave extends Sides {

    /** A block that both hold. */
    public BothLeave() {
      var _ = there.attach(block, false);
    }

    @Actor
    public void here() {
      here.detach(block);
    }

    @Actor
    public void there() {
      there.detach(block);
    }

    @Arbiter
    public void after(ZZ_Result r) {
      r.r1 = here.exists(block);
      var one = here.allocate(BlockKind.LONG, Long.BYTES);
      var other = there.allocate(BlockKind.LONG, Long.BYTES);
      r.r2 = one.offset() != other.offset();
      here.detach(one);
      there.detach(other);
    }
  }
}
