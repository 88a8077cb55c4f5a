package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.NotTransferableException;
import io.procession.shared.Connection;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedPipe;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a {@link SharedPipe} promises whose other end someone else has. */
public abstract class PipeContract extends SharedContract {

  private static final int MANY = 2000;
  private static final String STOP = "stop";

  /** More than lies between two ends. */
  private static final int LARGE_BYTES = (int) (3 * SharedPipe.ROOM_BYTES);

  /** For subclasses. */
  protected PipeContract() {}

  record Point(int x, double y) {}

  private static int echo(Connection end) throws IOException, InterruptedException {
    var count = 0;
    while (true) {
      var message = end.receive();
      if (STOP.equals(message)) {
        return count;
      }
      end.send(message);
      count++;
    }
  }

  private static int echoBytes(Connection end) throws IOException, InterruptedException {
    for (var count = 0; ; count++) {
      var bytes = end.receiveBytes();
      end.sendBytes(bytes);
      if (bytes.length == 0) {
        return count;
      }
    }
  }

  private static byte[] pattern(int length) {
    return ConnectionContract.pattern(length, length);
  }

  @Test
  void objectsGoThereAndBack() throws Exception {
    try (var party = party();
        var pipe = SharedPipe.create()) {
      var theirs = pipe.second();
      var there = party.begin(() -> echo(theirs));
      var messages =
          Arrays.asList(
              1, "two", null, List.of(3, "four"), Map.of("five", new Point(6, 7)), Long.MIN_VALUE);
      for (var message : messages) {
        pipe.first().send(message);
      }
      for (var message : messages) {
        assertThat(pipe.first().receive()).isEqualTo(message);
      }
      for (var i = 0; i < MANY; i++) {
        pipe.first().send(i);
        assertThat(pipe.first().receive(Integer.class)).isEqualTo(i);
      }
      var numbers = new int[LARGE_BYTES / Integer.BYTES];
      Arrays.setAll(numbers, i -> i);
      pipe.first().send(numbers);
      assertThat(pipe.first().receive(int[].class)).isEqualTo(numbers);
      pipe.first().send(STOP);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo(messages.size() + MANY + 1);
    }
  }

  @Test
  void bytesOfAllSizesGoThereAndBack() throws Exception {
    try (var party = party();
        var pipe = SharedPipe.create()) {
      var theirs = pipe.second();
      var mine = pipe.first();
      var there = party.begin(() -> echoBytes(theirs));
      var sizes = List.of(1, 7, 8, 1000, 32_767, 32_768, 65_537, 1 << 20, LARGE_BYTES, 0);
      for (var size : sizes) {
        mine.sendBytes(pattern(size));
        var target = new byte[size];
        if (size % 2 == 0) {
          assertThat(mine.receiveBytes()).isEqualTo(pattern(size));
        } else {
          assertThatThrownBy(() -> mine.receiveBytesInto(new byte[size - 1]))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(mine.receiveBytesInto(target)).isEqualTo(size);
          assertThat(target).isEqualTo(pattern(size));
        }
      }
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(sizes.size() - 1);
    }
  }

  /** Sends all while it receives as many. */
  private static long sendAndReceive(Connection end, int count) throws Exception {
    var sending =
        start(() -> {
          for (var i = 0; i < count; i++) {
            end.send(i);
          }
          return count;
        });
    for (var i = 0; i < count; i++) {
      if (end.receive(Integer.class) != i) {
        throw new AssertionError("a message is not the next; expected=" + i);
      }
    }
    return sending.get();
  }

  @Test
  void bothSendAtOnce() throws Exception {
    try (var party = party();
        var pipe = SharedPipe.create()) {
      var theirs = pipe.second();
      var there = party.begin(() -> sendAndReceive(theirs, MANY));
      assertThat(sendAndReceive(pipe.first(), MANY)).isEqualTo(MANY);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(MANY);
    }
  }

  @Test
  void oneWayIsOneWayThereToo() throws Exception {
    try (var party = party();
        var pipe = SharedPipe.createOneWay()) {
      var mine = pipe.first();
      var theirs = pipe.second();
      assertThatThrownBy(() -> party.call(() -> theirs.receive()))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> party.call(() -> theirs.poll()))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> mine.send(1)).isInstanceOf(UnsupportedOperationException.class);
      var there =
          party.begin(() -> {
            var canReceive = theirs.canReceive();
            for (var i = 0; i < MANY; i++) {
              theirs.send(i);
            }
            theirs.sendBytes(pattern(LARGE_BYTES));
            theirs.close();
            return theirs.isClosed() && !canReceive;
          });
      for (var i = 0; i < MANY; i++) {
        assertThat(mine.receive()).isEqualTo(i);
      }
      assertThat(mine.receiveBytes()).isEqualTo(pattern(LARGE_BYTES));
      assertThatThrownBy(mine::receive).isInstanceOf(EOFException.class);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void pollWaitsForWhatComesFromThere() throws Exception {
    try (var party = party();
        var go = SharedLatch.create(1);
        var pipe = SharedPipe.create()) {
      var theirs = pipe.second();
      var mine = pipe.first();
      assertThat(mine.poll()).isFalse();
      assertThat(mine.poll(Duration.ZERO)).isFalse();
      assertThat(mine.poll(SHORT)).isFalse();
      var here = start(() -> mine.poll(LONG)).asleep();
      var virtual = startVirtual(() -> mine.poll(LONG)).asleep();
      var any = start(() -> Connection.awaitAny(mine).size()).asleep();
      var there =
          party.begin(() -> {
            go.await();
            theirs.send("now");
            return echo(theirs);
          });
      assertThat(mine.poll(SHORT)).isFalse();
      go.countDown();
      assertThat(here.get() && virtual.get()).isTrue();
      assertThat(any.get()).isEqualTo(1);
      assertThat(mine.poll()).isTrue();
      assertThat(mine.receive()).isEqualTo("now");
      assertThat(mine.poll()).isFalse();
      mine.send(STOP);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void whatCannotTravelIsRefusedAndThePipeGoesOn() throws Exception {
    try (var party = party();
        var pipe = SharedPipe.create()) {
      var theirs = pipe.second();
      var there = party.begin(() -> echo(theirs));
      assertThatThrownBy(() -> pipe.first().send(List.of(1, Thread.currentThread())))
          .isInstanceOf(NotTransferableException.class);
      pipe.first().send("next");
      assertThat(pipe.first().receive()).isEqualTo("next");
      pipe.first().send(STOP);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void anInterruptTakesNothing() throws Exception {
    try (var party = party();
        var pipe = SharedPipe.create()) {
      var theirs = pipe.second();
      var waiter = start(() -> pipe.first().receive());
      waiter.asleep().thread.interrupt();
      assertThatThrownBy(waiter::get).hasCauseInstanceOf(InterruptedException.class);
      var there =
          party.begin(() -> {
            theirs.send("whole");
            return echo(theirs);
          });
      assertThat(pipe.first().receive()).isEqualTo("whole");
      pipe.first().send(STOP);
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void bothEndsAreAbroad() throws Exception {
    try (var party = party();
        var another = party();
        var pipe = SharedPipe.create()) {
      var left = pipe.first();
      var right = pipe.second();
      var there = party.begin(() -> sendAndReceive(left, MANY));
      var elsewhere = another.begin(() -> sendAndReceive(right, MANY));
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(MANY);
      assertThat(elsewhere.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(MANY);
    }
  }
}
