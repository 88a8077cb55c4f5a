package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.family.Family;
import io.procession.shared.Connection;
import io.procession.shared.SharedPipe;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** A pipe whose second end is used by who dies. */
final class PipeSubject implements Subject {

  private static final int MOST_CALLS = 12;
  private static final int SMALL = 10;
  private static final int MEDIUM = 2000;

  /** Many of them need a larger ring. */
  private static final int LARGE = 30_000;

  private static final int MANY = 9;

  /** Travels in a block of its own. */
  private static final int HUGE = 50_000;

  /** Each of three may send so much, and nobody ever waits for room. */
  private static final int MOST_CHARACTERS = 300_000;

  private final MessageRecord out = new MessageRecord();
  private final MessageRecord in = new MessageRecord();
  private SharedPipe pipe;
  private int charactersLeft;

  /** Whether the last one that was given the end had it before it died. */
  private boolean arrived;

  @Override
  public void begin(Family root) throws Exception {
    pipe = SharedPipe.create();
    for (var length : new int[] {SMALL, HUGE, MEDIUM, SMALL, HUGE, SMALL}) {
      send(pipe.first(), in, length);
    }
  }

  private static void send(Connection end, MessageRecord record, int length) throws Exception {
    end.send(Element.of(0, record.sending(), length));
    record.sent();
  }

  private static void receive(Connection end, MessageRecord record) throws Exception {
    record.taking();
    record.took(end.receive(Element.class).whole().number());
  }

  @Override
  public void use(Family member, int number, long seed) throws Exception {
    arrived = false;
    var here = Handover.to(member, pipe.second());
    arrived = true;
    var random = new Random(seed);
    charactersLeft = MOST_CHARACTERS;
    try {
      member.act(() -> {
        for (var call = 0; call < MOST_CALLS; call++) {
          call(here, random);
        }
        if (random.nextBoolean()) {
          here.close();
        }
        return null;
      });
    } finally {
      out.died();
      in.died();
    }
  }

  private void call(Connection here, Random random) throws Exception {
    switch (random.nextInt(10)) {
      case 0, 1 -> send(here, SMALL, 1);
      case 2 -> send(here, HUGE, 1);
      case 3 -> send(here, MEDIUM, 2);
      case 4 -> send(here, LARGE, MANY);
      case 5, 6, 7 -> {
        if (here.poll()) {
          receive(here, in);
        }
      }
      case 8 -> {
        if (here.poll(Duration.ofMillis(1))) {
          var room = new byte[1];
          assertThatThrownBy(() -> here.receiveBytesInto(room))
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
      default -> {
        try (var own = SharedPipe.createOneWay()) {
          own.second().sendBytes(new byte[HUGE]);
          own.second().send("small");
          assertThat(own.first().receiveBytes()).hasSize(HUGE);
          assertThat(own.first().receive()).isEqualTo("small");
        }
      }
    }
  }

  private void send(Connection here, int length, int count) throws Exception {
    for (var i = 0; i < count && charactersLeft > length; i++) {
      charactersLeft -= length;
      send(here, out, length);
    }
  }

  @Override
  public void touch() throws Exception {
    try {
      send(pipe.first(), in, SMALL);
    } catch (IOException nobodyThere) {
      in.perhapsSent();
    }
    if (pipe.first().poll()) {
      var _ = receiveOrEnd();
    }
  }

  /** Whether there was a message. */
  private boolean receiveOrEnd() throws Exception {
    try {
      receive(pipe.first(), out);
      return true;
    } catch (EOFException e) {
      out.tookNothing();
      return false;
    }
  }

  @Override
  public void settle() throws Exception {
    while ((arrived || pipe.first().poll()) && receiveOrEnd()) {}
    out.checkEnd();
    if (arrived) {
      assertThatThrownBy(() -> pipe.first().send(1)).isInstanceOf(IOException.class);
    }
    while (pipe.second().poll(Duration.ZERO)) {
      receive(pipe.second(), in);
    }
    in.checkEnd();
  }

  @Override
  public void end() {
    pipe.close();
  }
}
