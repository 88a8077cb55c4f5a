package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a connection ends, at this end and at the other. */
public abstract class ConnectionEndContract extends ConnectionContract {

  private static final Duration LONG = Duration.ofMinutes(10);

  /** For subclasses. */
  protected ConnectionEndContract() {}

  @Test
  void whatWasSentBeforeTheOtherEndWasClosedArrivesAndThenTheEnd() throws Exception {
    for (var i = 0; i < 100; i++) {
      left.send(i);
    }
    left.close();
    for (var i = 0; i < 100; i++) {
      assertThat(right.receive()).isEqualTo(i);
    }
    for (var i = 0; i < 3; i++) {
      assertThat(right.poll()).isTrue();
      assertThat(right.poll(LONG)).isTrue();
      assertThat(right.isReady()).isTrue();
      assertThatThrownBy(right::receive).isInstanceOf(EOFException.class);
      assertThatThrownBy(right::receiveBytes).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> right.receiveBytesInto(new byte[9]))
          .isInstanceOf(EOFException.class);
    }
    assertThat(right.isClosed()).isFalse();
  }

  @Test
  void sendingToAnEndThatWasClosedFails() throws Exception {
    left.close();
    assertThatThrownBy(
            () -> {
              while (true) {
                right.send("to nobody");
              }
            })
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(ClosedChannelException.class);
  }

  @Test
  void whoWaitsLearnsThatTheOtherEndWasClosed() throws Exception {
    for (var kind : Blocked.kinds()) {
      try (var ends = connect()) {
        var receiving = Blocked.start(kind, ends.right()::receive).awaitWaiting();
        var another = Blocked.start(kind, ends.right()::receiveBytes).awaitWaiting();
        var awaiting = Blocked.start(kind, () -> Connection.awaitAny(ends.right())).awaitWaiting();
        ends.left().close();
        assertThatThrownBy(receiving::get).hasCauseInstanceOf(EOFException.class);
        assertThatThrownBy(another::get).hasCauseInstanceOf(EOFException.class);
        assertThat(awaiting.get()).containsExactly(ends.right());
      }
    }
  }

  @Test
  void whoSendsLearnsThatTheOtherEndWasClosed() throws Exception {
    for (var kind : Blocked.kinds()) {
      try (var ends = connect()) {
        var sending = Blocked.start(kind, () -> sendForEver(ends.left())).awaitWaiting();
        ends.right().close();
        assertThatThrownBy(sending::get)
            .hasCauseInstanceOf(IOException.class)
            .satisfies(e -> assertThat(e.getCause()).isNotInstanceOf(ClosedChannelException.class));
      }
    }
  }

  private static Void sendForEver(Connection connection) throws Exception {
    var bytes = pattern(0, 100_000);
    while (true) {
      connection.sendBytes(bytes);
    }
  }

  /** Something that a connection does. */
  private interface Use {
    void run() throws Exception;
  }

  @Test
  void aClosedEndDoesNothingMore() throws Exception {
    left.send("not received");
    assertThat(right.isClosed()).isFalse();
    right.close();
    right.close();
    assertThat(right.isClosed()).isTrue();
    assertThat(right.isReady()).isTrue();
    var uses =
        List.<Use>of(
            right::receive,
            right::receiveBytes,
            () -> right.receiveBytesInto(new byte[1]),
            right::poll,
            () -> right.poll(LONG),
            () -> right.send(1),
            () -> right.sendBytes(new byte[1]));
    for (var use : uses) {
      assertThatThrownBy(use::run)
          .isInstanceOf(ClosedChannelException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void closingWakesAllWhoWait() throws Exception {
    for (var kind : Blocked.kinds()) {
      try (var ends = connect()) {
        var waiting = new ArrayList<Blocked<?>>();
        waiting.add(Blocked.start(kind, ends.right()::receive));
        waiting.add(Blocked.start(kind, ends.right()::receiveBytes));
        waiting.add(Blocked.start(kind, () -> ends.right().poll(LONG)));
        waiting.add(Blocked.start(kind, () -> sendForEver(ends.right())));
        waiting.add(Blocked.start(kind, () -> sendForEver(ends.right())));
        var awaiting = Blocked.start(kind, () -> Connection.awaitAny(ends.right()));
        for (var blocked : waiting) {
          blocked.awaitWaiting();
        }
        awaiting.awaitWaiting();
        ends.right().close();
        for (var blocked : waiting) {
          assertThatThrownBy(blocked::get).hasCauseInstanceOf(ClosedChannelException.class);
        }
        assertThat(awaiting.get()).containsExactly(ends.right());
      }
    }
  }

  @Test
  void aMessageWhoseSenderClosesIsNeverSeenInPart() throws Exception {
    for (var round = 0; round < 20; round++) {
      try (var ends = connect()) {
        var sending = Blocked.start(() -> sendForEver(ends.left()));
        for (var i = 0; i < round; i++) {
          assertThat(ends.right().receiveBytes()).isEqualTo(pattern(0, 100_000));
        }
        ends.left().close();
        assertThatThrownBy(sending::get).hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(
                () -> {
                  while (true) {
                    assertThat(ends.right().receiveBytes()).isEqualTo(pattern(0, 100_000));
                  }
                })
            .isInstanceOf(EOFException.class);
      }
    }
  }
}
