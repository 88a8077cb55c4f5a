package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.os.Doorbell;
import io.procession.internal.wire.Words;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** No ring is lost: whoever still sleeps when the ringer is done was never going to be woken. */
@JCStressTest
@State
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "It saw the store, or was woken.")
@Outcome(expect = FORBIDDEN, desc = "It slept on after the ring.")
public class DoorbellStress {

  private static final long CONDITION = 0;
  private static final long WORD = 128;

  private final Place place = Place.next();
  private final Sleepless ringer = new Sleepless(place.here());
  private final Sleepless waiter = new Sleepless(place.there());
  private volatile boolean rung;

  @Actor
  public void waiter(ZZ_Result r) {
    r.r1 = waiter.await(() -> Words.opaque(place.there(), CONDITION) == 1, Long.MAX_VALUE, 0);
    r.r2 = waiter.sleptOn;
  }

  @Actor
  public void ringer() {
    Words.release(place.here(), CONDITION, 1);
    ringer.ring();
    rung = true;
  }

  /** The protocol without the system's sleep, which would hide a lost ring after a slice. */
  private final class Sleepless extends Doorbell {
    boolean sleptOn;

    Sleepless(MemorySegment memory) {
      super(memory.asSlice(WORD, WORD_BYTES));
    }

    @Override
    protected void sleep(long nanos) {
      while (word() == ASLEEP) {
        if (rung && word() == ASLEEP) {
          sleptOn = true;
          return;
        }
        Thread.onSpinWait();
      }
    }

    @Override
    protected void wake() {}
  }
}
