package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedSemaphore;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/**
 * What one process wrote, plainly, the next one sees that a lock, semaphore, latch or event lets
 * on.
 */
public final class HandoverStress {

  private static final Stash<SharedLock> LOCKS = new Stash<>(SharedLock::create);
  private static final Stash<SharedSemaphore> SEMAPHORES =
      new Stash<>(() -> SharedSemaphore.create(0));
  private static final Stash<SharedEvent> EVENTS = new Stash<>(SharedEvent::create);

  /** Who comes late waits so long for nothing. */
  private static final long PULSE_NANOS = 20_000;

  private HandoverStress() {}

  /** A plain number in memory of both. */
  public abstract static class Sides {
    private final Place place = Place.next();

    final void write() {
      place.here().set(ValueLayout.JAVA_LONG, 0, 1);
    }

    final long read() {
      return place.there().get(ValueLayout.JAVA_LONG, 0);
    }

    final long incrementHere() {
      var before = place.here().get(ValueLayout.JAVA_LONG, 0);
      place.here().set(ValueLayout.JAVA_LONG, 0, before + 1);
      return before;
    }

    final long incrementThere() {
      var before = read();
      place.there().set(ValueLayout.JAVA_LONG, 0, before + 1);
      return before;
    }
  }

  /** Both lock. */
  @JCStressTest
  @State
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The other way round.")
  @Outcome(expect = FORBIDDEN, desc = "Both had the lock, or did not see each other's store.")
  public static class Lock extends Sides {
    private final Twins<SharedLock> lock = LOCKS.take();

    @Actor
    public void here(JJ_Result r) {
      lock.here().lock();
      try {
        r.r1 = incrementHere();
      } finally {
        lock.here().unlock();
      }
    }

    @Actor
    public void there(JJ_Result r) {
      lock.there().lock();
      try {
        r.r2 = incrementThere();
      } finally {
        lock.there().unlock();
      }
    }

    @Arbiter
    public void after(JJ_Result r) {
      LOCKS.give(lock);
    }
  }

  /** One releases the only permit. */
  @JCStressTest
  @State
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "It has the permit, and sees the store.")
  @Outcome(id = "false, -1", expect = ACCEPTABLE, desc = "Too early.")
  @Outcome(expect = FORBIDDEN, desc = "It has the permit, and does not see the store.")
  public static class Semaphore extends Sides {
    private final Twins<SharedSemaphore> semaphore = SEMAPHORES.take();

    @Actor
    public void here() {
      write();
      semaphore.here().release();
    }

    @Actor
    public void there(ZJ_Result r) {
      r.r1 = semaphore.there().tryAcquire();
      r.r2 = r.r1 ? read() : -1;
    }

    @Arbiter
    public void after(ZJ_Result r) {
      var _ = semaphore.here().drainPermits();
      SEMAPHORES.give(semaphore);
    }
  }

  /** One counts down to zero. */
  @JCStressTest
  @State
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "It is open, and the store is seen.")
  @Outcome(id = "false, -1", expect = ACCEPTABLE, desc = "Too early.")
  @Outcome(expect = FORBIDDEN, desc = "It is open, and the store is not seen.")
  public static class Latch extends Sides {
    private final Twins<SharedLatch> latch = Twins.of(SharedLatch.create(1));

    @Actor
    public void here() {
      write();
      latch.here().countDown();
    }

    @Actor
    public void there(ZJ_Result r) {
      r.r1 = latch.there().getCount() == 0;
      r.r2 = r.r1 ? read() : -1;
    }

    @Arbiter
    public void after(ZJ_Result r) {
      latch.close();
    }
  }

  /** One sets an event that is looked at. */
  @JCStressTest
  @State
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "It is set, and the store is seen.")
  @Outcome(id = "false, -1", expect = ACCEPTABLE, desc = "Too early.")
  @Outcome(expect = FORBIDDEN, desc = "It is set, and the store is not seen.")
  public static class Event extends Sides {
    private final Twins<SharedEvent> event = EVENTS.take();

    @Actor
    public void here() {
      write();
      event.here().set();
    }

    @Actor
    public void there(ZJ_Result r) {
      r.r1 = event.there().isSet();
      r.r2 = r.r1 ? read() : -1;
    }

    @Arbiter
    public void after(ZJ_Result r) {
      event.here().clear();
      EVENTS.give(event);
    }
  }

  /** One sets an event, and clears it at once, that is waited for. */
  @JCStressTest
  @State
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "It waited, was woken, and sees the store.")
  @Outcome(id = "false, -1", expect = ACCEPTABLE, desc = "It came after all was over.")
  @Outcome(expect = FORBIDDEN, desc = "It was woken, and does not see the store.")
  public static class EventPulse extends Sides {
    private final Twins<SharedEvent> event = EVENTS.take();

    @Actor
    public void here() {
      write();
      event.here().set();
      event.here().clear();
    }

    @Actor
    public void there(ZJ_Result r) {
      r.r1 = Patience.of(() -> event.there().await(PULSE_NANOS, TimeUnit.NANOSECONDS));
      r.r2 = r.r1 ? read() : -1;
    }

    @Arbiter
    public void after(ZJ_Result r) {
      EVENTS.give(event);
    }
  }
}
