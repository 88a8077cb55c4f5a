package io.procession.bench;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Figures of one thing, one of each round.
 *
 * @param values in the order of the rounds
 */
public record Samples(List<Double> values) {

  /** Figures in the order of the rounds. */
  static Samples of(double... values) {
    return new Samples(DoubleStream.of(values).boxed().toList());
  }

  /** Whether there is not a single figure. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** The middle; of none, not a number. */
  public double median() {
    return quantile(0.5);
  }

  /** A quarter of the figures is smaller. */
  public double low() {
    return quantile(0.25);
  }

  /** A quarter of the figures is larger. */
  public double high() {
    return quantile(0.75);
  }

  /** Half the distance between the quartiles, as a share of the median. */
  public double spread() {
    return median() == 0 ? 0 : (high() - low()) / 2 / median();
  }

  /**
   * Round by round, by what factor this is better than {@code other}; what the rounds have in
   * common, such as a machine that is busy for a while, falls out. Rounds that only one of them has
   * do not count.
   */
  public Ratio betterThan(Samples other, boolean lessIsBetter) {
    var rounds = Math.min(values.size(), other.values.size());
    return new Ratio(
        new Samples(
            IntStream.range(0, rounds)
                .mapToObj(round -> values.get(round) / other.values.get(round))
                .map(ratio -> lessIsBetter ? 1 / ratio : ratio)
                .toList()));
  }

  /** What this share of the values does not exceed; between two of them if need be. */
  public double quantile(double share) {
    if (isEmpty()) {
      return Double.NaN;
    }
    var sorted = values.stream().sorted().toList();
    var place = share * (sorted.size() - 1);
    var below = (int) place;
    var above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
  }
}
