package io.procession.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusTextTest {

  private static StatusText of(int workers, int nameLength) {
    var name = "n".repeat(nameLength);
    return new StatusText(
        name,
        1,
        2,
        3,
        "RUNNING",
        4,
        5,
        6,
        7,
        8,
        IntStream.range(0, workers)
            .mapToObj(n -> new StatusText.Worker(name + n, n, "IDLE", 1, 2, 3, 4, 5))
            .toList(),
        0);
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    var text = of(1000, 20);
    assertThat(StatusText.decode(text.encode())).isEqualTo(text);
  }

  @Test
  void countsTheWorkersThatItDoesNotList() throws IOException {
    var text = StatusText.decode(of(1234, 20).encode());
    assertThat(text.workers()).hasSize(1000);
    assertThat(text.workersLeftOut()).isEqualTo(234);
    assertThat(StatusText.decode(text.encode())).isEqualTo(text);
  }

  @Test
  void listsAsManyWorkersAsThereIsRoomFor() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var layout = new StatusLayout(arena.allocate(StatusLayout.BYTES, Long.BYTES));
      layout.format();
      for (var nameLength : new int[] {30, 200, 5000, 60_000}) {
        // One into each half: neither may reach into the other, or behind the end.
        for (var round = 0; round < 2; round++) {
          var text = of(1000, nameLength);
          var encoded = text.encode();
          assertThat(encoded.length).isLessThanOrEqualTo(StatusLayout.MOST_BYTES);
          layout.write(encoded);
          var read = Objects.requireNonNull(layout.read());
          assertThat(read).isEqualTo(encoded);
          var decoded = StatusText.decode(read);
          var workers = decoded.workers();
          assertThat(workers).isNotEmpty().isEqualTo(text.workers().subList(0, workers.size()));
          assertThat(workers.size() + decoded.workersLeftOut()).isEqualTo(1000);
        }
      }
    }
  }
}
