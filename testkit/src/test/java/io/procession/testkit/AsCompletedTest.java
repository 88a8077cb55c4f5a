package io.procession.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import java.util.List;
import org.junit.jupiter.api.Test;

/** After CPython's AsCompletedTests. */
@NoLeaks
class AsCompletedTest {

  @Test
  void aTaskThatIsGivenTwiceComesTwice() {
    try (var pool = Pool.ofProcesses(1)) {
      var seven = pool.submit(() -> 7);
      var eight = pool.submit(() -> 8);
      assertThat(pool.asCompleted(List.of(seven, eight, seven)))
          .containsExactlyInAnyOrder(seven, eight, seven);
    }
  }

  @Test
  void noTasksGiveNone() {
    try (var pool = Pool.ofProcesses(1)) {
      assertThat(pool.asCompleted(List.of())).isEmpty();
    }
  }
}
