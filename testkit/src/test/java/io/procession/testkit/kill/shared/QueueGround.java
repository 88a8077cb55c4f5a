package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.QueueClosedException;
import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedLongArray;
import io.procession.shared.SharedQueue;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A queue to which those who die put and from which they take; so do one who puts and one who takes
 * and live on.
 *
 * @param deliveries how often each element of each user came out
 */
record QueueGround(SharedQueue<Element> queue, SharedLongArray deliveries) implements Ground {

  private static final int CAPACITY = 16;
  private static final int MOST_USERS = 8;
  private static final int CONSUMER = 0;

  /** How many elements each puts at most. */
  private static final int MOST = 1000;

  private static final int SMALL = 20;

  /** Travels in a block of its own. */
  private static final int HUGE = 40_000;

  static QueueGround create() {
    return new QueueGround(SharedQueue.bounded(CAPACITY), newDeliveries());
  }

  static QueueGround createJoinable() {
    return new QueueGround(JoinableQueue.bounded(CAPACITY), newDeliveries());
  }

  private static SharedLongArray newDeliveries() {
    return SharedLongArray.create(MOST_USERS * (MOST + 1));
  }

  @Override
  public String name() {
    return queue instanceof JoinableQueue<Element> ? "joinable queue" : "queue";
  }

  @Override
  public void turn(Trace trace, Random random) throws Exception {
    if (random.nextBoolean()) {
      put(trace, random);
    } else {
      trace.at(Phase.LEAVING);
      if (queue instanceof JoinableQueue<Element> joinable) {
        var lease = joinable.lease(Duration.ofMillis(1));
        if (lease != null) {
          deliver(lease.value());
          lease.done();
        }
      } else {
        var element = queue.poll(1, TimeUnit.MILLISECONDS);
        if (element != null) {
          deliver(element);
        }
      }
    }
    trace.at(Phase.HOLDING);
    trace.done();
  }

  private void put(Trace trace, Random random) throws InterruptedException {
    var number = (int) trace.seen() + 1;
    if (number <= MOST) {
      trace.at(Phase.ENTERING);
      queue.put(Element.of(trace.user(), number, random.nextInt(20) == 0 ? HUGE : SMALL));
      trace.see(number);
    }
  }

  private static int index(int user, int number) {
    return user * (MOST + 1) + number;
  }

  private void deliver(Element element) {
    deliveries.incrementAndGet(index(element.producer(), element.whole().number()));
  }

  @Override
  public int survivors() {
    return 2;
  }

  @Override
  public void survive(int role, Trace trace, Random random, BooleanSupplier over) throws Exception {
    try {
      while (role != CONSUMER && !over.getAsBoolean()) {
        put(trace, random);
      }
      while (role == CONSUMER) {
        var _ = over.getAsBoolean();
        if (queue instanceof JoinableQueue<Element> joinable) {
          var lease = joinable.lease();
          deliver(lease.value());
          lease.done();
        } else {
          deliver(queue.take());
        }
      }
    } catch (QueueClosedException e) {
      // it is over, and what was left was taken
    }
    trace.at(Phase.HOLDING);
  }

  @Override
  public void wake() {
    queue.shutdown();
  }

  @Override
  public void settle(List<Trace> dead, List<Trace> living) throws Exception {
    assertThat(queue).isEmpty();
    var isJoinable = queue instanceof JoinableQueue<Element>;
    if (queue instanceof JoinableQueue<Element> joinable) {
      assertThat(joinable.join(LONG)).isTrue();
      assertThat(joinable.unfinished()).isZero();
    }
    var lost = 0;
    for (var traces : List.of(dead, living)) {
      for (var trace : traces) {
        var unsure = trace.phase() == Phase.ENTERING ? 1 : 0;
        for (var number = 1; number <= MOST; number++) {
          var count = deliveries.get(index(trace.user(), number));
          var most = number > trace.seen() + unsure ? 0 : isJoinable ? 2 : 1;
          assertThat(count)
              .as("deliveries of %d/%d", trace.user(), number)
              .isBetween(0L, (long) most);
          lost += number <= trace.seen() && count == 0 ? 1 : 0;
        }
      }
    }
    var takers = dead.stream().filter(trace -> trace.phase() == Phase.LEAVING).count();
    // An element that can be delivered again is lost with the second who has it.
    assertThat(lost)
        .as("lost")
        .isLessThanOrEqualTo(Math.toIntExact(isJoinable ? takers / 2 : takers));
  }

  @Override
  public void close() {
    queue.close();
    deliveries.close();
  }
}
