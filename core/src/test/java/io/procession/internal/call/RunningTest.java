package io.procession.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An interrupt meets its call, and no other. */
class RunningTest {

  private final Running running = new Running(Thread.currentThread(), false);

  @AfterEach
  void leaveNoInterrupt() {
    var _ = Thread.interrupted();
  }

  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  @Test
  void anInterruptOfTheCallThatRunsMeetsIt() {
    running.begin(1, 0);
    running.interrupt(1, 0);
    assertThat(isInterrupted()).isTrue();
    running.end();
    assertThat(isInterrupted()).isFalse();
  }

  @Test
  void oneThatComesBetweenTheClaimAndTheBeginMeetsItsCall() {
    running.begin(1, 0);
    running.end();
    running.interrupt(1, 2);
    assertThat(isInterrupted()).isFalse();
    running.begin(1, 1);
    assertThat(isInterrupted()).isFalse();
    running.end();
    running.begin(1, 2);
    assertThat(isInterrupted()).isTrue();
    running.end();
    running.begin(2, 2);
    assertThat(isInterrupted()).isFalse();
  }

  @Test
  void oneForTheFirstCallOfAllMayBeEarlyToo() {
    running.interrupt(1, 0);
    running.begin(1, 0);
    assertThat(isInterrupted()).isTrue();
  }

  @Test
  void oneThatComesTooLateMeetsNobodyAndTakesNoPlace() {
    running.begin(2, 0);
    running.end();
    running.interrupt(3, 0);
    running.interrupt(2, 0);
    running.interrupt(1, 7);
    running.begin(2, 1);
    assertThat(isInterrupted()).isFalse();
    running.end();
    running.begin(3, 0);
    assertThat(isInterrupted()).isTrue();
  }
}
