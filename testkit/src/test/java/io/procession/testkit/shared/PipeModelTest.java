package io.procession.testkit.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.Connection;
import io.procession.shared.SharedPipe;
import io.procession.testkit.NoLeaks;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What goes into a pipe through one mapping comes out of it through the other as of two queues. */
@NoLeaks
class PipeModelTest {

  private static final int RUNS = 40;
  private static final int CALLS = 300;

  /** So that nobody ever waits for room. */
  private static final int MOST_ON_THE_WAY = 12;

  /** Travels in a block of its own. */
  private static final int HUGE = 50_000;

  private static final int LARGE = 30_000;
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  /** An end, with the twins of its two directions. */
  private record End(
      Connection connection, LinkedBlockingQueue<Object> out, LinkedBlockingQueue<Object> in) {}

  @Test
  void aPipeDoesWhatTwoQueuesDo() throws Exception {
    for (var run = 0; run < RUNS; run++) {
      var random = new Random(SEED + run);
      try (var elsewhere = new Elsewhere();
          var pipe = SharedPipe.create()) {
        var there = elsewhere.handle(pipe.second());
        var forth = new LinkedBlockingQueue<>();
        var back = new LinkedBlockingQueue<>();
        var ends = List.of(new End(pipe.first(), forth, back), new End(there, back, forth));
        for (var call = 0; call < CALLS; call++) {
          call(
              ends.get(random.nextInt(2)),
              random,
              "run %d, call %d, seed %d".formatted(run, call, SEED));
        }
        end(ends.getLast(), ends.getFirst(), "run %d, seed %d".formatted(run, SEED));
      }
    }
  }

  private static void call(End end, Random random, String at) throws Exception {
    var connection = end.connection;
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        if (end.out.size() < MOST_ON_THE_WAY) {
          var message = List.of(random.nextInt(), "x".repeat(length(random)));
          connection.send(message);
          end.out.add(message);
        }
      }
      case 3 -> {
        if (end.out.size() < MOST_ON_THE_WAY) {
          var bytes = new byte[length(random)];
          Arrays.fill(bytes, (byte) random.nextInt());
          connection.sendBytes(bytes);
          end.out.add(bytes);
        }
      }
      case 4, 5, 6 -> {
        if (!end.in.isEmpty()) {
          receive(connection, end.in.take(), random, at);
        }
      }
      case 7 -> {
        if (end.in.peek() instanceof byte[] bytes && bytes.length > 0) {
          var room = MemorySegment.ofArray(new byte[bytes.length - 1]);
          assertThat(Waiters.outcome(() -> connection.receiveBytesInto(room)))
              .as(at)
              .isEqualTo("IllegalArgumentException");
        }
      }
      case 8 ->
          assertThat(connection.poll(Duration.ofNanos(1))).as(at).isEqualTo(!end.in.isEmpty());
      default -> {
        assertThat(connection.poll()).as(at).isEqualTo(end.in.peek() != null);
        assertThat(connection.isReady()).as(at).isEqualTo(end.in.peek() != null);
      }
    }
  }

  private static int length(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> HUGE;
      case 1, 2 -> LARGE;
      default -> random.nextInt(3);
    };
  }

  private static void receive(Connection connection, Object expected, Random random, String at)
      throws Exception {
    if (!(expected instanceof byte[] bytes)) {
      assertThat(connection.receive()).as(at).isEqualTo(expected);
    } else if (random.nextBoolean()) {
      assertThat(connection.receiveBytes()).as(at).isEqualTo(bytes);
    } else {
      var room = new byte[bytes.length + random.nextInt(3)];
      var count = connection.receiveBytesInto(MemorySegment.ofArray(room));
      assertThat(Arrays.copyOf(room, (int) count)).as(at).isEqualTo(bytes);
    }
  }

  /** One closes its end: the other receives what is left, and then the end. */
  private static void end(End closing, End other, String at) throws Exception {
    closing.connection.close();
    var left = new ArrayList<>();
    for (var next = other.in.poll(0, TimeUnit.SECONDS); next != null; next = other.in.poll()) {
      left.add(next);
    }
    var random = new Random(0);
    for (var expected : left) {
      receive(other.connection, expected, random, at);
    }
    assertThat(other.connection.poll()).as(at).isTrue();
    assertThat(Waiters.outcome(other.connection::receive)).as(at).isEqualTo("EOFException");
    assertThat(
            Waiters.outcome(() -> {
              other.connection.send("to nobody");
              return "sent";
            }))
        .as(at)
        .isEqualTo("IOException");
  }
}
