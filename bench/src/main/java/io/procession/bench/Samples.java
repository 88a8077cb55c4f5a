package io.procession.bench;

import java.util.Arrays;

/** The figures of one peer, one of each round. */
final class Samples {

  private final double[] values;

  Samples(int rounds) {
    values = new double[rounds];
  }

  void set(int round, double value) {
    values[round] = value;
  }

  double median() {
    return median(values.clone());
  }

  /** A quarter of the figures is smaller. */
  double low() {
    return quantile(values.clone(), 0.25);
  }

  /** A quarter of the figures is larger. */
  double high() {
    return quantile(values.clone(), 0.75);
  }

  /** Round by round, by what factor this is better than {@code other}. */
  Samples betterThan(Samples other, boolean lessIsBetter) {
    var ratios = new Samples(values.length);
    for (var round = 0; round < values.length; round++) {
      var ratio = values[round] / other.values[round];
      ratios.values[round] = lessIsBetter ? 1 / ratio : ratio;
    }
    return ratios;
  }

  /** Sorts {@code values} and gives the middle. */
  static double median(double[] values) {
    return quantile(values, 0.5);
  }

  private static double quantile(double[] values, double share) {
    Arrays.sort(values);
    var place = share * (values.length - 1);
    var below = (int) place;
    var above = Math.min(below + 1, values.length - 1);
    return values[below] + (place - below) * (values[above] - values[below]);
  }
}
