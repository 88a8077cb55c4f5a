package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a {@link SharedEvent} and a {@link SharedLatch} promise. */
@SuppressWarnings("try") // what is closed early is closed again
public abstract class SignalContract extends SharedContract {

  /** For subclasses. */
  protected SignalContract() {}

  private static boolean set(SharedEvent event) {
    event.set();
    return event.isSet();
  }

  @Test
  void anEventWakesAllWhoWait() throws Exception {
    try (var party = party();
        var event = SharedEvent.create()) {
      for (var round = 0; round < 10; round++) {
        assertThat(event.isSet()).isFalse();
        assertThat(event.await(SHORT)).isFalse();
        var here = start(() -> event.await(LONG)).asleep();
        var virtual = startVirtual(() -> event.await(1, TimeUnit.MINUTES)).asleep();
        assertThat(party.call(() -> set(event))).isTrue();
        assertThat(here.get() && virtual.get()).isTrue();
        event.await();
        event.set();
        event.clear();
      }
      assertThat(event.toString()).contains("clear");
    }
  }

  @Test
  void anEventThatIsClearedAtOnceWakesThemAllTheSame() throws Exception {
    try (var event = SharedEvent.create()) {
      for (var round = 0; round < 100; round++) {
        var waiter = start(() -> event.await(LONG)).asleep();
        event.set();
        event.clear();
        assertThat(waiter.get()).isTrue();
      }
    }
  }

  @Test
  void aThreadElsewhereSeesAnEvent() throws Exception {
    try (var party = party();
        var begun = SharedLatch.create(1);
        var event = SharedEvent.create()) {
      var there =
          party.begin(() -> {
            begun.countDown();
            return event.await(LONG);
          });
      begun.await();
      event.set();
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static long countDown(SharedLatch latch) {
    latch.countDown();
    return latch.getCount();
  }

  @Test
  void aLatchOpensAtZero() throws Exception {
    try (var party = party();
        var latch = SharedLatch.create(3)) {
      var here =
          start(() -> {
            latch.await();
            return latch.getCount();
          });
      var virtual = startVirtual(() -> latch.await(LONG));
      assertThat(party.call(() -> countDown(latch))).isEqualTo(2);
      assertThat(countDown(latch)).isEqualTo(1);
      assertThat(latch.await(SHORT)).isFalse();
      assertThat(latch.toString()).contains("count=1");
      assertThat(party.call(() -> countDown(latch))).isZero();
      assertThat(here.get()).isZero();
      assertThat(virtual.get()).isTrue();
      assertThat(countDown(latch)).isZero();
      assertThat(latch.await(0, TimeUnit.SECONDS)).isTrue();
    }
    assertThatThrownBy(() -> SharedLatch.create(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInterruptEndsTheWaiting() throws Exception {
    try (var latch = SharedLatch.create(1);
        var event = SharedEvent.create()) {
      var atLatch = start(() -> latch.await(LONG));
      atLatch.asleep().thread.interrupt();
      assertThatThrownBy(atLatch::get).hasCauseInstanceOf(InterruptedException.class);
      var atEvent = startVirtual(() -> event.await(LONG));
      atEvent.asleep().thread.interrupt();
      assertThatThrownBy(atEvent::get).hasCauseInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void closingEndsTheWaiting() throws Exception {
    try (var latch = SharedLatch.create(1);
        var event = SharedEvent.create()) {
      var atLatch = start(() -> latch.await(LONG)).asleep();
      var atEvent = startVirtual(() -> event.await(LONG)).asleep();
      latch.close();
      event.close();
      assertThatThrownBy(atLatch::get).hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(atEvent::get).hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(event::set).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(latch::countDown).isInstanceOf(IllegalStateException.class);
    }
  }
}
