package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.family.Mutex;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/**
 * One process at a time is inside a mutex, sees what the last one wrote, and one learns a death.
 */
public final class MutexStress {

  private static final long DATA = Mutex.BYTES;

  private MutexStress() {}

  /** A mutex as two processes have it, and a plain number under it. */
  public abstract static class Sides {
    final Place place = Place.next();
    final Mutex here = Members.HERE.mutex(place.here(), 0);
    final Mutex there = Members.THERE.mutex(place.there(), 0);

    static long increment(MemorySegment memory) {
      var before = memory.get(ValueLayout.JAVA_LONG, DATA);
      memory.set(ValueLayout.JAVA_LONG, DATA, before + 1);
      return before;
    }
  }

  /** Both enter a free one. */
  @JCStressTest
  @State
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "The other way round.")
  @Outcome(expect = FORBIDDEN, desc = "Both were inside, or did not see each other's store.")
  public static class Exclusion extends Sides {

    @Actor
    public void here(JJJ_Result r) {
      var _ = here.enter();
      r.r1 = increment(place.here());
      here.exit();
    }

    @Actor
    public void there(JJJ_Result r) {
      var _ = there.enter();
      r.r2 = increment(place.there());
      there.exit();
    }

    @Arbiter
    public void after(JJJ_Result r) {
      r.r3 = place.here().get(ValueLayout.JAVA_LONG, DATA);
    }
  }

  /** Both enter one whose owner has died. */
  @JCStressTest
  @State
  @Outcome(id = "true, false, 2", expect = ACCEPTABLE, desc = "The first learns it.")
  @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "The second learns it.")
  @Outcome(expect = FORBIDDEN, desc = "None or both learn it, or both were inside.")
  public static class Inheritance extends Sides {

    /** A mutex with a dead owner. */
    public Inheritance() {
      place.here().set(ValueLayout.JAVA_LONG, 0, Members.GONE);
    }

    @Actor
    public void here(ZZJ_Result r) {
      r.r1 = here.enter();
      var _ = increment(place.here());
      here.exit();
    }

    @Actor
    public void there(ZZJ_Result r) {
      r.r2 = there.enter();
      var _ = increment(place.there());
      there.exit();
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r3 = place.here().get(ValueLayout.JAVA_LONG, DATA);
    }
  }
}
