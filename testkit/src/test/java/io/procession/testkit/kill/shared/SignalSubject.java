package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLatch;
import java.time.Duration;
import java.util.Random;

/** An event and a latch. */
final class SignalSubject implements Subject {

  private static final int COUNT = 1000;
  private static final int MOST_CALLS = 10;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(1);

  private SharedEvent event;
  private SharedLatch latch;
  private int begun;
  private int counted;

  @Override
  public void begin(Family root) {
    event = SharedEvent.create();
    latch = SharedLatch.create(COUNT);
  }

  @Override
  public void use(Family member, int number, long seed) throws Exception {
    var event = Handover.to(member, this.event);
    var latch = Handover.to(member, this.latch);
    var random = new Random(seed);
    member.act(() -> {
      for (var call = 0; call < MOST_CALLS; call++) {
        switch (random.nextInt(5)) {
          case 0 -> {
            event.set();
            assertThat(event.await(LONG)).isTrue();
          }
          case 1 -> {
            event.clear();
            assertThat(event.await(SHORT)).isFalse();
          }
          case 2 -> assertThat(latch.await(SHORT)).isFalse();
          default -> {
            begun++;
            latch.countDown();
            counted++;
          }
        }
      }
      return null;
    });
  }

  @Override
  public void touch() throws Exception {
    event.clear();
    begun++;
    counted++;
    latch.countDown();
  }

  @Override
  public void settle() throws Exception {
    event.clear();
    assertThat(event.isSet()).isFalse();
    assertThat(COUNT - latch.getCount()).isBetween((long) counted, (long) begun);
    var setter = Thread.ofPlatform().start(event::set);
    assertThat(event.await(LONG)).isTrue();
    setter.join();
    var counter =
        Thread.ofPlatform()
            .start(() -> {
              while (latch.getCount() > 0) {
                latch.countDown();
              }
            });
    assertThat(latch.await(LONG)).isTrue();
    counter.join();
  }

  @Override
  public void end() {
    event.close();
    latch.close();
  }
}
