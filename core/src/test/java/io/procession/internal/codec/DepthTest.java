package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.NotTransferableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Graphs that are deeper than the caller's stack. */
class DepthTest {

  private static final int NODES = 100_000;

  @Test
  void linkedNodesOfTheJdkLane() {
    var first = new Samples.Node("0", null);
    var last = first;
    for (var i = 1; i < NODES; i++) {
      last.next = new Samples.Node("" + i, null);
      last = Objects.requireNonNull(last.next);
    }
    var count = 0;
    for (Samples.Node at = Messages.copy(first); at != null; at = at.next) {
      assertThat(at.name).isEqualTo("" + count++);
    }
    assertThat(count).isEqualTo(NODES);
  }

  @Test
  void linkedRecordsOfTheFastLane() {
    Samples.Link link = null;
    for (var i = 0; i < NODES; i++) {
      link = new Samples.Link(i, link);
    }
    var count = NODES;
    for (Samples.Link at = Messages.copy(link); at != null; at = at.next()) {
      assertThat(at.value()).isEqualTo(--count);
    }
    assertThat(count).isZero();
  }

  @Test
  void keepsAnInterruptAndLeavesNoThread() {
    List<Object> nested = new ArrayList<>();
    for (var i = 0; i < NODES; i++) {
      nested = new ArrayList<>(List.of(nested));
    }
    Thread.currentThread().interrupt();
    var copy = Messages.<List<Object>>copy(nested);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(copy).hasSize(1);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().endsWith("-deep"));
  }

  @Test
  void namesWhatIsTooDeepForAnyStack() {
    var nested = new Object[1];
    for (var i = 0; i < 5_000_000; i++) {
      nested = new Object[] {nested};
    }
    var tooDeep = nested;
    assertThatThrownBy(() -> Messages.write(tooDeep))
        .isInstanceOf(NotTransferableException.class)
        .hasMessageContaining("nested too deep");
  }
}
