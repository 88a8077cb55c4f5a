package io.procession.bench;

import java.math.BigDecimal;
import java.math.MathContext;

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

  /** The factor as a person reads it; {@code ~} where it is unclear; nothing without figures. */
  public String show() {
    var median = median();
    if (!(median > 0) || Double.isInfinite(median)) {
      return "";
    }
    var text = new BigDecimal(median).round(new MathContext(median < 10 ? 2 : 3));
    var factor = text.toPlainString() + " ×";
    return unclear() ? factor + " ~" : "**" + factor + "**";
  }
}
