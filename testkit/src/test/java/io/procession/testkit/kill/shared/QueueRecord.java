package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What was done to a queue by calls that returned, and by the last call of each that died, which
 * may have had its effect or not. Elements are numbered in the order in which they were put.
 */
final class QueueRecord {

  private static final int MOST_DELIVERIES = 2;

  private final boolean leasing;
  private final Set<Integer> put = new TreeSet<>();
  private final Set<Integer> gone = new HashSet<>();

  /** What calls that did not return may have put, or removed. */
  private final Set<Integer> maybePut = new HashSet<>();

  private final Set<Integer> maybeGone = new HashSet<>();

  /** How many may have been taken by who died in the call. */
  private int takesPending;

  private boolean taking;
  private final Map<Integer, Integer> deliveries = new HashMap<>();
  private final Set<Integer> pendingPut = new HashSet<>();
  private final Set<Integer> pendingGone = new HashSet<>();
  private int last;

  QueueRecord(boolean leasing) {
    this.leasing = leasing;
  }

  /** A new element is about to be put. */
  int putting() {
    pendingPut.add(++last);
    return last;
  }

  /** What was about to be put is in the queue, or is not. */
  void didPut(int number, boolean done) {
    pendingPut.remove(number);
    if (done) {
      put.add(number);
    }
  }

  /** An element is about to be taken. */
  void taking() {
    taking = true;
  }

  /** It was taken. */
  void took(Element element, boolean redelivered) {
    taking = false;
    checkThere(element);
    if (!leasing) {
      gone.add(element.number());
      return;
    }
    var before = deliveries.merge(element.number(), 1, Integer::sum) - 1;
    assertThat(before).as("earlier deliveries of %s", element).isLessThan(MOST_DELIVERIES);
    if (takesPending == 0) {
      assertThat(redelivered).as("%s is redelivered", element).isEqualTo(before > 0);
    } else if (before > 0) {
      assertThat(redelivered).as("%s is redelivered", element).isTrue();
    }
  }

  /** It was taken in a way that does not tell whether it is redelivered. */
  void tookUnmarked(Element element) {
    took(element, deliveries.getOrDefault(element.number(), 0) > 0);
  }

  /** There was nothing to be taken. */
  void tookNothing() {
    taking = false;
  }

  private void checkThere(Element element) {
    var number = element.whole().number();
    assertThat(gone).as("what was gone before").doesNotContain(number);
    assertThat(put.contains(number) || maybePut.contains(number))
        .as("%s was ever put", element)
        .isTrue();
  }

  /** What matches is about to be removed. */
  void removing(Predicate<Integer> which) {
    put.stream().filter(which).forEach(pendingGone::add);
    maybePut.stream().filter(which).forEach(pendingGone::add);
  }

  /** All that was to be removed is not there any more; or some of it, as it may be leased. */
  void removed(boolean all) {
    (all ? gone : maybeGone).addAll(pendingGone);
    pendingGone.clear();
  }

  /** Whoever did all that died. */
  void died() {
    maybePut.addAll(pendingPut);
    maybeGone.addAll(pendingGone);
    takesPending += taking ? 1 : 0;
    pendingPut.clear();
    pendingGone.clear();
    taking = false;
    if (leasing) {
      deliveries.forEach((number, count) -> {
        if (count >= MOST_DELIVERIES) {
          maybeGone.add(number);
        }
      });
    }
  }

  /** All that was left was taken, in this order: it must be what should have been left. */
  void checkRest(List<Element> rest, List<Boolean> redelivered) {
    var seen = new HashSet<Integer>();
    for (var element : rest) {
      checkThere(element);
      assertThat(seen.add(element.number())).as("%s comes once", element).isTrue();
    }
    for (var group : List.of(true, false)) {
      var numbers = new ArrayList<Integer>();
      for (var i = 0; i < rest.size(); i++) {
        if (redelivered.get(i).equals(group)) {
          numbers.add(rest.get(i).number());
        }
      }
      assertThat(numbers).as("order, redelivered=%s", group).isSorted();
    }
    for (var i = 0; i < rest.size(); i++) {
      var before = deliveries.getOrDefault(rest.get(i).number(), 0);
      assertThat(before).as("deliveries of %s", rest.get(i)).isLessThan(MOST_DELIVERIES);
      assertThat(redelivered.get(i) || before == 0).as("%s is marked", rest.get(i)).isTrue();
    }
    var lost = new TreeSet<>(put);
    lost.removeAll(gone);
    lost.removeAll(maybeGone);
    lost.removeAll(seen);
    if (leasing) {
      // A second delivery may have been on its way when the one who took it died.
      assertThat(lost).as("lost").allMatch(number -> deliveries.getOrDefault(number, 0) > 0);
    }
    assertThat(lost)
        .as("lost; takes not returned=%d", takesPending)
        .hasSizeLessThanOrEqualTo(takesPending);
  }
}
