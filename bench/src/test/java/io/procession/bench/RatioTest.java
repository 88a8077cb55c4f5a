package io.procession.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RatioTest {

  private static Ratio ratio(double... factors) {
    return new Ratio(Samples.of(factors));
  }

  @Test
  void aSpreadOnBothSidesOfOneHidesTheDifference() {
    assertThat(ratio(0.8, 0.9, 1.2, 1.3).unclear()).isTrue();
    assertThat(ratio(1.1, 1.2, 1.3).unclear()).isFalse();
    assertThat(ratio(0.5, 0.6, 0.7).unclear()).isFalse();
  }

  @Test
  void aSingleRoundThatDiffersHidesNothing() {
    assertThat(ratio(0.1, 2, 2, 2, 2, 2, 2).unclear()).isFalse();
  }

  @Test
  void fewRoundsProveNothing() {
    assertThat(ratio(5, 5).unclear()).isTrue();
  }

  @Test
  void isShownWithTheDigitsThatCount() {
    assertThat(ratio(2.345, 2.345, 2.345).show()).isEqualTo("**2.3 ×**");
    assertThat(ratio(0.00123, 0.00123, 0.00123).show()).isEqualTo("**0.0012 ×**");
    assertThat(ratio(1234.5, 1234.5, 1234.5).show()).isEqualTo("**1230 ×**");
    assertThat(ratio(0.5, 1, 2).show()).isEqualTo("1 × ~");
  }

  @Test
  void isNotShownWithoutFigures() {
    assertThat(ratio().show()).isEmpty();
    assertThat(ratio(Double.POSITIVE_INFINITY).show()).isEmpty();
    assertThat(ratio(0, 0, 0).show()).isEmpty();
  }
}
