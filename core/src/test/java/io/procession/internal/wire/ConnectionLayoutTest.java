package io.procession.internal.wire;

import static io.procession.internal.wire.ConnectionLayout.CONNECTING;
import static io.procession.internal.wire.ConnectionLayout.GREETING_BYTES;
import static io.procession.internal.wire.ConnectionLayout.LISTENING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes are where the drawing has them. */
class ConnectionLayoutTest {

  private static byte[] nonce(int value) {
    var nonce = new byte[32];
    Arrays.fill(nonce, (byte) value);
    return nonce;
  }

  @Test
  void aGreeting() {
    var greeting = ConnectionLayout.greeting(LISTENING, nonce(0xAB), 0x01020304);
    assertThat(HexFormat.of().formatHex(greeting))
        .isEqualTo("70726f63657373ff" + "00000001" + "02" + "ab".repeat(32) + "01020304");
    assertThat(greeting).hasSize(GREETING_BYTES);
  }

  @Test
  void whatIsProven() {
    var connecting = ConnectionLayout.greeting(CONNECTING, nonce(1), 5);
    var listening = ConnectionLayout.greeting(LISTENING, nonce(2), 6);
    var hex = HexFormat.of();
    assertThat(
            hex.formatHex(
                ConnectionLayout.proven(CONNECTING, connecting, listening, new byte[] {7})))
        .isEqualTo(
            "70726f63657373ff"
                + "01"
                + hex.formatHex(connecting)
                + hex.formatHex(listening)
                + "07");
  }

  @Test
  void whatIsNoGreeting() throws Exception {
    var greeting = ConnectionLayout.greeting(LISTENING, nonce(3), 1000);
    assertThatCode(() -> ConnectionLayout.checkPrefix(greeting)).doesNotThrowAnyException();
    assertThat(ConnectionLayout.checkRest(greeting, LISTENING)).isEqualTo(1000);
    assertThatThrownBy(() -> ConnectionLayout.checkRest(greeting, CONNECTING))
        .isInstanceOf(ProtocolException.class)
        .hasMessageEndingWith("role=2 expected=1");
    for (var at = 0; at < ConnectionLayout.PREFIX_BYTES; at++) {
      var damaged = greeting.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> ConnectionLayout.checkPrefix(damaged))
          .as("at=%d", at)
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining(at < ConnectionLayout.VERSION_AT ? "firstBytes=" : "here=1");
    }
  }
}
