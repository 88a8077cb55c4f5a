package io.procession.bench.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.procession.internal.wire.Ring;
import io.procession.internal.wire.RingConsumer;
import io.procession.internal.wire.RingProducer;
import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A ring's records are seen whole, in order, and are not overwritten while they are read. */
public final class RingStress {

  private static final int KIND = 1;
  private static final long NONE = -1;
  private static final long TORN = -2;

  private RingStress() {}

  /** A ring of the smallest size, with room for four records, and its two sides. */
  public abstract static class Sides {
    private final Place place = Place.next();
    private final RingProducer producer;
    private final RingConsumer consumer;

    /** An empty ring. */
    Sides() {
      Ring.format(place.here(), Ring.MINIMUM_CAPACITY);
      producer = new RingProducer(place.here());
      consumer = new RingConsumer(place.there());
    }

    final boolean put(long value) {
      var payload = producer.reserve(KIND, Long.BYTES);
      if (payload == RingProducer.FULL) {
        return false;
      }
      place.here().set(ValueLayout.JAVA_LONG, payload, value);
      producer.publish();
      return true;
    }

    final long take() {
      var message = consumer.peek();
      if (message == null) {
        return NONE;
      }
      var whole = message.kind() == KIND && message.payload().byteSize() == Long.BYTES;
      var value = message.payload().get(ValueLayout.JAVA_LONG, 0);
      consumer.release();
      return whole ? value : TORN;
    }
  }

  /** Two records, each by a store of its own. */
  @JCStressTest
  @State
  @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "Both too early.")
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "The first came in between.")
  @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The second came too late.")
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Both, in order.")
  @Outcome(expect = FORBIDDEN, desc = "A record is torn, lost or out of order.")
  public static class InOrder extends Sides {

    @Actor
    public void producer() {
      var _ = put(1);
      var _ = put(2);
    }

    @Actor
    public void consumer(JJ_Result r) {
      r.r1 = take();
      r.r2 = take();
    }
  }

  /** The ring is full: room that is given back is reused, but not before it is read. */
  @JCStressTest
  @State
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Still full.")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Room was given back, and used.")
  @Outcome(expect = FORBIDDEN, desc = "A record was overwritten while it was read.")
  public static class Reuse extends Sides {

    /** A ring with as many records as fit. */
    public Reuse() {
      for (var value = 1; put(value); value++) {}
    }

    @Actor
    public void producer(JJ_Result r) {
      r.r1 = put(99) ? 1 : 0;
    }

    @Actor
    public void consumer(JJ_Result r) {
      r.r2 = take();
    }
  }
}
