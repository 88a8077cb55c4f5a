package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.shared.SharedLock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** A fair lock goes from ticket to ticket: to one at a time, and past who gives up. */
public final class TicketsStress {

  private static final Stash<SharedLock> LOCKS = new Stash<>(SharedLock::createFair);

  private TicketsStress() {}

  /** A fair lock as two processes have it, and a plain number under it. */
  public abstract static class Sides {
    final Place place = Place.next();
    final Twins<SharedLock> lock = LOCKS.take();

    static long increment(SharedLock lock, MemorySegment memory) {
      lock.lock();
      try {
        return incrementNow(memory);
      } finally {
        lock.unlock();
      }
    }

    /** Waits with a ticket, if it waits at all, but gives up soon. */
    static boolean tryIncrement(SharedLock lock, MemorySegment memory) {
      if (!Patience.of(() -> lock.tryLock(Duration.ofNanos(1000)))) {
        return false;
      }
      try {
        var _ = incrementNow(memory);
        return true;
      } finally {
        lock.unlock();
      }
    }

    private static long incrementNow(MemorySegment memory) {
      var before = memory.get(ValueLayout.JAVA_LONG, 0);
      memory.set(ValueLayout.JAVA_LONG, 0, before + 1);
      return before;
    }
  }

  /** Three want it, two of one process. */
  @JCStressTest
  @State
  @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "0, 2, 1", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "1, 0, 2", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(expect = FORBIDDEN, desc = "Two had the lock, or did not see a store.")
  public static class Three extends Sides {

    @Actor
    public void here(JJJ_Result r) {
      r.r1 = increment(lock.here(), place.here());
    }

    @Actor
    public void there(JJJ_Result r) {
      r.r2 = increment(lock.there(), place.there());
    }

    @Actor
    public void alsoThere(JJJ_Result r) {
      r.r3 = increment(lock.there(), place.there());
    }

    @Arbiter
    public void after(JJJ_Result r) {
      LOCKS.give(lock);
    }
  }

  /** Two have little patience: their tickets must not keep the third from its turn. */
  @JCStressTest
  @State
  @Outcome(id = "true, true, 3", expect = ACCEPTABLE, desc = "All had it.")
  @Outcome(id = "true, false, 2", expect = ACCEPTABLE, desc = "One gave up.")
  @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "The other one gave up.")
  @Outcome(id = "false, false, 1", expect = ACCEPTABLE, desc = "Both gave up.")
  @Outcome(expect = FORBIDDEN, desc = "Two had the lock, or did not see a store.")
  public static class GivingUp extends Sides {

    @Actor
    public void here(ZZJ_Result r) {
      r.r1 = tryIncrement(lock.here(), place.here());
    }

    @Actor
    public void there(ZZJ_Result r) {
      r.r2 = tryIncrement(lock.there(), place.there());
    }

    @Actor
    public void patient() {
      var _ = increment(lock.there(), place.there());
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r3 = place.here().get(ValueLayout.JAVA_LONG, 0);
      LOCKS.give(lock);
    }
  }
}
