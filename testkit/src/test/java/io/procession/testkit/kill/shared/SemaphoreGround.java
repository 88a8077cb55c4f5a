package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedSemaphore;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A semaphore whose permits are given back by those who took them, or come back. */
record SemaphoreGround(SharedSemaphore semaphore, String name) implements Ground {

  private static final int PERMITS = 3;

  static SemaphoreGround create() {
    return new SemaphoreGround(SharedSemaphore.create(PERMITS), "semaphore");
  }

  static SemaphoreGround createBounded() {
    return new SemaphoreGround(SharedSemaphore.createBounded(PERMITS), "bounded semaphore");
  }

  @Override
  public void turn(Trace trace, Random random) throws Exception {
    var permits = 1 + random.nextInt(PERMITS);
    trace.at(Phase.ENTERING);
    if (random.nextBoolean()) {
      semaphore.acquire(permits);
    } else if (!semaphore.tryAcquire(permits, Duration.ofMillis(1))) {
      return;
    }
    trace.at(Phase.HOLDING);
    Thread.onSpinWait();
    trace.done();
    trace.at(Phase.LEAVING);
    semaphore.release(permits);
  }

  @Override
  public void settle(List<Trace> dead, List<Trace> living) throws Exception {
    assertThat(semaphore.tryAcquire(PERMITS, LONG)).as("%s", semaphore).isTrue();
    assertThat(semaphore.availablePermits()).isZero();
    assertThat(semaphore.tryAcquire()).isFalse();
    semaphore.release(PERMITS);
    assertThat(semaphore.availablePermits()).isEqualTo(PERMITS);
  }

  @Override
  public void close() {
    semaphore.close();
  }
}
