package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  @Test
  void coversWhatIsListedOrAccepted() {
    var policy =
        RetryPolicy.times(1)
            .on(IOException.class, ArithmeticException.class)
            .when(failure -> "yes".equals(failure.getMessage()))
            .when(failure -> "also".equals(failure.getMessage()));
    assertThat(policy.covers(new FileNotFoundException())).isTrue();
    assertThat(policy.covers(new ArithmeticException())).isTrue();
    assertThat(policy.covers(new IllegalStateException("yes"))).isTrue();
    assertThat(policy.covers(new IllegalStateException("also"))).isTrue();
    assertThat(policy.covers(new IllegalStateException("no"))).isFalse();
    assertThat(policy.judges()).isTrue();
    assertThat(RetryPolicy.times(1).judges()).isFalse();
    assertThat(RetryPolicy.times(0).on(IOException.class).judges()).isFalse();
  }

  @Test
  void allowsSoManyAttempts() {
    assertThat(RetryPolicy.NEVER.allows(1)).isFalse();
    assertThat(RetryPolicy.times(2).allows(2)).isTrue();
    assertThat(RetryPolicy.times(2).allows(3)).isFalse();
  }

  @Test
  void delaysDoubleUpToTheLongestAndAreShortenedByHalfAtTheMost() {
    assertThat(RetryPolicy.times(3).delayNanos(1)).isZero();
    var policy = RetryPolicy.times(100).backOff(Duration.ofNanos(1000), Duration.ofNanos(5000));
    long[] longest = {1000, 2000, 4000, 5000, 5000};
    for (var attempt = 1; attempt <= longest.length; attempt++) {
      for (var sample = 0; sample < 1000; sample++) {
        assertThat(policy.delayNanos(attempt))
            .isBetween(longest[attempt - 1] / 2, longest[attempt - 1]);
      }
    }
    var huge =
        RetryPolicy.times(Integer.MAX_VALUE)
            .backOff(Duration.ofSeconds(1), Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(huge.delayNanos(200)).isGreaterThan(TimeUnit.DAYS.toNanos(365));
    assertThat(huge.delayNanos(Integer.MAX_VALUE) + System.nanoTime()).isPositive();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> RetryPolicy.times(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("retries=-1");
    assertThatThrownBy(
            () -> RetryPolicy.times(1).backOff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("first=PT2S");
    assertThatThrownBy(
            () -> RetryPolicy.times(1).backOff(Duration.ofSeconds(-2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
