package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.shared.Connection;
import io.procession.shared.SharedPipe;
import java.io.EOFException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Messages come whole, once, and in order, both ways, and before the end. */
public final class PipeStress {

  private static final long NONE = -1;
  private static final long END = -2;

  /**
   * A pipe whose second end another process has.
   *
   * @param second the end as this process has it
   */
  private record Ends(Connection here, Connection there, Connection second) {

    private static final Queue<Ends> UNUSED = new ConcurrentLinkedQueue<>();

    static Ends take() {
      var unused = UNUSED.poll();
      return unused == null ? make() : unused;
    }

    static Ends make() {
      var pipe = SharedPipe.create();
      return new Ends(pipe.first(), Twins.sent(pipe.second()), pipe.second());
    }

    void give() {
      while (poll(there) != NONE) {}
      while (poll(here) != NONE) {}
      UNUSED.add(this);
    }

    void close() {
      Patience.run(() -> {
        here.close();
        there.close();
        second.close();
      });
    }
  }

  private PipeStress() {}

  private static void send(Connection end, long message) {
    Patience.run(() -> end.send(message));
  }

  private static long poll(Connection end) {
    return Patience.of(() -> end.poll() ? receive(end) : NONE);
  }

  private static long receive(Connection end) {
    return Patience.of(() -> {
      try {
        return end.receive(Long.class);
      } catch (EOFException e) {
        return END;
      }
    });
  }

  /** Two messages go one way. */
  @JCStressTest
  @State
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "Both too early.")
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "The first came in between.")
  @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The second came too late.")
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Both, in order.")
  @Outcome(expect = FORBIDDEN, desc = "A message is torn, lost or out of order.")
  public static class InOrder {
    private final Ends ends = Ends.take();

    @Actor
    public void here() {
      send(ends.here, 1);
      send(ends.here, 2);
    }

    @Actor
    public void there(JJ_Result r) {
      r.r1 = poll(ends.there);
      r.r2 = poll(ends.there);
    }

    @Arbiter
    public void after(JJ_Result r) {
      ends.give();
    }
  }

  /** A question and its answer: each waits for the other. */
  @JCStressTest
  @State
  @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "Both came.")
  @Outcome(expect = FORBIDDEN, desc = "A message is torn, or another one's.")
  public static class BothWays {
    private final Ends ends = Ends.take();

    @Actor
    public void here(JJ_Result r) {
      send(ends.here, 1);
      r.r1 = receive(ends.here);
    }

    @Actor
    public void there(JJ_Result r) {
      r.r2 = receive(ends.there);
      send(ends.there, 2);
    }

    @Arbiter
    public void after(JJ_Result r) {
      ends.give();
    }
  }

  /** One sends and closes its end, which the other waits for. */
  @JCStressTest
  @State
  @Outcome(id = "1, -2", expect = ACCEPTABLE, desc = "The message, and then the end.")
  @Outcome(expect = FORBIDDEN, desc = "A message is lost, or comes twice.")
  public static class End {
    private final Ends ends = Ends.make();

    @Actor
    public void here(JJ_Result r) {
      r.r1 = receive(ends.here);
      r.r2 = receive(ends.here);
    }

    @Actor
    public void there() {
      send(ends.there, 1);
      Patience.run(ends.there::close);
    }

    @Arbiter
    public void after(JJ_Result r) {
      ends.close();
    }
  }
}
