package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.NotTransferableException;
import io.procession.function.RemoteFunction;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What travels over a connection, and how whole it arrives. */
public abstract class ConnectionMessageContract extends ConnectionContract {

  private static final int LARGE_BYTES = 20_000_000;

  /** For subclasses. */
  protected ConnectionMessageContract() {}

  record Point(int x, int y) {}

  /** Cannot be read: its class does not want to. */
  static final class Unreadable implements Serializable {
    @Serial private static final long serialVersionUID = 1L;

    @Serial
    private void readObject(ObjectInputStream in) throws IOException {
      throw new EOFException("not me");
    }
  }

  @Test
  void bothEndsSendAndReceive() {
    assertThat(left.canSend()).isTrue();
    assertThat(left.canReceive()).isTrue();
    assertThat(right.canSend()).isTrue();
    assertThat(right.canReceive()).isTrue();
  }

  @Test
  void objectsTravelBothWaysInOrder() throws Exception {
    left.send(List.of(1, 2, 3));
    left.send(null);
    left.send(Map.of("a", new Point(1, 2)));
    right.send("back");
    assertThat(right.receive()).isEqualTo(List.of(1, 2, 3));
    assertThat(right.receive()).isNull();
    assertThat(right.receive()).isEqualTo(Map.of("a", new Point(1, 2)));
    assertThat(left.receive()).isEqualTo("back");
  }

  @Test
  void functionsTravel() throws Exception {
    RemoteFunction<Integer, Integer> square = n -> n * n;
    left.send(square);
    @SuppressWarnings("unchecked") // what was sent
    var copy = (RemoteFunction<Integer, Integer>) right.receive(RemoteFunction.class);
    assertThat(copy.apply(7)).isEqualTo(49);
  }

