package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.shared.JoinableQueue;
import io.procession.shared.Lease;
import io.procession.shared.SharedQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A queue that all kinds of calls come to, one after the other. */
final class QueueSubject implements Subject {

  private static final int MOST_CALLS = 12;
  private static final int SMALL = 10;
  private static final int MEDIUM = 2000;

  /** Many of them need a larger ring. */
  private static final int LARGE = 30_000;

  /** Travels in a block of its own. */
  private static final int HUGE = 50_000;

  private static final int CAPACITY = 5;

  private final boolean leasing;
  private final boolean bounded;
  private final QueueRecord record;
  private SharedQueue<Element> queue;

  QueueSubject(boolean leasing, boolean bounded) {
    this.leasing = leasing;
    this.bounded = bounded;
    record = new QueueRecord(leasing);
  }

  @Override
  public void begin(Family root) {
    var capacity = bounded ? CAPACITY : Integer.MAX_VALUE;
    queue =
        leasing
            ? JoinableQueue.create(capacity, SharedQueue.DEFAULT_LIMIT_BYTES)
            : SharedQueue.create(capacity, SharedQueue.DEFAULT_LIMIT_BYTES);
    for (var i = 0; i < 3; i++) {
      offer(queue, SMALL, 0);
    }
  }

  private void offer(SharedQueue<Element> here, int length, int millis) {
    var number = record.putting();
    var element = Element.of(0, number, length);
    try {
      var done =
          millis == 0 ? here.offer(element) : here.offer(element, millis, TimeUnit.MILLISECONDS);
      record.didPut(number, done);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void use(Family member, int number, long seed) throws Exception {
    var here = Handover.to(member, queue);
    var random = new Random(seed);
    var taken = new ArrayDeque<Element>();
    var leases = new ArrayDeque<Lease<Element>>();
    try {
      member.act(() -> {
        for (var call = 0; call < MOST_CALLS; call++) {
          call(member, here, random, taken, leases);
        }
        return null;
      });
      // Not closed: to shut the queue down is no part of this.
    } finally {
      record.died();
    }
  }

  private void call(
      Family member,
      SharedQueue<Element> here,
      Random random,
      ArrayDeque<Element> taken,
      ArrayDeque<Lease<Element>> leases)
      throws Exception {
    switch (random.nextInt(leasing ? 18 : 15)) {
      case 0, 1 -> offer(here, SMALL, 0);
      case 2 -> offer(here, HUGE, 0);
      case 3 -> {
        for (var i = 0; i < 12; i++) {
          offer(here, LARGE, 0);
        }
      }
      case 4 -> offer(here, MEDIUM, bounded ? 1 : 0);
      case 5, 6, 7 -> take(here, taken);
      case 8 -> {
        for (var i = 0; i < 4; i++) {
          take(here, taken);
        }
      }
      case 9 -> {
        var divisor = 2 + random.nextInt(3);
        record.removing(number -> number % divisor == 0);
        here.removeIf(element -> element.whole().number() % divisor == 0);
        record.removed(!leasing);
      }
      case 10 -> {
        record.removing(number -> true);
        here.clear();
        record.removed(!leasing);
      }
      case 11 -> {
        var first = here.peek();
        if (first != null) {
          var number = first.whole().number();
          record.removing(each -> each == number);
          assertThat(here.remove(first)).isTrue();
          record.removed(true);
        }
      }
      case 12 -> assertThat(here.size()).isEqualTo(here.toArray().length);
      case 13 -> {
        try (var other = SharedQueue.<Element>create()) {
          other.put(Element.of(1, 1, HUGE));
          other.put(Element.of(1, 2, SMALL));
          assertThat(other.take().whole().number()).isEqualTo(1);
        }
      }
      case 14 -> bury(member);
      case 15 -> done((JoinableQueue<Element>) here, taken);
      case 16 -> {
        record.taking();
        var lease = ((JoinableQueue<Element>) here).lease(Duration.ZERO);
        if (lease == null) {
          record.tookNothing();
        } else {
          record.took(lease.value(), lease.isRedelivered());
          leases.add(lease);
        }
      }
      default -> {
        var lease = leases.poll();
        if (lease != null) {
          var number = lease.value().number();
          record.removing(each -> each == number);
          lease.done();
          record.removed(true);
        }
      }
    }
  }

  /** Lives through another one's death. */
  private void bury(Family member) throws Exception {
    var other = Family.join(member.handle());
    try {
      var _ = Handover.to(other, queue);
    } finally {
      other.freeze();
    }
    member.markDead(other.self());
    member.buryTheDead();
  }

  private void take(SharedQueue<Element> here, ArrayDeque<Element> taken) throws Exception {
    record.taking();
    if (here instanceof JoinableQueue<Element> joinable) {
      // As lease() does, it tells what take() does not.
      var lease = joinable.lease(Duration.ZERO);
      if (lease == null) {
        record.tookNothing();
      } else {
        record.took(lease.value(), lease.isRedelivered());
      }
      return;
    }
    var element = here.poll();
    if (element == null) {
      record.tookNothing();
    } else {
      record.took(element, false);
      taken.add(element);
    }
  }

  private void done(JoinableQueue<Element> here, ArrayDeque<Element> taken) {
    // Of the redelivered ones it is not told that they are.
    record.taking();
    var element = here.poll();
    if (element == null) {
      record.tookNothing();
      return;
    }
    record.tookUnmarked(element);
    taken.add(element);
    record.removing(each -> each == element.number());
    here.taskDone();
    record.removed(true);
  }

  @Override
  public void touch() throws Exception {
    offer(queue, MEDIUM, 0);
    assertThat(queue.toArray()).hasSize(queue.size());
  }

  @Override
  public void settle() throws Exception {
    offer(queue, SMALL, 0);
    var size = queue.size();
    var rest = new ArrayList<Element>();
    var redelivered = new ArrayList<Boolean>();
    if (queue instanceof JoinableQueue<Element> joinable) {
      assertThat(joinable.unfinished()).isGreaterThanOrEqualTo(size);
      for (var lease = joinable.lease(Duration.ZERO);
          lease != null;
          lease = joinable.lease(Duration.ZERO)) {
        rest.add(lease.value());
        redelivered.add(lease.isRedelivered());
        lease.done();
      }
      assertThat(joinable.unfinished()).as("unfinished").isZero();
      assertThat(joinable.join(Duration.ofSeconds(10))).isTrue();
      assertThat(redelivered.stream().filter(each -> !each)).hasSize(size);
    } else {
      for (var element = queue.poll(); element != null; element = queue.poll()) {
        rest.add(element);
        redelivered.add(false);
      }
      assertThat(rest).hasSize(size);
    }
    record.checkRest(rest, redelivered);
    assertThat(queue.size()).isZero();
    assertThat(queue.remainingCapacity()).isEqualTo(bounded ? CAPACITY : Integer.MAX_VALUE);
  }

  @Override
  public void end() {
    queue.close();
  }

  @Override
  public String toString() {
    return (bounded ? "bounded " : "") + (leasing ? "JoinableQueue" : "SharedQueue");
  }
}
