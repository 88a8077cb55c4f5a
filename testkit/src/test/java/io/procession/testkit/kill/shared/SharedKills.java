package io.procession.testkit.kill.shared;

import io.procession.internal.family.Family;
import java.util.Map;
import java.util.function.LongFunction;

/** A program that kills the users of shared objects in its own JVM, and says how it went. */
final class SharedKills {

  private SharedKills() {}

  /**
   * Kills and prints.
   *
   * @param arguments an object, how many kills, a seed
   */
  public static void main(String[] arguments) throws Exception {
    var object = arguments[0];
    var kills = Integer.parseInt(arguments[1]);
    var seed = Long.parseLong(arguments[2]);
    Sentence.install();
    var family = Family.enter();
    System.out.printf("%s: seed=%d%n", object, seed);
    var solo = new SoloKills(family, SUBJECTS.get(object));
    var start = System.nanoTime();
    try {
      solo.run(seed, kills);
    } finally {
      System.out.printf(
          "%s: kills=%d %s millis=%d%n",
          object, solo.kills(), solo.landed(), (System.nanoTime() - start) / 1_000_000);
    }
    family.leave();
  }

  static final Map<String, LongFunction<Subject>> SUBJECTS =
      Map.of(
          "queue", course -> new QueueSubject(false, course % 4 == 3),
          "joinable", course -> new QueueSubject(true, course % 4 == 3));
}
