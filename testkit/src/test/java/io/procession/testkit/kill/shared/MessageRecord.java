package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was sent one way through a pipe, and taken there, by calls that returned, and by the last
 * call of each that died, which may have had its effect or not.
 */
final class MessageRecord {

  private final TreeSet<Integer> underWay = new TreeSet<>();
  private final Set<Integer> perhapsSent = new HashSet<>();
  private int last;
  private int lastTaken;
  private int sending;
  private boolean taking;

  /** How many may have been taken by who died in the call. */
  private int takesPending;

  /** A new message is about to be sent. */
  int sending() {
    sending = ++last;
    return sending;
  }

  /** It was sent. */
  void sent() {
    underWay.add(sending);
    sending = 0;
  }

  /** It may have been sent: the call failed. */
  void perhapsSent() {
    perhapsSent.add(sending);
    sending = 0;
  }

  void taking() {
    taking = true;
  }

  /** It was the end. */
  void tookNothing() {
    taking = false;
  }

  /** A message came: none before it is to come any more. */
  void took(int number) {
    taking = false;
    assertThat(number).as("order").isGreaterThan(lastTaken);
    assertThat(underWay.contains(number) || perhapsSent.contains(number))
        .as("%d was ever sent", number)
        .isTrue();
    var skipped = underWay.headSet(number).size();
    assertThat(skipped)
        .as("lost before %d: %s", number, underWay.headSet(number))
        .isLessThanOrEqualTo(takesPending);
    takesPending -= skipped;
    underWay.headSet(number, true).clear();
    lastTaken = number;
  }

  /** Whoever did all that died. */
  void died() {
    if (sending != 0) {
      perhapsSent();
    }
    takesPending += taking ? 1 : 0;
    taking = false;
  }

  /** There is no message any more. */
  void checkEnd() {
    assertThat(underWay.size())
        .as("lost at the end: %s", underWay)
        .isLessThanOrEqualTo(takesPending);
  }
}
