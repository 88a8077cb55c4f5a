package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.shared.SharedSemaphore;
import java.time.Duration;
import java.util.Random;

/** A semaphore whose permits are given back by those who took them, or come back. */
final class SemaphoreSubject implements Subject {

  private static final int PERMITS = 5;
  private static final int MOST_CALLS = 15;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final boolean bounded;
  private SharedSemaphore semaphore;

  SemaphoreSubject(boolean bounded) {
    this.bounded = bounded;
  }

  @Override
  public void begin(Family root) {
    semaphore = bounded ? SharedSemaphore.createBounded(PERMITS) : SharedSemaphore.create(PERMITS);
  }

  @Override
  public void use(Family member, int number, long seed) throws Exception {
    var here = Handover.to(member, semaphore);
    var random = new Random(seed);
    member.act(() -> {
      var held = 0;
      for (var call = 0; call < MOST_CALLS; call++) {
        var permits = 1 + random.nextInt(3);
        switch (random.nextInt(5)) {
          case 0, 1 -> held += here.tryAcquire(permits) ? permits : 0;
          case 2 -> held += here.tryAcquire(permits, Duration.ofMillis(1)) ? permits : 0;
          case 3 -> {
            var released = Math.min(held, permits);
            if (released > 0) {
              held -= released;
              here.release(released);
            }
          }
          default -> held += random.nextInt(4) > 0 ? 0 : here.drainPermits();
        }
        assertThat(held).isBetween(0, PERMITS);
      }
      return null;
    });
  }

  @Override
  public void touch() {
    if (semaphore.tryAcquire()) {
      semaphore.release();
    }
  }

  @Override
  public void settle() throws Exception {
    assertThat(semaphore.tryAcquire(PERMITS, LONG)).as("%s", semaphore).isTrue();
    assertThat(semaphore.availablePermits()).isZero();
    assertThat(semaphore.tryAcquire()).isFalse();
    semaphore.release(PERMITS);
    assertThat(semaphore.availablePermits()).isEqualTo(PERMITS);
  }

  @Override
  public void end() {
    semaphore.close();
  }
}
