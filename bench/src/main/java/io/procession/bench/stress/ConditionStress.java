package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.shared.SharedCondition;
import io.procession.shared.SharedLock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** No signal is lost between looking and waiting, and who is woken sees what was stored before. */
public final class ConditionStress {

  /** A lock and its condition as two processes have them. */
  private record Pair(Twins<SharedLock> lock, Twins<SharedCondition> condition) {

    private static final Queue<Pair> UNUSED = new ConcurrentLinkedQueue<>();

    static Pair take() {
      var unused = UNUSED.poll();
      if (unused != null) {
        return unused;
      }
      var lock = Twins.of(SharedLock.create());
      return new Pair(lock, Twins.of(lock.here().newCondition()));
    }

    void give() {
      UNUSED.add(this);
    }
  }

  private ConditionStress() {}

  /** Two plain numbers under the lock: one is waited for. */
  public abstract static class Sides {
    private static final long READY = 0;
    private static final long DATA = 256;

    private final Pair pair = Pair.take();
    final Place place = Place.next();

    final SharedLock here() {
      return pair.lock.here();
    }

    final SharedLock there() {
      return pair.lock.there();
    }

    final SharedCondition changedHere() {
      return pair.condition.here();
    }

    final SharedCondition changedThere() {
      return pair.condition.there();
    }

    /** Within the lock. */
    static void store(MemorySegment memory, long ready) {
      memory.set(ValueLayout.JAVA_LONG, DATA, 1);
      memory.set(ValueLayout.JAVA_LONG, READY, ready);
    }

    /** Within the lock: waits for a number; whether it came in time. */
    static boolean await(SharedCondition changed, MemorySegment memory, long ready) {
      return Patience.of(() -> {
        for (var left = Patience.LONG_NANOS;
            memory.get(ValueLayout.JAVA_LONG, READY) < ready && left > 0; ) {
          left = changed.awaitNanos(left);
        }
        return memory.get(ValueLayout.JAVA_LONG, READY) >= ready;
      });
    }

    static long data(MemorySegment memory) {
      return memory.get(ValueLayout.JAVA_LONG, DATA);
    }

    final void giveBack() {
      pair.give();
    }
  }

  /** One signals what the other waits for. */
  @JCStressTest
  @State
  @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "It sees what was stored.")
  @Outcome(expect = FORBIDDEN, desc = "The signal was lost, or the store not seen.")
  public static class Signal extends Sides {

    @Actor
    public void here() {
      here().lock();
      try {
        store(place.here(), 1);
        changedHere().signal();
      } finally {
        here().unlock();
      }
    }

    @Actor
    public void there(ZJ_Result r) {
      there().lock();
      try {
        r.r1 = await(changedThere(), place.there(), 1);
        r.r2 = data(place.there());
      } finally {
        there().unlock();
      }
    }

    @Arbiter
    public void after(ZJ_Result r) {
      giveBack();
    }
  }

  /** Each waits for the other one's turn. */
  @JCStressTest
  @State
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Both had their turn.")
  @Outcome(expect = FORBIDDEN, desc = "A signal was lost.")
  public static class Turns extends Sides {

    @Actor
    public void here(ZZ_Result r) {
      here().lock();
      try {
        store(place.here(), 1);
        changedHere().signalAll();
        r.r1 = await(changedHere(), place.here(), 2);
      } finally {
        here().unlock();
      }
    }

    @Actor
    public void there(ZZ_Result r) {
      there().lock();
      try {
        r.r2 = await(changedThere(), place.there(), 1);
        store(place.there(), 2);
        changedThere().signalAll();
      } finally {
        there().unlock();
      }
    }

    @Arbiter
    public void after(ZZ_Result r) {
      giveBack();
    }
  }
}
