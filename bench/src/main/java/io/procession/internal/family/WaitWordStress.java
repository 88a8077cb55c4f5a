package io.procession.internal.family;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.bench.stress.Members;
import io.procession.bench.stress.Place;
import io.procession.internal.wire.FamilyLayout;
import io.procession.internal.wire.Words;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZ_Result;

/**
 * Either the waiter sees the store that it waits for, or the waker finds the waiter listed and
 * takes it off. Here for the sake of what only this package may call.
 */
public final class WaitWordStress {

  private static final long CONDITION = 0;
  private static final long WAITERS = 128;

  private WaitWordStress() {}

  /** A condition, and who waits for it. */
  public abstract static class Sides {
    final Place place = Place.next();
    final int slot = FamilyLayout.slotOf(Members.THERE.self());
    final WaitWord waker = Members.HERE.waitWord(place.here(), WAITERS);
    final WaitWord waiter = Members.THERE.waitWord(place.there(), WAITERS);

    final long enlistAndLook() {
      waiter.enlist(slot);
      return Words.opaque(place.there(), CONDITION);
    }
  }

  /** A store whose value others need not see first, and all that wait are woken. */
  @JCStressTest
  @State
  @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "It saw the store, and is woken.")
  @Outcome(id = "1, true", expect = ACCEPTABLE, desc = "It saw the store.")
  @Outcome(id = "0, false", expect = ACCEPTABLE, desc = "It is woken.")
  @Outcome(expect = FORBIDDEN, desc = "The wake-up is lost.")
  public static class WakeAll extends Sides {

    @Actor
    public void waiter(JZ_Result r) {
      r.r1 = enlistAndLook();
    }

    @Actor
    public void waker() {
      Words.release(place.here(), CONDITION, 1);
      waker.wakeAll();
    }

    @Arbiter
    public void after(JZ_Result r) {
      r.r2 = waiter.isEnlisted(slot);
    }
  }

  /** A volatile store, as this one asks for, and one that waits is woken. */
  @JCStressTest
  @State
  @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "It saw the store, and is woken.")
  @Outcome(id = "1, true", expect = ACCEPTABLE, desc = "It saw the store.")
  @Outcome(id = "0, false", expect = ACCEPTABLE, desc = "It is woken.")
  @Outcome(expect = FORBIDDEN, desc = "The wake-up is lost.")
  public static class WakeOne extends Sides {

    @Actor
    public void waiter(JZ_Result r) {
      r.r1 = enlistAndLook();
    }

    @Actor
    public void waker() {
      Words.write(place.here(), CONDITION, 1);
      waker.wakeOne();
    }

    @Arbiter
    public void after(JZ_Result r) {
      r.r2 = waiter.isEnlisted(slot);
    }
  }
}
