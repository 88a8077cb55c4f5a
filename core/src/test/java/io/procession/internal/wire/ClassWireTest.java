package io.procession.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.wire.ClassReply.Entry;
import io.procession.internal.wire.ClassReply.Status;
import io.procession.internal.wire.ClassRequest.Kind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassWireTest {

  @Test
  void requestsReadBack() {
    for (var kind : Kind.values()) {
      var request = new ClassRequest(kind, 0x01020304, "a.B\u00e9$C");
      assertThat(ClassRequest.decode(request.encode())).isEqualTo(request);
    }
  }

  @Test
  void requestLayout() {
    assertThat(new ClassRequest(Kind.RESOURCE, 0x01020304, "ab").encode())
        .containsExactly(1, 1, 1, 2, 3, 4, 'a', 'b');
  }

  @Test
  void repliesReadBack() {
    var entries =
        Arrays.stream(Status.values())
            .map(status -> new Entry(status, 7, "n" + status, new byte[] {1, 2}))
            .toList();
    assertThat(ClassReply.decode(new ClassReply(entries).encode()).entries())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(entries);
  }

  @Test
  void anotherVersionIsAClearError() {
    var request = new ClassRequest(Kind.CLASS, 1, "x").encode();
    request[0]++;
    assertThatThrownBy(() -> ClassRequest.decode(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("expected=1 found=2");
  }

  @Test
  void damageIsAClearError() {
    var reply =
        new ClassReply(List.of(new Entry(Status.FOUND, 1, "x", new byte[] {1, 2, 3}))).encode();
    for (int length = 0; length < reply.length; length++) {
      var cut = Arrays.copyOf(reply, length);
      assertThatThrownBy(() -> ClassReply.decode(cut))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bytes=" + length);
    }
    assertThatThrownBy(() -> ClassRequest.decode(new byte[] {1, 9, 0, 0, 0, 0}))
        .hasMessageEndingWith("kind=9");
  }
}
