package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.Connection;
import io.procession.spi.Waitable;
import io.procession.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long the calls of a connection wait, and what ends the waiting. */
public abstract class ConnectionWaitContract extends ConnectionContract {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final int ROUNDS = 2000;
  private static final int INTERRUPTS = 100;

  /** For subclasses. */
  protected ConnectionWaitContract() {}

  @Test
  void pollTellsWhetherThereIsAMessage() throws Exception {
    assertThat(right.poll()).isFalse();
    assertThat(right.isReady()).isFalse();
    for (var none :
        List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
      assertThat(right.poll(none)).isFalse();
    }
    var before = System.nanoTime();
    assertThat(right.poll(SHORT)).isFalse();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());

    left.send(1);
    left.send(2);
    assertThat(right.poll(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    assertThat(right.poll()).isTrue();
    assertThat(right.poll(Duration.ZERO)).isTrue();
    assertThat(right.isReady()).isTrue();
    assertThat(right.receive()).isEqualTo(1);
    assertThat(right.poll(LONG)).isTrue();
    assertThat(right.receive()).isEqualTo(2);
    assertThat(right.poll()).isFalse();
    assertThat(left.poll()).isFalse();
  }

  @Test
  void whoWaitsGoesOnWhenAMessageComes() throws Exception {
    for (var kind : Blocked.kinds()) {
      var polling = Blocked.start(kind, () -> right.poll(LONG)).awaitWaiting();
      left.send("a");
      assertThat(polling.get()).isTrue();
      assertThat(right.receive()).isEqualTo("a");
      var receiving = Blocked.start(kind, right::receive).awaitWaiting();
      left.send("b");
      assertThat(receiving.get()).isEqualTo("b");
      var into = Blocked.start(kind, () -> right.receiveBytesInto(new byte[3])).awaitWaiting();
      left.sendBytes(new byte[2]);
      assertThat(into.get()).isEqualTo(2);
    }
  }

  @Test
  void anInterruptEndsReceivingAndPollingAndTakesNothing() throws Exception {
    for (var kind : Blocked.kinds()) {
      for (var call :
          List.<Callable<?>>of(
              right::receive,
              right::receiveBytes,
              () -> right.receiveBytesInto(new byte[1]),
              () -> right.poll(LONG),
              () -> Connection.awaitAny(right),
              () -> Connection.awaitAny(LONG, List.of(right)))) {
        var first = Blocked.start(kind, call).awaitWaiting();
        var second = Blocked.start(kind, call).awaitWaiting();
        second.interrupt();
        assertThatThrownBy(second::get).hasCauseInstanceOf(InterruptedException.class);
        first.interrupt();
        assertThatThrownBy(first::get).hasCauseInstanceOf(InterruptedException.class);
      }
    }
    left.send("still there");
    for (var kind : Blocked.kinds()) {
      var late =
          Blocked.start(
              kind,
              () -> {
                Thread.currentThread().interrupt();
                return right.receive();
              });
      assertThatThrownBy(late::get).hasCauseInstanceOf(InterruptedException.class);
    }
    assertThat(right.receive()).isEqualTo("still there");
  }

  /** What returned normally has been sent, what was interrupted has not: whatever the size is. */
  @Test
  void anInterruptEndsSendingAndNoMessageIsHalfSent() throws Exception {
    for (var kind : Blocked.kinds()) {
      for (var bytes : List.of(100, 10_000, 300_000, 3_000_000)) {
        var sent = new AtomicInteger();
        var sending =
            Blocked.start(
                    kind,
                    () -> {
                      while (true) {
                        left.sendBytes(pattern(sent.get(), bytes));
                        sent.incrementAndGet();
                      }
                    })
                .awaitWaiting();
        sending.interrupt();
        assertThatThrownBy(sending::get).hasCauseInstanceOf(InterruptedException.class);
        for (var i = 0; i < sent.get(); i++) {
          assertThat(right.receiveBytes()).isEqualTo(pattern(i, bytes));
        }
        left.send("next");
        assertThat(right.receive()).isEqualTo("next");
      }
    }
  }

  @Test
  void interruptsAtAnyMomentLoseNothing() throws Exception {
    var received = new ArrayList<Integer>();
    var sent = new AtomicInteger();
    var sender =
        Blocked.start(() -> {
          while (sent.get() < 2_000) {
            try {
              left.send(List.of(sent.get(), pattern(sent.get(), 5_000)));
              sent.incrementAndGet();
            } catch (InterruptedException e) {
              // once more
            }
          }
          return null;
        });
    var receiver =
        Blocked.start(() -> {
          while (received.size() < 2_000) {
            try {
              var message = (List<?>) right.receive(List.class);
              var number = (Integer) message.getFirst();
              assertThat(message.get(1)).isEqualTo(pattern(number, 5_000));
              received.add(number);
            } catch (InterruptedException e) {
              // once more
            }
          }
          return null;
        });
    for (var i = 0; i < INTERRUPTS; i++) {
      sender.interrupt();
      receiver.interrupt();
      var _ = right.poll(Duration.ofNanos(i * 1000L));
    }
    sender.get();
    receiver.get();
    for (var i = 0; i < received.size(); i++) {
      assertThat(received.get(i)).isEqualTo(i);
    }
  }

  @Test
  void awaitAnyGivesThoseThatAreReadyInOrder() throws Exception {
    var future = new CompletableFuture<String>();
    var end = Waitable.of(future);
    try (var other = connect()) {
      List<Waitable> all = List.of(end, right, other.right(), left);
      assertThat(Connection.awaitAny(Duration.ZERO, all)).isEmpty();
      var before = System.nanoTime();
      assertThat(Connection.awaitAny(SHORT, all)).isEmpty();
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());

      for (var kind : Blocked.kinds()) {
        var waiting = Blocked.start(kind, () -> Connection.awaitAny(all)).awaitWaiting();
        other.left().send(1);
        assertThat(waiting.get()).containsExactly(other.right());
        assertThat(other.right().receive()).isEqualTo(1);
      }
      other.left().send(1);
      right.send(2);
      assertThat(left.poll(LONG)).isTrue();
      assertThat(other.right().poll(LONG)).isTrue();
      assertThat(Connection.awaitAny(all)).containsExactly(other.right(), left);
      assertThat(left.receive()).isEqualTo(2);
      assertThat(other.right().receive()).isEqualTo(1);

      var waiting = Blocked.start(() -> Connection.awaitAny(LONG, all)).awaitWaiting();
      future.completeExceptionally(new IllegalStateException("it failed, which is an end"));
      assertThat(waiting.get()).containsExactly(end);
    }
  }

