package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.testkit.NoLeaks;
import java.io.EOFException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Connections of which one end only sends and the other only receives. */
@NoLeaks
public abstract class OneWayConnectionContract {

  /** For subclasses. */
  protected OneWayConnectionContract() {}

  /** A new connection; its left end sends. */
  protected abstract ConnectionContract.Ends connect() throws Exception;

  @Test
  void messagesGoOneWay() throws Exception {
    try (var ends = connect()) {
      assertThat(ends.left().canSend()).isTrue();
      assertThat(ends.left().canReceive()).isFalse();
      assertThat(ends.right().canSend()).isFalse();
      assertThat(ends.right().canReceive()).isTrue();
      ends.left().send("there");
      ends.left().sendBytes(new byte[3]);
      assertThat(ends.right().receive()).isEqualTo("there");
      assertThat(ends.right().receiveBytes()).hasSize(3);
      ends.left().close();
      assertThatThrownBy(() -> ends.right().receive()).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void theOtherWayFailsAndHarmsNothing() throws Exception {
    try (var ends = connect()) {
      var left = ends.left();
      var right = ends.right();
      assertThatThrownBy(left::receive).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(left::receiveBytes).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> left.receiveBytesInto(new byte[1]))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(left::poll).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> left.poll(Duration.ofMinutes(1)))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> right.send(1)).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> right.sendBytes(new byte[1]))
          .isInstanceOf(UnsupportedOperationException.class);
      left.send("next");
      assertThat(right.receive()).isEqualTo("next");
    }
  }
}
