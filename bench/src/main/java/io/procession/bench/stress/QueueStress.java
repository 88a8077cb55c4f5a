package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.shared.SharedQueue;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** An element is taken whole, once, and in order; a full queue takes no more. */
public final class QueueStress {

  private static final long NONE = -1;
  private static final Stash<SharedQueue<Long>> UNBOUNDED = new Stash<>(SharedQueue::create);
  private static final Stash<SharedQueue<Long>> SINGLE = new Stash<>(() -> SharedQueue.bounded(1));

  private QueueStress() {}

  private static long poll(SharedQueue<Long> queue) {
    return Objects.requireNonNullElse(queue.poll(), NONE);
  }

  /** Two elements go from one process to the other. */
  @JCStressTest
  @State
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "Both too early.")
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "The first came in between.")
  @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The second came too late.")
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Both, in order.")
  @Outcome(expect = FORBIDDEN, desc = "An element is torn, lost or out of order.")
  public static class InOrder {
    private final Twins<SharedQueue<Long>> queue = UNBOUNDED.take();

    @Actor
    public void here() {
      var _ = queue.here().offer(1L);
      var _ = queue.here().offer(2L);
    }

    @Actor
    public void there(JJ_Result r) {
      r.r1 = poll(queue.there());
      r.r2 = poll(queue.there());
    }

    @Arbiter
    public void after(JJ_Result r) {
      queue.here().clear();
      UNBOUNDED.give(queue);
    }
  }

  /** One element, and two that want it. */
  @JCStressTest
  @State
  @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The first has it.")
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "The second has it.")
  @Outcome(expect = FORBIDDEN, desc = "Both have it, or none.")
  public static class TwoTakers {
    private final Twins<SharedQueue<Long>> queue = UNBOUNDED.take();

    /** A queue with one element. */
    public TwoTakers() {
      var _ = queue.here().offer(1L);
    }

    @Actor
    public void here(JJ_Result r) {
      r.r1 = poll(queue.here());
    }

    @Actor
    public void there(JJ_Result r) {
      r.r2 = poll(queue.there());
    }

    @Arbiter
    public void after(JJ_Result r) {
      queue.here().clear();
      UNBOUNDED.give(queue);
    }
  }

  /** Room for one element, and two that want it. */
  @JCStressTest
  @State
  @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "The first has it.")
  @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "The second has it.")
  @Outcome(expect = FORBIDDEN, desc = "Both have it, or none, or what is there is another's.")
  public static class TwoPutters {
    private final Twins<SharedQueue<Long>> queue = SINGLE.take();

    @Actor
    public void here(ZZJ_Result r) {
      r.r1 = queue.here().offer(1L);
    }

    @Actor
    public void there(ZZJ_Result r) {
      r.r2 = queue.there().offer(2L);
    }

    @Arbiter
    public void after(ZZJ_Result r) {
      r.r3 = poll(queue.here());
      SINGLE.give(queue);
    }
  }
}
