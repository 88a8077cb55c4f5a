package io.procession.bench;

import java.time.Duration;

/**
 * How thoroughly to measure.
 *
 * @param rounds how often each peer is measured at a point, in turn with the others
 * @param seconds how long one measurement takes; a single call that takes longer is let end
 * @param warmUpSeconds how long each peer does the same before the first round, at least
 * @param mostWarmUps how often more, while it still becomes faster by it
 * @param secondary whether the peers take part that are beside the point
 * @param budget how long the whole run may take; where it runs out there are fewer rounds
 * @param answerLimit how long a peer may take for one answer before it is killed
 */
record Effort(
    int rounds,
    double seconds,
    double warmUpSeconds,
    int mostWarmUps,
    boolean secondary,
    Duration budget,
    Duration answerLimit) {

  private static final int SLOWLY = 2;

  /** The run ends within 40 minutes. */
  static Effort full() {
    return new Effort(5, 0.3, 0.4, 8, true, Duration.ofMinutes(37), Duration.ofSeconds(60));
  }

  /** The run ends within 5 minutes. */
  static Effort quick() {
    return new Effort(3, 0.1, 0.2, 0, false, Duration.ofSeconds(265), Duration.ofSeconds(20));
  }

  /** A JVM needs longer until it is as fast as it will be. */
  double warmUpSeconds(Peer peer) {
    return peer.warmsUpSlowly() ? SLOWLY * warmUpSeconds : warmUpSeconds;
  }

  Effort withSecondary() {
    return new Effort(rounds, seconds, warmUpSeconds, mostWarmUps, true, budget, answerLimit);
  }

  Effort withRounds(int newRounds) {
    return new Effort(
        newRounds, seconds, warmUpSeconds, mostWarmUps, secondary, budget, answerLimit);
  }

  Effort withSeconds(double newSeconds) {
    return new Effort(rounds, newSeconds, newSeconds, mostWarmUps, secondary, budget, answerLimit);
  }

  Effort withBudget(Duration newBudget) {
    return new Effort(
        rounds, seconds, warmUpSeconds, mostWarmUps, secondary, newBudget, answerLimit);
  }
}
