package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.codec.StandardCodec;
import io.procession.internal.engine.HeapMessage;
import io.procession.internal.os.Platform;
import io.procession.shared.SharedQueue;
import io.procession.spi.Input;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class PassportTest {

  /** Else each collection of garbage would leave a desk behind, with its thread and its queue. */
  @Test
  void aProcessMakesOnePoolOfOneThatComesAgainAndAgain() throws Exception {
    // Any other process that lives: the test answers for it.
    var parent = ProcessHandle.current().parent().orElseThrow();
    var owner = Platform.current().identify(parent.pid()).orElseThrow();
    var loader = ClassLoader.getSystemClassLoader();
    try (var requests = SharedQueue.<PoolMessage.Request>create();
        var message = new HeapMessage()) {
      message.putLong(123);
      message.putLong(owner.pid());
      message.putLong(owner.start());
      message.putInt(1);
      new StandardCodec().write("p", message);
      new StandardCodec().write(requests, message);

      var first = new WeakReference<>(Passport.readFrom(new Input(message.bytes(), loader)));
      System.gc();
      assertThat(first.get()).isNotNull();
      assertThat(Passport.readFrom(new Input(message.bytes(), loader))).isSameAs(first.get());

      var join = (PoolMessage.Join) requests.take();
      assertThat(requests).isEmpty();
      join.replies().add(new PoolMessage.Over());
    }
  }
}
