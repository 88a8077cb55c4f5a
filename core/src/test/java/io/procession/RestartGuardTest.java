package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.spi.Engine;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestartGuardTest {

  private static Engine.Exit exit(@Nullable String signal) {
    return new Engine.Exit(7, 1, signal, false, null, List.of("its last words"), null);
  }

  @Test
  void withoutAPeriodItCountsUntilACallEnds() {
    var guard = new RestartGuard("p", 0, Duration.ZERO);
    assertThat(guard.died(exit(null))).isNull();
    assertThat(guard.died(exit(null))).isNull();
    guard.reset();
    assertThat(guard.died(exit(null))).isNull();
    assertThat(guard.died(exit(null))).isNull();
    assertThat(guard.died(exit(null))).isNotNull().hasMessageContaining("its last words");

    var kills = new RestartGuard("p", 0, Duration.ZERO);
    for (var n = 1; n < 20; n++) {
      assertThat(kills.died(exit("SIGKILL"))).isNull();
    }
    assertThat(kills.died(exit("SIGKILL"))).isNotNull();
  }

  @Test
  void withAPeriodItCountsThoseWithin() {
    var guard = new RestartGuard("p", 2, Duration.ofNanos(100));
    var start = Long.MAX_VALUE - 150; // the clock may overflow
    assertThat(guard.died(exit(null), start)).isNull();
    assertThat(guard.died(exit("SIGKILL"), start + 50)).isNull();
    // The first one is forgotten.
    assertThat(guard.died(exit(null), start + 100)).isNull();
    guard.reset();
    assertThat(guard.died(exit(null), start + 149)).isNotNull();
    // All are forgotten.
    assertThat(guard.died(exit(null), start + 500)).isNull();
    assertThat(guard.died(exit(null), start + 501)).isNull();
    assertThat(guard.died(exit(null), start + 502)).isNotNull();
  }

  @Test
  void noDeathAtAllMayBeBorne() {
    assertThat(new RestartGuard("p", 0, Duration.ofDays(1)).died(exit(null))).isNotNull();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> Pool.builder().restartIntensity(-1, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Pool.builder().restartIntensity(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("period=PT0S");
  }
}
