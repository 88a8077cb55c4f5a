package io.procession.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.Connection;
import io.procession.shared.SharedPipe;
import io.procession.testkit.NoLeaks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** After CPython's TestWait. */
@NoLeaks
class AwaitAnyTest {

  @Test
  void aNegativeTimeIsNoTime() throws Exception {
    try (var pipe = SharedPipe.create()) {
      var ends = List.of(pipe.first(), pipe.second());
      for (var time : List.of(Duration.ZERO, Duration.ofDays(-1), Duration.ofSeconds(-1))) {
        assertThat(Connection.awaitAny(time, ends)).isEmpty();
      }
      pipe.first().send(1);
      assertThat(Connection.awaitAny(Duration.ofDays(-1), ends)).containsExactly(pipe.second());
    }
  }
}
