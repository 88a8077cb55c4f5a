package io.procession.testkit.kill.shared;

import io.procession.internal.family.Family;
import io.procession.internal.wire.Step;
import java.util.Map;
import java.util.Set;
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
    Thread.setDefaultUncaughtExceptionHandler(SharedKills::uncaught);
    var family = Family.enter();
    System.out.printf("%s: seed=%d%n", object, seed);
    var solo = new SoloKills(family, SUBJECTS.get(object));
    var start = System.nanoTime();
    try {
      solo.run(seed, kills);
    } finally {
      print(object + " alone", solo.kills(), solo.landed(), start);
    }
    if (!CROWDED.contains(object)) {
      family.leave();
      return;
    }
    var crowd = new CrowdKills(family, object.equals("joinable"));
    start = System.nanoTime();
    try {
      crowd.run(seed, kills / 3);
    } finally {
      print(object + " in a crowd", crowd.kills(), crowd.landed(), start);
    }
    family.leave();
  }

  /** The porters of the dead find their memory gone; nothing else may end a thread so. */
  private static void uncaught(Thread thread, Throwable failure) {
    if (!thread.getName().equals("procession-porter")
        || !(failure instanceof IllegalStateException)) {
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void print(String what, int kills, Map<Step, Integer> landed, long start) {
    System.out.printf(
        "%s: kills=%d %s millis=%d%n",
        what, kills, landed, (System.nanoTime() - start) / 1_000_000);
  }

  private static final Set<String> CROWDED = Set.of("queue", "joinable");

  static final Map<String, LongFunction<Subject>> SUBJECTS =
      Map.of(
          "queue", course -> new QueueSubject(false, course % 4 == 3),
          "joinable", course -> new QueueSubject(true, course % 4 == 3),
          "pipe", course -> new PipeSubject(),
          "lock", course -> new LockSubject(course % 2 == 1),
          "semaphore", course -> new SemaphoreSubject(course % 2 == 1),
          "readWrite", course -> new ReadWriteSubject(),
          "signal", course -> new SignalSubject(),
          "barrier", course -> new BarrierSubject(1 + (int) (course % 2)));
}
