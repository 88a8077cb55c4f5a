package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.shared.SharedReadWriteLock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A writer is alone; who reads sees all that the writer before has written, or nothing. */
public final class ReadWriteStress {

  private static final Stash<SharedReadWriteLock> LOCKS = new Stash<>(SharedReadWriteLock::create);

  private ReadWriteStress() {}

  /** A lock as two processes have it, and two plain numbers under it. */
  public abstract static class Sides {
    private static final long FIRST = 0;
    private static final long SECOND = 256;

    final Place place = Place.next();
    final Twins<SharedReadWriteLock> lock = LOCKS.take();

    /** Adds one to both; gives what the second was. */
    static long write(SharedReadWriteLock lock, MemorySegment memory) {
      lock.writeLock().lock();
      try {
        var before = memory.get(ValueLayout.JAVA_LONG, SECOND);
        memory.set(ValueLayout.JAVA_LONG, FIRST, memory.get(ValueLayout.JAVA_LONG, FIRST) + 1);
        memory.set(ValueLayout.JAVA_LONG, SECOND, before + 1);
        return before;
      } finally {
        lock.writeLock().unlock();
      }
    }

    final void read(JJ_Result r) {
      lock.there().readLock().lock();
      try {
        r.r1 = place.there().get(ValueLayout.JAVA_LONG, FIRST);
        r.r2 = place.there().get(ValueLayout.JAVA_LONG, SECOND);
      } finally {
        lock.there().readLock().unlock();
      }
    }
  }

  /** Both write. */
  @JCStressTest
  @State
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "One after the other.")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The other way round.")
  @Outcome(expect = FORBIDDEN, desc = "Both wrote, or did not see each other's store.")
  public static class Writers extends Sides {

    @Actor
    public void here(JJ_Result r) {
      r.r1 = write(lock.here(), place.here());
    }

    @Actor
    public void there(JJ_Result r) {
      r.r2 = write(lock.there(), place.there());
    }

    @Arbiter
    public void after(JJ_Result r) {
      LOCKS.give(lock);
    }
  }

  /** One writes, one reads. */
  @JCStressTest
  @State
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "It read before.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It read after.")
  @Outcome(expect = FORBIDDEN, desc = "It read while the other wrote, or did not see a store.")
  public static class Reader extends Sides {

    @Actor
    public void here() {
      var _ = write(lock.here(), place.here());
    }

    @Actor
    public void there(JJ_Result r) {
      read(r);
    }

    @Arbiter
    public void after(JJ_Result r) {
      LOCKS.give(lock);
    }
  }

  /** One tries to write, one to read, and each keeps what it gets. */
  @JCStressTest
  @State
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The writer was first.")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The reader was first.")
  @Outcome(expect = FORBIDDEN, desc = "Both have it, or none.")
  public static class Tries {
    private final Twins<SharedReadWriteLock> lock = Twins.of(SharedReadWriteLock.create());

    @Actor
    public void here(ZZ_Result r) {
      r.r1 = lock.here().writeLock().tryLock();
    }

    @Actor
    public void there(ZZ_Result r) {
      r.r2 = lock.there().readLock().tryLock();
    }

    @Arbiter
    public void after(ZZ_Result r) {
      lock.close();
    }
  }
}
