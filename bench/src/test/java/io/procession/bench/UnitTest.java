package io.procession.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UnitTest {

  @Test
  void secondsAreShownInTheUnitThatFits() {
    assertThat(Unit.SECONDS.show(12.345)).isEqualTo("12.3 s");
    assertThat(Unit.SECONDS.show(0.0439)).isEqualTo("43.9 ms");
    assertThat(Unit.SECONDS.show(43.94e-6)).isEqualTo("43.9 µs");
    assertThat(Unit.SECONDS.show(2e-9)).isEqualTo("2.00 ns");
    assertThat(Unit.SECONDS.show(0.9999)).isEqualTo("1.00 s");
  }

  @Test
  void ratesAndBytesHavePrefixes() {
    assertThat(Unit.PER_SECOND.show(566_000)).isEqualTo("566 k/s");
    assertThat(Unit.PER_SECOND.show(3)).isEqualTo("3.00/s");
    assertThat(Unit.BYTES_PER_SECOND.show(5455.0 * (1 << 20))).isEqualTo("5.33 GiB/s");
    assertThat(Unit.BYTES.show(100)).isEqualTo("100 B");
    assertThat(Unit.PERCENT.show(0.17)).isEqualTo("0.17 %");
  }

  @Test
  void axesSayWhatTheyCount() {
    assertThat(Axis.BYTES.show(256 << 20)).isEqualTo("256 MiB");
    assertThat(Axis.BYTES.show(1000)).isEqualTo("1000 B");
    assertThat(Axis.WORKERS.show(1)).isEqualTo("1 worker");
    assertThat(Axis.PROCESSES.show(2)).isEqualTo("2 processes");
    assertThat(Axis.ITEMS.show(1_000_000)).isEqualTo("1,000,000 items");
    assertThat(Axis.NONE.show(0)).isEmpty();
  }
}
