package io.procession.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class SamplesTest {

  @Test
  void medianIsTheMiddleOrBetweenTheTwoMiddles() {
    assertThat(Samples.of(3, 1, 2).median()).isEqualTo(2);
    assertThat(Samples.of(4, 1, 3, 2).median()).isEqualTo(2.5);
    assertThat(Samples.of(7).median()).isEqualTo(7);
  }

  @Test
  void quartilesEncloseTheMiddleHalf() {
    var samples = Samples.of(5, 1, 4, 2, 3);
    assertThat(samples.low()).isEqualTo(2);
    assertThat(samples.high()).isEqualTo(4);
    assertThat(samples.spread()).isEqualTo(1.0 / 3);
  }

  @Test
  void quantilesLieBetweenTwoValuesIfNeedBe() {
    var samples = Samples.of(0, 10);
    assertThat(samples.quantile(0.99)).isCloseTo(9.9, within(1e-9));
    assertThat(samples.quantile(0)).isZero();
    assertThat(samples.quantile(1)).isEqualTo(10);
  }

  @Test
  void noFiguresHaveNoMedian() {
    assertThat(Samples.of().median()).isNaN();
    assertThat(Samples.of().isEmpty()).isTrue();
  }

  @Test
  void nothingAtAllHasNoSpread() {
    assertThat(Samples.of(0, 0, 0).spread()).isZero();
  }

  @Test
  void ratiosAreTakenRoundByRoundSoThatABusyMachineFallsOut() {
    var ours = Samples.of(1, 10, 2);
    var theirs = Samples.of(2, 20, 4);
    assertThat(ours.betterThan(theirs, true).factors()).isEqualTo(Samples.of(2, 2, 2));
    assertThat(ours.betterThan(theirs, false).factors()).isEqualTo(Samples.of(0.5, 0.5, 0.5));
  }

  @Test
  void roundsThatOnlyOneHasDoNotCount() {
    var ratio = Samples.of(1, 1, 1).betterThan(Samples.of(2), true);
    assertThat(ratio.factors()).isEqualTo(Samples.of(2));
  }
}
