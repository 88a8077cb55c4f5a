package io.procession.testkit.kill.shared;

import io.procession.shared.SharedLongArray;

/**
 * How far a user of an object has come, in shared memory: so it is known of the dead.
 *
 * @param words those of all users
 * @param index where its own begin
 * @param user counts the users of one object
 */
record Trace(SharedLongArray words, int index, int user) {

  /** How many words each has. */
  static final int WORDS = 3;

  private static final int TURNS = 1;
  private static final int SEEN = 2;

  /** What a user is doing. */
  enum Phase {
    /** It has not begun, or rests. */
    OUTSIDE,
    /** It is in a call that may give it something, or have another effect. */
    ENTERING,
    /** It has what it wanted, for sure. */
    HOLDING,
    /** It is in a call that gives that back. */
    LEAVING
  }

  void at(Phase phase) {
    words.set(index, phase.ordinal());
  }

  Phase phase() {
    return Phase.values()[(int) words.get(index)];
  }

  /** One more turn has had its effect. */
  void done() {
    words.set(index + TURNS, turns() + 1);
  }

  long turns() {
    return words.get(index + TURNS);
  }

  /** The last number of what it was to {@link #see}. */
  long seen() {
    return words.get(index + SEEN);
  }

  /** Numbers come in their order. */
  void see(long number) {
    Ground.check(number > seen(), "it comes too late: " + number);
    words.set(index + SEEN, number);
  }
}
