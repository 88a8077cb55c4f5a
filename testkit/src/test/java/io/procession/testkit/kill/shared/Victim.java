package io.procession.testkit.kill.shared;

import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLongArray;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that uses all objects at once, each with a thread of its own, until it is killed.
 *
 * @param traces one for each of the objects
 * @param ready counted down when it could begin
 * @param go set when it is to begin
 */
record Victim(
    List<Ground> grounds, List<Trace> traces, SharedLatch ready, SharedEvent go, long seed) {

  private static final int REHEARSED_TURNS = 10;

  /** How long it goes on without a rest, so that others come up. */
  private static final long LONGEST_RUN_NANOS = 5_000_000;

  private static final int LONGEST_REST_NANOS = 200_000;

  /** The exit code of a process that found something wrong. */
  static final int FAILED = 3;

  void live() throws Exception {
    rehearse();
    ready.countDown();
    go.await();
    for (var i = 0; i < grounds.size(); i++) {
      var ground = grounds.get(i);
      var trace = traces.get(i);
      var random = new Random(seed + i);
      Thread.ofPlatform().name(ground.name()).start(() -> use(ground, trace, random));
    }
    new CountDownLatch(1).await();
  }

  /** Loads all classes, which takes longer when all threads do it at once. */
  private void rehearse() throws Exception {
    try (var words = SharedLongArray.create(Trace.WORDS)) {
      for (var kind : Grounds.KINDS) {
        try (var ground = kind.get()) {
          var trace = new Trace(words, 0, 0);
          var random = new Random(seed);
          words.fill(0);
          for (var turn = 0; turn < REHEARSED_TURNS; turn++) {
            ground.turn(trace, random);
          }
        }
      }
    }
  }

  private static void use(Ground ground, Trace trace, Random random) {
    try {
      for (var start = System.nanoTime(); ; ) {
        ground.turn(trace, random);
        if (System.nanoTime() - start > LONGEST_RUN_NANOS) {
          trace.at(Phase.OUTSIDE);
          LockSupport.parkNanos(random.nextInt(LONGEST_REST_NANOS));
          start = System.nanoTime();
        }
      }
    } catch (Throwable e) {
      new AssertionError("in a process that was to be killed: " + ground.name(), e)
          .printStackTrace();
      Runtime.getRuntime().halt(FAILED);
    }
  }
}
