package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.QueueClosedException;
import io.procession.internal.family.Family;
import io.procession.internal.wire.Step;
import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedQueue;
import io.procession.testkit.kill.shared.Sentence.Deeds;
import io.procession.testkit.kill.shared.Sentence.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Kills producers and consumers of a queue at chosen steps, while others go on. The choices follow
 * from the seed; how the threads meet does not.
 */
final class CrowdKills {

  private static final int VICTIMS_PER_ROUND = 25;
  private static final int MOST_CALLS = 40;
  private static final int MOST_STORES = 400;
  private static final int MOST_PASSES = 8;
  private static final int MOST_WAITS = 2;
  private static final long PATIENCE_MILLIS = 60_000;

  /** The steps that a producer, or a consumer, may pass while others are there. */
  private static final List<Step> STEPS =
      List.of(
          Step.STORE_DUE,
          Step.WAITER_LISTED,
          Step.WAITER_TAKEN,
          Step.MUTEX_LEFT,
          Step.ELEMENT_COMMITTED,
          Step.ELEMENT_INTENDED,
          Step.TAKING_INTENDED,
          Step.ELEMENT_LEASED,
          Step.LEASE_ENDED,
          Step.BLOCK_LEFT);

  private static final List<Step> OF_LEASES = List.of(Step.ELEMENT_LEASED, Step.LEASE_ENDED);

  private final Family root;
  private final boolean leasing;
  private final Map<Step, Integer> landed = new EnumMap<>(Step.class);
  private int kills;

  CrowdKills(Family root, boolean leasing) {
    this.root = root;
    this.leasing = leasing;
  }

  /** Kills until so many have landed, and at each step some. */
  void run(long seed, int wanted) throws Exception {
    for (var round = seed; kills < wanted || !landed.keySet().containsAll(steps()); round++) {
      try {
        new Round(new Random(round)).run();
      } catch (Exception | Error e) {
        throw new AssertionError("in a crowd; seed=" + round, e);
      }
    }
  }

  private List<Step> steps() {
    return STEPS.stream().filter(step -> leasing || !OF_LEASES.contains(step)).toList();
  }

  int kills() {
    return kills;
  }

  Map<Step, Integer> landed() {
    return landed;
  }

  private final class Round {
    private final Random random;
    private final SharedQueue<Element> queue;
    private final Traffic traffic = new Traffic(leasing);
    private final List<Family> members = new ArrayList<>();
    private final List<Thread> producers = new ArrayList<>();
    private final List<Thread> consumers = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    Round(Random random) {
      this.random = random;
      var capacity = 1 + random.nextInt(20);
      queue =
          leasing
              ? JoinableQueue.create(capacity, SharedQueue.DEFAULT_LIMIT_BYTES)
              : SharedQueue.create(capacity, SharedQueue.DEFAULT_LIMIT_BYTES);
    }

    void run() throws Exception {
      var survivors = 1 + random.nextInt(2);
      for (var i = 0; i < survivors; i++) {
        producers.add(survivor(this::produce));
        consumers.add(survivor(this::consume));
      }
      for (var victim = 0; victim < VICTIMS_PER_ROUND; victim++) {
        kill();
      }
      over = true;
      join(producers);
      if (queue instanceof JoinableQueue<Element> joinable) {
        assertThat(joinable.join(Duration.ofMillis(PATIENCE_MILLIS))).as("all done").isTrue();
      }
      queue.shutdown();
      join(consumers);
      assertThat(queue.size()).as("size at the end").isZero();
      root.buryTheDead();
      queue.close();
      for (var member : members) {
        member.close();
      }
      traffic.check();
      HeapCheck.check(root);
      assertThat(HeapCheck.used(root)).as("memory that nobody holds").isEmpty();
    }

    private Thread survivor(User user) throws Exception {
      var member = Family.join(root.handle());
      members.add(member);
      var here = Handover.to(member, queue);
      return start(() -> {
        member.act(() -> {
          user.use(here, false);
          return null;
        });
      });
    }

    private Thread start(Deeds deeds) {
      var builder = random.nextBoolean() ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
      return builder.start(() -> {
        try {
          deeds.run();
        } catch (Exception | Error e) {
          failures.add(e);
        }
      });
    }

    private void join(List<Thread> threads) throws InterruptedException {
      for (var thread : threads) {
        if (!thread.join(Duration.ofMillis(PATIENCE_MILLIS))) {
          var stuck = new AssertionError("stuck: " + thread);
          stuck.setStackTrace(thread.getStackTrace());
          failures.add(stuck);
        }
      }
      checkFailures();
    }

    private void checkFailures() {
      if (!failures.isEmpty()) {
        throw new AssertionError("a thread failed; failures=" + failures, failures.peek());
      }
    }

    private void kill() throws Exception {
      var step = random.nextBoolean() ? Step.STORE_DUE : STEPS.get(random.nextInt(STEPS.size()));
      var sentence = new Sentence(new Point(step, 1 + random.nextInt(most(step))));
      var member = Family.join(root.handle());
      var here = Handover.to(member, queue);
      sentence.setMember(member);
      User user = random.nextBoolean() ? this::produce : this::consume;
      var died =
          start(() ->
              sentence.pronounce(() ->
                  member.act(() -> {
                    user.use(here, true);
                    return null;
                  })));
      join(List.of(died));
      if (sentence.isExecuted()) {
        kills++;
        landed.merge(step, 1, Integer::sum);
      } else {
        member.freeze();
      }
      root.markDead(member.self());
      // Else whoever waits for the dead finds out by its own look.
      if (random.nextInt(8) > 0) {
        root.buryTheDead();
      }
    }

    private static int most(Step step) {
      return switch (step) {
        case STORE_DUE -> MOST_STORES;
        case WAITER_LISTED, WAITER_TAKEN -> MOST_WAITS;
        default -> MOST_PASSES;
      };
    }

    private void produce(SharedQueue<Element> here, boolean mortal) throws Exception {
      var producer = traffic.newProducer();
      var lengths = new Random(producer);
      for (var number = 1; mortal ? number <= MOST_CALLS : !over; number++) {
        traffic.putting(producer, number);
        here.put(Element.of(producer, number, lengths.nextInt(20) == 0 ? 40_000 : 20));
        traffic.put(producer, number);
      }
    }

    private void consume(SharedQueue<Element> here, boolean mortal) throws Exception {
      var consumer = traffic.newConsumer();
      for (var count = 0; !mortal || count < MOST_CALLS; count++) {
        consumer.taking();
        try {
          if (here instanceof JoinableQueue<Element> joinable) {
            var lease = mortal ? joinable.lease(Duration.ofMillis(500)) : joinable.lease();
            if (lease == null) {
              consumer.tookNothing();
              return;
            }
            consumer.took(lease.value(), lease.isRedelivered());
            lease.done();
            consumer.done(lease.value());
          } else {
            var element = mortal ? here.poll(500, TimeUnit.MILLISECONDS) : here.take();
            if (element == null) {
              consumer.tookNothing();
              return;
            }
            consumer.took(element, false);
          }
        } catch (QueueClosedException _) {
          consumer.tookNothing();
          return;
        }
      }
    }
  }

  @FunctionalInterface
  private interface User {
    void use(SharedQueue<Element> here, boolean mortal) throws Exception;
  }
}
