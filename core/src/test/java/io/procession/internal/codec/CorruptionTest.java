package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that no codec wrote end in an exception that says so, or in some value. */
class CorruptionTest {

  private static void readAnything(byte[] bytes, String what) {
    try {
      var value = new StandardCodec().read(Inputs.of(bytes));
      assertThat(value == null || value.getClass() != null).isTrue();
    } catch (IOException | ClassNotFoundException e) {
      assertThat(e).as(what).isNotNull();
    } catch (Throwable e) {
      throw new AssertionError(what, e);
    }
  }

  @Test
  void truncatedMessages() {
    for (var tested : Cases.all()) {
      var bytes = Messages.write(tested.value().get());
      var step = Math.max(1, bytes.length / 50);
      for (var length = 0; length < bytes.length; length += step) {
        var part = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> new StandardCodec().read(Inputs.of(part)))
            .as("%s, length=%d", tested, length)
            .isInstanceOfAny(IOException.class, ClassNotFoundException.class);
      }
    }
  }

  @Test
  void damagedMessages() {
    var seed = new Random().nextLong();
    var random = new Random(seed);
    for (var tested : Cases.all()) {
      if (tested.name().equals("LinkedBlockingQueue")) {
        continue; // its readObject waits for its own lock, which damaged bytes may replace
      }
      var bytes = Messages.write(tested.value().get());
      for (var i = 0; i < 60; i++) {
        var damaged = bytes.clone();
        for (var n = random.nextInt(3); n >= 0; n--) {
          damaged[random.nextInt(Math.min(bytes.length, 2000))] = (byte) random.nextInt(256);
        }
        readAnything(damaged, "%s, seed=%d round=%d".formatted(tested, seed, i));
      }
    }
  }

  @Test
  void lengthsBeyondTheMessageTakeNoMemory() {
    for (var tag = 0; tag < 128; tag++) {
      var bytes = new byte[] {(byte) tag, -1, -1, -1, -1, 7, -1, -1, -1, -1, 7};
      readAnything(bytes, "tag=" + tag);
    }
  }

  @Test
  void aRecordsConstructorMayRefuse() {
    var bytes = Messages.write(new Samples.Strict(5));
    bytes[bytes.length - 1] = -1;
    assertThatThrownBy(() -> Messages.read(bytes))
        .isInstanceOf(java.io.InvalidObjectException.class)
        .hasMessageContaining("constructor refuses")
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
  }
}
