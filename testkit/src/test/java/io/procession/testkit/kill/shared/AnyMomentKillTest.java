package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Processes that use shared objects are killed with SIGKILL, whatever they are doing, while this
 * process uses them, too. Each has several of each kind in use at once, so that one process that is
 * killed is a user of each of them that dies. A third of {@code procession.sharedKills} says how
 * many of these there are for each kind, {@code procession.seed} repeats the choices of a run.
 */
@NoLeaks
class AnyMomentKillTest {

  private static final int KILLS = Integer.getInteger("procession.sharedKills", 300) / 3;
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime() & 0xffffff);

  /** How many of each kind are in use at once: more in a long run, as processes come up slowly. */
  private static final int SETS = KILLS < 1000 ? 3 : 8;

  private static final int MOST_AT_ONCE = 2;
  private static final int STOPS = 3;

  /** Longer than anybody waits before it looks whether another one is dead. */
  private static final Duration STOPPED = Duration.ofMillis(700);

  /** How many rounds come up ahead of their turn. */
  private static final int AHEAD = 1;

  private final Random random = new Random(SEED);
  private final Map<String, Map<Phase, Integer>> landed = new TreeMap<>();

  @Test
  void othersGoOnAndLearnOfTheDeath() throws Exception {
    System.out.printf("SIGKILL at any moment: seed=%d%n", SEED);
    var start = System.nanoTime();
    var rounds = new ArrayDeque<KillRound>();
    try {
      while (leastLanded() < KILLS) {
        while (rounds.size() <= AHEAD) {
          rounds.add(next());
        }
        try (var round = rounds.remove()) {
          round.begin();
          round.kill(landed);
        }
      }
    } finally {
      rounds.forEach(KillRound::close);
      landed.forEach(
          (name, counts) -> System.out.printf("%s: kills=%d %s%n", name, inCalls(counts), counts));
      System.out.printf("millis=%d%n", (System.nanoTime() - start) / 1_000_000);
    }
    assertThat(leastLanded()).isPositive();
  }

  @Test
  void nothingIsTakenFromWhoIsStoppedAtAnyMoment() throws Exception {
    System.out.printf("SIGSTOP at any moment: seed=%d%n", SEED);
    try (var round = new KillRound(Grounds.KINDS, 1, 2, random)) {
      round.begin();
      for (var stop = 0; stop < STOPS; stop++) {
        round.stop(STOPPED);
      }
      round.kill(landed);
    }
  }

  private KillRound next() {
    var victims = 1 + random.nextInt(MOST_AT_ONCE);
    return new KillRound(Grounds.KINDS, SETS, victims, random);
  }

  /** How many died of the kind of which the fewest did, in a call or with what that gave. */
  private int leastLanded() {
    return Grounds.KINDS.size() > landed.size()
        ? 0
        : landed.values().stream().mapToInt(AnyMomentKillTest::inCalls).min().orElseThrow();
  }

  private static int inCalls(Map<Phase, Integer> counts) {
    return counts.values().stream().mapToInt(count -> count).sum()
        - counts.getOrDefault(Phase.OUTSIDE, 0);
  }
}
