package io.procession.bench;

import java.util.Locale;

/** By what factor one is better than another, round by round. */
public record Ratio(Samples factors) {

  /** With fewer rounds nothing is certain. */
  private static final int FEWEST_ROUNDS = 3;

  /** The middle of the rounds. */
  public double median() {
    return factors.median();
  }

  /** Whether the spread hides the difference: the quartiles lie on both sides of 1. */
  public boolean unclear() {
    return factors.values().size() < FEWEST_ROUNDS || (factors.low() <= 1 && factors.high() >= 1);
  }

  /** The factor as a person reads it; {@code ~} where it is unclear. */
  public String show() {
    var median = median();
    if (Double.isNaN(median) || Double.isInfinite(median)) {
      return "";
    }
    var decimals = median < 0.0995 ? 3 : median < 9.95 ? 2 : median < 99.5 ? 1 : 0;
    var text = String.format(Locale.ROOT, "%." + decimals + "f ×", median);
    return unclear() ? text + " ~" : "**" + text + "**";
  }
}
