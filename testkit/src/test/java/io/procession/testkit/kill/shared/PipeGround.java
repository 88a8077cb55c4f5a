package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.SharedLongArray;
import io.procession.shared.SharedPipe;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * A pipe with those who die at one end, who all send and receive, and one who sends and one who
 * receives at the other.
 *
 * @param received the last number that came of each
 */
record PipeGround(SharedPipe pipe, SharedLongArray received) implements Ground {

  private static final int MOST_USERS = 8;
  private static final int RECEIVER = 0;

  /** Of none of those who die. */
  private static final int SENDER = MOST_USERS;

  private static final int SMALL = 20;

  /** Some of them fill the pipe. */
  private static final int LARGE = 20_000;

  /** Travels in a block of its own. */
  private static final int HUGE = 50_000;

  static PipeGround create() {
    return new PipeGround(SharedPipe.create(), SharedLongArray.create(MOST_USERS));
  }

  @Override
  public String name() {
    return "pipe";
  }

  private static int length(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> HUGE;
      case 1, 2, 3 -> LARGE;
      default -> SMALL;
    };
  }

  @Override
  public void turn(Trace trace, Random random) throws Exception {
    var number = (int) trace.turns() + 1;
    trace.at(Phase.ENTERING);
    pipe.second().send(Element.of(trace.user(), number, length(random)));
    trace.done();
    trace.at(Phase.HOLDING);
    if (random.nextBoolean() && pipe.second().poll()) {
      trace.at(Phase.LEAVING);
      trace.see(pipe.second().receive(Element.class).whole().number());
    }
  }

  @Override
  public int survivors() {
    return 2;
  }

  /** Until there is nobody at the other end, whatever is over. */
  @Override
  public void survive(int role, Trace trace, Random random, BooleanSupplier over) throws Exception {
    try {
      if (role == RECEIVER) {
        receive(over);
      } else {
        for (var number = 1; ; number++) {
          var _ = over.getAsBoolean();
          pipe.first().send(Element.of(SENDER, number, length(random)));
        }
      }
    } catch (EOFException e) {
      assertThat(role).isEqualTo(RECEIVER);
    } catch (IOException e) {
      assertThat(role).isNotEqualTo(RECEIVER);
    }
  }

  private void receive(BooleanSupplier rest) throws Exception {
    while (true) {
      var _ = rest.getAsBoolean();
      var element = pipe.first().receive(Element.class).whole();
      assertThat(element.number() - 1L)
          .as("%s", element)
          .isEqualTo(received.get(element.producer()));
      received.set(element.producer(), element.number());
    }
  }

  @Override
  public void settle(List<Trace> dead, List<Trace> living) {
    for (var trace : dead) {
      var unsure = trace.phase() == Phase.ENTERING ? 1 : 0;
      assertThat(received.get(trace.user())).isBetween(trace.turns(), trace.turns() + unsure);
    }
    assertThatThrownBy(() -> pipe.first().receive()).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> pipe.first().send(1)).isInstanceOf(IOException.class);
  }

  @Override
  public void close() {
    pipe.close();
    received.close();
  }
}
