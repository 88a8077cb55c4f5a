package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedEvent;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** An event that some set, and others wait for and clear. */
record EventGround(SharedEvent event) implements Ground {

  static EventGround create() {
    return new EventGround(SharedEvent.create());
  }

  @Override
  public String name() {
    return "event";
  }

  @Override
  public void turn(Trace trace, Random random) throws Exception {
    trace.at(Phase.ENTERING);
    event.set();
    trace.at(Phase.HOLDING);
    trace.done();
    trace.at(Phase.LEAVING);
    event.clear();
    if (random.nextInt(10) == 0) {
      var _ = event.await(Duration.ofMillis(1));
    }
  }

  @Override
  public void survive(int role, Trace trace, Random random, BooleanSupplier over) throws Exception {
    while (!over.getAsBoolean()) {
      assertThat(event.await(LONG)).isTrue();
      event.clear();
    }
  }

  @Override
  public void wake() {
    event.set();
  }

  @Override
  public void settle(List<Trace> dead, List<Trace> living) throws Exception {
    event.clear();
    assertThat(event.isSet()).isFalse();
    assertThat(event.await(Duration.ZERO)).isFalse();
    var setter = CompletableFuture.runAsync(event::set);
    assertThat(event.await(LONG)).isTrue();
    setter.join();
    assertThat(event.isSet()).isTrue();
  }

  @Override
  public void close() {
    event.close();
  }
}
