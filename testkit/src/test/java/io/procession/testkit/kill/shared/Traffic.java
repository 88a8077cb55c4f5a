package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What went into a queue and came out of it, by all its users, some of which died. */
final class Traffic {

  private static final int MOST_DELIVERIES = 2;

  private final boolean leasing;
  private final AtomicInteger producers = new AtomicInteger();
  private final Map<Integer, Integer> putting = new ConcurrentHashMap<>();
  private final Map<Integer, Integer> put = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Consumer> consumers = new ConcurrentLinkedQueue<>();

  Traffic(boolean leasing) {
    this.leasing = leasing;
  }

  int newProducer() {
    return producers.incrementAndGet();
  }

  /** A producer puts one more. */
  void putting(int producer, int number) {
    putting.put(producer, number);
  }

  /** And has put it. */
  void put(int producer, int number) {
    put.put(producer, number);
  }

  Consumer newConsumer() {
    var consumer = new Consumer();
    consumers.add(consumer);
    return consumer;
  }

  /** What one consumer took; its thread is over when others look. */
  static final class Consumer {
    private final List<Element> taken = new ArrayList<>();
    private final Set<String> done = new TreeSet<>();
    private final Map<Integer, Integer> last = new HashMap<>();
    private boolean taking;

    void taking() {
      taking = true;
    }

    void tookNothing() {
      taking = false;
    }

    void took(Element element, boolean redelivered) {
      taking = false;
      taken.add(element.whole());
      if (!redelivered) {
        var before = last.put(element.producer(), element.number());
        assertThat(before == null || before < element.number())
            .as("%s comes after %s", element, before)
            .isTrue();
      }
    }

    void done(Element element) {
      done.add(element.toString());
    }
  }

  /** What was put came out as often as it should, at the end of all. */
  void check() {
    var deliveries = new HashMap<String, Integer>();
    var done = new TreeSet<String>();
    var pending = 0;
    for (var consumer : consumers) {
      pending += consumer.taking ? 1 : 0;
      consumer.taken.forEach(element -> {
        assertThat(element.number()).isLessThanOrEqualTo(putting.get(element.producer()));
        deliveries.merge(element.toString(), 1, Integer::sum);
      });
      done.addAll(consumer.done);
    }
    var most = leasing ? MOST_DELIVERIES : 1;
    assertThat(deliveries)
        .allSatisfy((element, count) -> assertThat(count).isLessThanOrEqualTo(most));
    var lost = new TreeSet<String>();
    put.forEach((producer, numbers) -> {
      for (var number = 1; number <= numbers; number++) {
        var element = producer + "/" + number;
        if (!deliveries.containsKey(element)) {
          lost.add(element);
        }
      }
    });
    if (leasing) {
      // Two may have died with it, one of them or both before they said that they had it.
      assertThat(lost.size())
          .as("lost %s; in the hands of the dead=%d", lost, pending)
          .isLessThanOrEqualTo(pending / 2);
    } else {
      assertThat(lost.size())
          .as("lost %s; in the hands of the dead=%d", lost, pending)
          .isLessThanOrEqualTo(pending);
    }
  }
}
