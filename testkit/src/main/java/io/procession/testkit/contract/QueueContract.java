package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.NotTransferableException;
import io.procession.QueueClosedException;
import io.procession.UnreadableElementException;
import io.procession.shared.SharedQueue;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a {@link SharedQueue} promises, shared with someone else. */
@SuppressWarnings("try") // what happens after close() is what is tested
public abstract class QueueContract extends SharedContract {

  private static final int MANY = 3000;

  /** For subclasses. */
  protected QueueContract() {}

  private static int putAll(SharedQueue<Integer> queue, int first, int count) throws Exception {
    for (var i = 0; i < count; i++) {
      queue.put(first + i);
    }
    return count;
  }

  private static long takeAll(SharedQueue<Integer> queue, int count) throws Exception {
    var sum = 0L;
    for (var i = 0; i < count; i++) {
      sum += queue.take();
    }
    return sum;
  }

  @Test
  void whatOnePutsTheOtherTakesInOrder() throws Exception {
    try (var party = party();
        var queue = SharedQueue.<Integer>bounded(7)) {
      var there = party.begin(() -> putAll(queue, 0, MANY));
      for (var i = 0; i < MANY; i++) {
        assertThat(queue.take()).isEqualTo(i);
      }
      there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(queue.size()).isZero();
    }
  }

  @Test
  void manyProducersAndConsumersLoseNothing() throws Exception {
    try (var party = party();
        var another = party();
        var queue = SharedQueue.<Integer>bounded(20)) {
      var there = party.begin(() -> putAll(queue, 0, MANY));
      var taking = another.begin(() -> takeAll(queue, MANY));
      var here = start(() -> putAll(queue, MANY, MANY));
      var virtual = startVirtual(() -> takeAll(queue, MANY));
      var sum = virtual.get() + taking.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      here.get();
      there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(sum).isEqualTo((2L * MANY - 1) * MANY);
      assertThat(queue.size()).isZero();
    }
  }

