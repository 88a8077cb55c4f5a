package io.procession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.codec.ThrowableCodec;
import io.procession.shared.SharedQueue;
import io.procession.spi.Input;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailerTest {

  @Test
  void insteadOfAReplyThatCannotTravelComesWhy() throws Exception {
    var replies = SharedQueue.<PoolMessage.Reply>create();
    var mailer = new Mailer("mailer", replies);
    mailer.send(new PoolMessage.Took(1, 1, 1));
    mailer.send(new PoolMessage.Answer(7, Thread.currentThread()));
    mailer.send(new PoolMessage.Over());

    var heard = new ArrayList<PoolMessage.Reply>();
    while (heard.size() < 3) {
      var reply = replies.take();
      heard.addAll(reply instanceof PoolMessage.Replies(var all) ? all : List.of(reply));
    }
    mailer.close();

    assertThat(heard.get(0)).isEqualTo(new PoolMessage.Took(1, 1, 1));
    assertThat(heard.get(1))
        .isInstanceOfSatisfying(
            PoolMessage.Unanswered.class,
            reply -> {
              assertThat(reply.number()).isEqualTo(7);
              assertThat(failure(reply.failure())).isInstanceOf(NotTransferableException.class);
            });
    assertThat(heard.get(2)).isEqualTo(new PoolMessage.Over());
    assertEnds(replies);
  }

  @Test
  void whereNotEvenThatCanTravelTheProcessIsTold() {
    var replies = SharedQueue.<PoolMessage.Reply>create();
    var mailer = new Mailer("mailer", replies);
    // Nothing can be sent through it any more.
    replies.shutdown();
    mailer.send(new PoolMessage.Over());
    assertEnds(replies);
    mailer.send(new PoolMessage.Over());
    mailer.close();
  }

  /** The other end would be told by an exception; here it is the same handle, which gets closed. */
  private static void assertEnds(SharedQueue<?> replies) {
    while (!replies.isClosed()) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(replies::take).isInstanceOf(IllegalStateException.class);
  }

  private static Throwable failure(byte[] encoded) {
    try {
      var bytes = MemorySegment.ofArray(encoded);
      return ThrowableCodec.read(new Input(bytes, ClassLoader.getSystemClassLoader()));
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
