package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.shared.SharedBarrier;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIJJ_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who has passed a barrier sees what the others stored before it; all pass it, or none. */
public final class BarrierStress {

  private static final long ONE = 0;
  private static final long OTHER = 256;
  private static final int BROKEN = -1;
  private static final int FAILED = -2;

  private static final Stash<SharedBarrier> BARRIERS = new Stash<>(() -> SharedBarrier.create(2));

  private BarrierStress() {}

  private static int arrive(SharedBarrier barrier) {
    try {
      return barrier.await(Patience.LONG_NANOS, TimeUnit.NANOSECONDS);
    } catch (BrokenBarrierException e) {
      return BROKEN;
    } catch (Exception e) {
      return FAILED;
    }
  }

  /** Both store, meet, and look. */
  @JCStressTest
  @State
  @Outcome(id = "0, 1, 1, 1", expect = ACCEPTABLE, desc = "The first came last.")
  @Outcome(id = "1, 0, 1, 1", expect = ACCEPTABLE, desc = "The second came last.")
  @Outcome(expect = FORBIDDEN, desc = "They did not meet, or one does not see a store.")
  public static class Meeting {
    private final Place place = Place.next();
    private final Twins<SharedBarrier> barrier = BARRIERS.take();

    @Actor
    public void here(IIJJ_Result r) {
      place.here().set(ValueLayout.JAVA_LONG, ONE, 1);
      r.r1 = arrive(barrier.here());
      r.r3 = place.here().get(ValueLayout.JAVA_LONG, OTHER);
    }

    @Actor
    public void there(IIJJ_Result r) {
      place.there().set(ValueLayout.JAVA_LONG, OTHER, 1);
      r.r2 = arrive(barrier.there());
      r.r4 = place.there().get(ValueLayout.JAVA_LONG, ONE);
    }

    @Arbiter
    public void after(IIJJ_Result r) {
      BARRIERS.give(barrier);
    }
  }

  /** Both meet while a third breaks it. */
  @JCStressTest
  @State
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The first came last, and it broke after that.")
  @Outcome(
      id = "1, 0",
      expect = ACCEPTABLE,
      desc = "The second came last, and it broke after that.")
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "It broke before both had come.")
  @Outcome(expect = FORBIDDEN, desc = "One passed, and the other did not; or one waits on.")
  public static class Breaking {
    private final Twins<SharedBarrier> barrier = BARRIERS.take();

    @Actor
    public void here(II_Result r) {
      r.r1 = arrive(barrier.here());
    }

    @Actor
    public void there(II_Result r) {
      r.r2 = arrive(barrier.there());
    }

    @Actor
    public void third() {
      barrier.there().breakBarrier();
    }

    @Arbiter
    public void after(II_Result r) {
      barrier.here().reset();
      BARRIERS.give(barrier);
    }
  }
}
