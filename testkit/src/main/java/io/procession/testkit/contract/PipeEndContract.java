package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Connection;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedPipe;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a {@link SharedPipe} ends whose other end someone else has, who closes it or is killed. */
public abstract class PipeEndContract extends SharedContract {

  private static final byte[] BYTES = ConnectionContract.pattern(1, 100_000);

  /** For subclasses. */
  protected PipeEndContract() {}

  @Test
  void whatWasSentBeforeTheEndArrivesAndThenTheEnd() throws Exception {
    for (var closes : new boolean[] {true, false}) {
      try (var party = party();
          var sent = SharedLatch.create(1);
          var never = SharedLatch.create(1);
          var pipe = SharedPipe.create()) {
        var theirs = pipe.second();
        var mine = pipe.first();
        var _ =
            party.begin(() -> {
              for (var i = 0; i < 100; i++) {
                theirs.send(i);
              }
              theirs.sendBytes(BYTES);
              if (closes) {
                theirs.close();
              }
              sent.countDown();
              return closes || never.await(LONG);
            });
        sent.await();
        if (!closes) {
          party.kill();
        }
        for (var i = 0; i < 100; i++) {
          assertThat(mine.receive()).isEqualTo(i);
        }
        assertThat(mine.receiveBytes()).isEqualTo(BYTES);
        for (var i = 0; i < 3; i++) {
          assertThatThrownBy(mine::receive).isInstanceOf(EOFException.class);
          assertThatThrownBy(mine::receiveBytes).isInstanceOf(EOFException.class);
          assertThat(mine.poll()).isTrue();
          assertThat(mine.poll(LONG)).isTrue();
        }
        assertThatThrownBy(() -> mine.send(1)).isInstanceOf(IOException.class);
        assertThat(mine.isClosed()).isFalse();
      }
    }
  }

  private static Void sendForEver(Connection end) throws IOException, InterruptedException {
    while (true) {
      end.sendBytes(BYTES);
    }
  }

  @Test
  void allWhoWaitLearnOfTheEnd() throws Exception {
    for (var closes : new boolean[] {true, false}) {
      try (var party = party();
          var begun = SharedLatch.create(1);
          var go = SharedLatch.create(1);
          var pipe = SharedPipe.create()) {
        var theirs = pipe.second();
        var mine = pipe.first();
        var _ =
            party.begin(() -> {
              begun.countDown();
              go.await();
              theirs.close();
              return true;
            });
        begun.await();
        var receiving = start(() -> mine.receive()).asleep();
        var virtual = startVirtual(() -> mine.receiveBytes()).asleep();
        var polling = start(() -> mine.poll(LONG)).asleep();
        var any = startVirtual(() -> Connection.awaitAny(mine).size()).asleep();
        var sending = start(() -> sendForEver(mine)).asleep();
        if (closes) {
          go.countDown();
        } else {
          party.kill();
        }
        assertThatThrownBy(receiving::get).hasCauseInstanceOf(EOFException.class);
        assertThatThrownBy(virtual::get).hasCauseInstanceOf(EOFException.class);
        assertThat(polling.get()).isTrue();
        assertThat(any.get()).isEqualTo(1);
        assertThatThrownBy(sending::get).hasCauseInstanceOf(IOException.class);
      }
    }
  }

  private static int receiveToTheEnd(Connection end) throws IOException, InterruptedException {
    for (var count = 0; ; count++) {
      try {
        var _ = end.receive();
      } catch (EOFException _) {
        return count;
      }
    }
  }

  @Test
  void closingHereIsTheEndThere() throws Exception {
    try (var party = party();
        var pipe = SharedPipe.create()) {
      var theirs = pipe.second();
      var there = party.begin(() -> receiveToTheEnd(theirs));
      for (var i = 0; i < 3; i++) {
        pipe.first().send(i);
      }
      pipe.first().close();
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(3);
    }
  }
}
