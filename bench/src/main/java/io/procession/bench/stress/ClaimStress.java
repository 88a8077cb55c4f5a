package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.wire.CallsFrame;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Each of two calls is either started by the child or taken back by the parent. */
@JCStressTest
@State
@Outcome(id = "-1, 0, 0", expect = ACCEPTABLE, desc = "Both were taken back.")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "One was started, one taken back.")
@Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "Both were started.")
@Outcome(expect = FORBIDDEN, desc = "A call is neither or both.")
public class ClaimStress {

  private final CallsFrame parent;
  private final CallsFrame child;

  /** Two calls, of which none is started. */
  public ClaimStress() {
    var place = Place.next();
    parent = new CallsFrame(place.here());
    child = new CallsFrame(place.there());
    parent.write(1, 1, 0, CallsFrame.INLINE, 0, 2);
  }

  /** Starts what it can: gives the last call that it started. */
  @Actor
  public void child(III_Result r) {
    r.r1 = -1;
    for (var call = child.claimNext(); call >= 0; call = child.claimNext()) {
      r.r1 = call;
    }
  }

  /** Takes back what it can: gives the first call that it took back. */
  @Actor
  public void parent(III_Result r) {
    r.r2 = parent.withdraw(0);
  }

  @Arbiter
  public void after(III_Result r) {
    r.r3 = parent.started();
  }
}