  @Test
  void elementsOfAnySizeArriveWhole() throws Exception {
    try (var party = party();
        var queue = SharedQueue.<byte[]>create()) {
      for (var size : List.of(0, 1, 32_000, 33_000, 1 << 20, 64 << 20)) {
        var there = party.begin(() -> offerBytes(queue, size));
        var bytes = queue.take();
        assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Arrays.equals(bytes, bytes(size))).as("size %d", size).isTrue();
      }
    }
  }

  private static boolean offerBytes(SharedQueue<byte[]> queue, int size) {
    return queue.offer(bytes(size));
  }

  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    Arrays.fill(bytes, (byte) (size + 1));
    return bytes;
  }

  @Test
  void aFullQueueMakesPutWaitAndAnEmptyOneTake() throws Exception {
    try (var party = party();
        var queue = SharedQueue.<Integer>bounded(1)) {
      for (var round = 0; round < 10; round++) {
        var number = round;
        assertThat(queue.offer(number)).isTrue();
        assertThat(party.call(() -> queue.offer(-1))).isFalse();
        assertThat(party.call(() -> queue.offer(-1, 1, TimeUnit.MILLISECONDS))).isFalse();
        assertThat(queue.remainingCapacity()).isZero();
        assertThatThrownBy(() -> queue.add(-1)).isInstanceOf(IllegalStateException.class);
        var here = startVirtual(() -> putAll(queue, number + 100, 1)).asleep();
        assertThat(party.call(() -> queue.take())).isEqualTo(number);
        here.get();
        assertThat(party.call(() -> queue.poll())).isEqualTo(number + 100);
        assertThat(queue.poll()).isNull();
        assertThat(queue.poll(SHORT)).isNull();
        var taker = start(() -> queue.take()).asleep();
        party.call(() -> putAll(queue, number, 1));
        assertThat(taker.get()).isEqualTo(number);
      }
    }
  }

  @Test
  void anInterruptEndsPutAndTakeAndNothingWasDone() throws Exception {
    try (var queue = SharedQueue.<Integer>bounded(1)) {
      var taker = start(() -> queue.take()).asleep();
      var virtual = startVirtual(() -> queue.take()).asleep();
      for (var each : List.of(taker, virtual)) {
        each.thread.interrupt();
        assertThatThrownBy(each::get).hasCauseInstanceOf(InterruptedException.class);
      }
      queue.put(1);
      var putter = startVirtual(() -> putAll(queue, 2, 1)).asleep();
      putter.thread.interrupt();
      assertThatThrownBy(putter::get).hasCauseInstanceOf(InterruptedException.class);
      assertThat(queue.toArray()).containsExactly(1);
    }
  }

  @Test
  void whatCannotTravelIsRefusedBeforeAnythingIsPut() throws Exception {
    try (var queue = SharedQueue.<Object>create()) {
      assertThatThrownBy(() -> queue.put(Thread.currentThread()))
          .isInstanceOf(NotTransferableException.class);
      assertThatThrownBy(() -> queue.offer(List.of(1, Thread.currentThread())))
          .isInstanceOf(NotTransferableException.class);
      assertThat(queue.size()).isZero();
      queue.put("next");
      assertThat(queue.take()).isEqualTo("next");
    }
  }

  @Test
  void whenOneShutsItDownAllAreTold() throws Exception {
    try (var party = party();
        var queue = SharedQueue.<Integer>bounded(1)) {
      var taker = start(() -> queue.take()).asleep();
      party.call(() -> shutdown(queue));
      assertThatThrownBy(taker::get).hasCauseInstanceOf(QueueClosedException.class);
      assertThatThrownBy(() -> queue.put(1)).isInstanceOf(QueueClosedException.class);
      assertThat(queue.isShutdown()).isTrue();
      assertThat(queue.poll()).isNull();
    }
    try (var party = party();
        var queue = SharedQueue.<Integer>bounded(1)) {
      queue.put(1);
      var putter = startVirtual(() -> putAll(queue, 2, 1)).asleep();
      party.call(() -> shutdown(queue));
      assertThatThrownBy(putter::get).hasCauseInstanceOf(QueueClosedException.class);
      assertThat(queue.take()).isEqualTo(1);
      assertThatThrownBy(queue::take).isInstanceOf(QueueClosedException.class);
    }
  }

  private static boolean shutdown(SharedQueue<?> queue) {
    queue.shutdown();
    return queue.isShutdown();
  }

  @Test
  void aQueueTravelsInAQueue() throws Exception {
    try (var party = party();
        var queues = SharedQueue.<SharedQueue<String>>create();
        var answers = SharedQueue.<String>create()) {
      queues.put(answers);
      party.call(() -> answer(queues));
      assertThat(answers.poll(LONG)).isEqualTo("answer");
    }
  }

  private static boolean answer(SharedQueue<SharedQueue<String>> queues) throws Exception {
    return queues.take().offer("answer", Duration.ofSeconds(Party.PATIENCE_SECONDS));
  }

  @Test
  void whoIsKilledWhileItWaitsTakesNothing() throws Exception {
    try (var queue = SharedQueue.<Integer>create()) {
      try (var party = party()) {
        party.call(() -> putAll(queue, 0, 3));
        party.kill();
      }
      assertThat(queue.size()).isEqualTo(3);
      assertThat(takeAll(queue, 3)).isEqualTo(3);
    }
  }

  /** An element that only its sender can make. */
  static final class Unreadable implements Serializable {
    @Serial private static final long serialVersionUID = 1L;

    @Serial
    private void readObject(ObjectInputStream in) throws IOException {
      throw new EOFException("not me");
    }
  }

  @Test
  void whatCannotBeMadeHereIsNamedAndHoldsUpNobody() throws Exception {
    try (var party = party();
        var queue = SharedQueue.<Object>bounded(3)) {
      party.call(() -> {
        queue.put(1);
        queue.put(new Unreadable());
        queue.put(2);
        return true;
      });
      assertThat(queue.take()).isEqualTo(1);
      assertThatThrownBy(queue::take)
          .isInstanceOf(UnreadableElementException.class)
          .hasMessageContaining("not me")
          .hasMessageMatching("(?s).* position=\\d+ senderPid=\\d+");
      assertThat(queue.size()).isEqualTo(1);
      assertThat(queue.take()).isEqualTo(2);
      assertThat(queue.poll()).isNull();
      party.call(() -> queue.offer(3));
      assertThat(queue.take()).isEqualTo(3);
    }
  }

  @Test
  void aClosedHandleSaysSo() {
    var queue = SharedQueue.<Integer>create();
    queue.close();
    queue.close();
    assertThatThrownBy(() -> queue.offer(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(queue::size).isInstanceOf(IllegalStateException.class);
  }
}
