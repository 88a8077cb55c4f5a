package io.procession.testkit.kill.shared;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * An object that processes use of which some are killed, whatever they are doing, and what must be
 * true of it then. It travels.
 */
interface Ground extends AutoCloseable {

  /** Longer than anything takes; who waits so long is stuck. */
  Duration LONG = Duration.ofMinutes(2);

  /** In a process that is to be killed nothing is loaded that is not needed. */
  static void check(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /** What it is called in the counts. */
  String name();

  /** What a user does again and again. */
  void turn(Trace trace, Random random) throws Exception;

  /** How many users there are in the process that lives on. */
  default int survivors() {
    return 1;
  }

  /**
   * What one of these does. It waits as long as it takes, until {@link #calm} and the rest.
   *
   * @param over rests for a moment, and gives whether it is over
   */
  default void survive(int role, Trace trace, Random random, BooleanSupplier over)
      throws Exception {
    while (!over.getAsBoolean()) {
      turn(trace, random);
    }
  }

  /** While all live: fails if anyone was held dead. */
  default void checkNobodyDied() {}

  /** The others are dead. Waits for what must happen without any help. */
  default void calm() throws Exception {}

  /** It is over. Has the survivors go on who may still wait. */
  default void wake() throws Exception {}

  /** Nobody uses it any more: fails if anything is wrong. */
  void settle(List<Trace> dead, List<Trace> living) throws Exception;

  @Override
  void close();
}