  @Test
  void awaitAnyOfNothing() throws Exception {
    assertThatThrownBy(Connection::awaitAny).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Connection.awaitAny(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    var before = System.nanoTime();
    assertThat(Connection.awaitAny(SHORT, List.of())).isEmpty();
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  /** Several wait for the same connection in different ways: none sleeps through a message. */
  @Test
  void nobodyWhoWaitsIsForgotten() throws Exception {
    var taken = new AtomicInteger();
    var waiters = new ArrayList<Blocked<?>>();
    for (var i = 0; i < 2; i++) {
      for (var kind : Blocked.kinds()) {
        waiters.add(
            Blocked.start(
                kind,
                () -> {
                  while (true) {
                    assertThat(Connection.awaitAny(left, right)).contains(right);
                    if (takeUnlessOver(taken)) {
                      return null;
                    }
                  }
                }));
        waiters.add(
            Blocked.start(
                kind,
                () -> {
                  while (true) {
                    assertThat(right.poll(LONG)).isTrue();
                    if (takeUnlessOver(taken)) {
                      return null;
                    }
                  }
                }));
      }
    }
    for (var i = 0; i < ROUNDS; i++) {
      left.send(i);
      var _ = right.poll();
      var _ = right.isReady();
    }
    left.send("over");
    for (var waiter : waiters) {
      waiter.get();
    }
    assertThat(taken).hasValue(ROUNDS);
  }

  /** Whether all is over, which the last message says, and says on. */
  private synchronized boolean takeUnlessOver(AtomicInteger taken) throws Exception {
    if (!right.poll()) {
      return false;
    }
    if (right.receive() instanceof Integer number) {
      assertThat(number).isEqualTo(taken.getAndIncrement());
      return false;
    }
    left.send("over");
    return true;
  }

  @Test
  void aRegistrationEndsWhenItIsClosed() throws Exception {
    var wakes = new AtomicInteger();
    var registration = right.onReady(wakes::incrementAndGet);
    left.send(1);
    Await.until(() -> wakes.get() > 0, "the registered are woken");
    registration.close();
    registration.close();
    assertThat(right.receive()).isEqualTo(1);
    var count = wakes.get();
    left.send(2);
    assertThat(right.poll(LONG)).isTrue();
    assertThat(wakes).hasValue(count);
  }

  /** Were a carrier thread pinned by each, the last would find none. */
  @Test
  void virtualThreadsThatWaitHoldNoCarrier() throws Exception {
    var many = Runtime.getRuntime().availableProcessors() * 4;
    var all = new ArrayList<Ends>();
    var waiting = new ArrayList<Blocked<?>>();
    try {
      for (var i = 0; i < many; i++) {
        var ends = connect();
        all.add(ends);
        waiting.add(Blocked.start(ends.right()::receive).awaitWaiting());
        waiting.add(Blocked.start(() -> ends.right().poll(LONG)).awaitWaiting());
        waiting.add(
            Blocked.start(
                    () -> {
                      while (!ends.right().isClosed()) {
                        ends.right().sendBytes(pattern(0, 100_000));
                      }
                      return null;
                    })
                .awaitWaiting());
      }
      assertThat(Blocked.start(() -> "ran").get()).isEqualTo("ran");
    } finally {
      for (var ends : all) {
        ends.close();
      }
    }
    for (var blocked : waiting) {
      assertThatThrownBy(blocked::get).hasCauseInstanceOf(IOException.class);
    }
  }
}