  @Test
  void anObjectIsReceivedAsItsType() throws Exception {
    left.send("text");
    left.send(null);
    left.send("no number");
    left.send(4);
    assertThat(right.receive(String.class)).isEqualTo("text");
    assertThatThrownBy(() -> right.receive(String.class)).isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> right.receive(Integer.class)).isInstanceOf(ClassCastException.class);
    assertThat(right.receive(Integer.class)).isEqualTo(4);
  }

  @Test
  void bytesTravelFromWhateverHoldsThem() throws Exception {
    var bytes = pattern(1, 10);
    var buffer = ByteBuffer.wrap(bytes, 2, 3);
    left.sendBytes(bytes);
    left.sendBytes(bytes, 4, 2);
    left.sendBytes(bytes, 10, 0);
    left.sendBytes(buffer);
    left.sendBytes(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    try (var arena = Arena.ofConfined()) {
      left.sendBytes(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).asSlice(1, 4));
    }
    assertThat(buffer.hasRemaining()).isFalse();
    assertThat(right.receiveBytes()).isEqualTo(bytes);
    assertThat(right.receiveBytes()).containsExactly(bytes[4], bytes[5]);
    assertThat(right.receiveBytes()).isEmpty();
    assertThat(right.receiveBytes()).containsExactly(bytes[2], bytes[3], bytes[4]);
    assertThat(right.receiveBytes()).isEqualTo(bytes);
    assertThat(right.receiveBytes()).containsExactly(bytes[1], bytes[2], bytes[3], bytes[4]);
    for (var range : new int[][] {{-1, 2}, {0, 11}, {11, 0}, {5, 6}, {2, -1}}) {
      assertThatThrownBy(() -> left.sendBytes(bytes, range[0], range[1]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(right.poll()).isFalse();
  }

  @Test
  void bytesArriveInWhateverHasRoom() throws Exception {
    var bytes = pattern(2, 5);
    for (var i = 0; i < 4; i++) {
      left.sendBytes(bytes);
    }
    var array = new byte[7];
    assertThat(right.receiveBytesInto(array)).isEqualTo(5);
    assertThat(array).startsWith(bytes).endsWith(0, 0);
    var part = new byte[7];
    assertThat(right.receiveBytesInto(part, 1, 5)).isEqualTo(5);
    assertThat(part).containsExactly(0, bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], 0);
    var buffer = ByteBuffer.allocate(9).position(3);
    assertThat(right.receiveBytesInto(buffer)).isEqualTo(5);
    assertThat(buffer.position()).isEqualTo(8);
    assertThat(buffer.get(3)).isEqualTo(bytes[0]);
    try (var arena = Arena.ofConfined()) {
      var segment = arena.allocate(5);
      assertThat(right.receiveBytesInto(segment)).isEqualTo(5);
      assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes);
    }
  }

  @Test
  void aMessageForWhichThereIsNoRoomStays() throws Exception {
    var bytes = pattern(3, 5);
    left.sendBytes(bytes);
    left.send("next");
    assertThatThrownBy(() -> right.receiveBytesInto(new byte[4]))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes=5")
        .hasMessageContaining("roomBytes=4");
    assertThatThrownBy(() -> right.receiveBytesInto(new byte[9], 0, 4))
        .isExactlyInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> right.receiveBytesInto(new byte[9], 5, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> right.receiveBytesInto(ByteBuffer.allocate(9).asReadOnlyBuffer()))
        .isExactlyInstanceOf(IllegalArgumentException.class);
    assertThat(right.poll()).isTrue();
    assertThat(right.receiveBytes()).isEqualTo(bytes);
    assertThat(right.receive()).isEqualTo("next");
  }

  @Test
  void anObjectCanBePassedOnAsBytes() throws Exception {
    left.send(new Point(3, 4));
    right.sendBytes(right.receiveBytes());
    assertThat(left.receive()).isEqualTo(new Point(3, 4));
  }

  @Test
  void whatCannotTravelFailsInTheSenderAndNothingIsSent() throws Exception {
    assertThatThrownBy(() -> left.send(List.of(1, new Thread(() -> {}))))
        .isInstanceOf(NotTransferableException.class);
    left.send("next");
    assertThat(right.receive()).isEqualTo("next");
  }

  @Test
  void whatCannotBeReadFailsAloneAndNotAsTheEnd() throws Exception {
    left.send(new Unreadable());
    left.send(1);
    left.sendBytes(pattern(9, 100));
    left.send(2);
    left.sendBytes(new byte[0]);
    left.send(3);
    for (var next = 1; next <= 3; next++) {
      assertThatThrownBy(right::receive)
          .isInstanceOf(ObjectStreamException.class)
          .isNotInstanceOf(EOFException.class);
      assertThat(right.receive()).isEqualTo(next);
    }
  }

  @Test
  void messagesOfAllSizesArriveWhole() throws Exception {
    var sizes = new ArrayList<Integer>();
    for (var size = 1; size < 2_000_000; size = size * 3 / 2 + 1) {
      sizes.add(size);
    }
    for (var border : new int[] {16_384, 65_536, 131_072, 1_048_576}) {
      for (var around = -5; around <= 5; around++) {
        sizes.add(border + around);
      }
    }
    var sent =
        Blocked.start(() -> {
          for (var size : sizes) {
            left.sendBytes(pattern(size, size));
          }
          return null;
        });
    for (var size : sizes) {
      assertThat(right.receiveBytes()).isEqualTo(pattern(size, size));
    }
    sent.get();
  }

  @Test
  void largeMessagesArriveWhole() throws Exception {
    var bytes = pattern(5, LARGE_BYTES);
    var sent =
        Blocked.start(() -> {
          left.sendBytes(bytes);
          left.send(bytes);
          try (var arena = Arena.ofShared()) {
            left.sendBytes(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
          }
          return null;
        });
    assertThat(right.receiveBytes()).isEqualTo(bytes);
    assertThat(right.receive()).isEqualTo(bytes);
    var target = MemorySegment.ofArray(new byte[LARGE_BYTES]);
    assertThat(right.receiveBytesInto(target)).isEqualTo(LARGE_BYTES);
    assertThat(target.mismatch(MemorySegment.ofArray(bytes))).isEqualTo(-1);
    sent.get();
  }

  @Test
  void manyThreadsMaySendAndReceiveAtOnce() throws Exception {
    var senders = 4;
    var each = 400;
    var sent = new ArrayList<Blocked<?>>();
    for (var sender = 0; sender < senders; sender++) {
      var own = sender;
      var kind = Blocked.kinds().get(sender % 2);
      sent.add(
          Blocked.start(
              kind,
              () -> {
                for (var i = 0; i < each; i++) {
                  var number = own * each + i;
                  left.send(List.of(number, pattern(number, number % 97 * 997)));
                }
                return null;
              }));
    }
    var received = ConcurrentHashMap.<Integer>newKeySet();
    var left = new AtomicInteger(senders * each);
    var receivers = new ArrayList<Blocked<?>>();
    for (var kind : Blocked.kinds()) {
      receivers.add(
          Blocked.start(
              kind,
              () -> {
                var last = new int[] {-1, -1, -1, -1};
                while (left.getAndDecrement() > 0) {
                  var message = (List<?>) right.receive(List.class);
                  var number = (Integer) message.getFirst();
                  assertThat(message.get(1)).isEqualTo(pattern(number, number % 97 * 997));
                  assertThat(received.add(number)).isTrue();
                  assertThat(number).isGreaterThan(last[number / each]);
                  last[number / each] = number;
                }
                return null;
              }));
    }
    for (var thread : sent) {
      thread.get();
    }
    for (var thread : receivers) {
      thread.get();
    }
    assertThat(received).hasSize(senders * each);
  }
}
