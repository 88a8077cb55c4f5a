package io.procession.shared;

import io.procession.internal.family.WaitWord;
import io.procession.internal.family.WaitingRoom.Spin;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.LatchLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A count that falls to zero, for which threads of all processes wait: {@link
 * java.util.concurrent.CountDownLatch} between processes.
 *
 * <p>Nobody owns a count: if a process dies before it counts down, the others wait on; they do so
 * with a time-out, or something counts down for the dead. What a thread did before {@link
 * #countDown} is seen by those that {@link #await}. Every method throws {@link
 * IllegalStateException} if this handle is closed, also when that happens while it waits.
 */
public final class SharedLatch extends SharedObject {

  private final WaitWord waiters = waitWord(LatchLayout.WAITERS);
  private final Spin spin = new Spin();

  private SharedLatch(Place place) {
    super(place);
  }

  /**
   * Makes a latch.
   *
   * @param count how often {@link #countDown} is called before those who wait go on
   * @throws IllegalArgumentException if {@code count} is negative
   * @throws IllegalStateException if the family's memory is used up
   */
  public static SharedLatch create(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("a latch counts down from 0 or more; count=" + count);
    }
    var place = allocate(BlockKind.LATCH, LatchLayout.BYTES);
    Words.release(place.memory(), LatchLayout.COUNT, count);
    return new SharedLatch(place);
  }

  static SharedLatch readFrom(Input input) throws IOException {
    return read(input, SharedLatch.class, SharedLatch::new);
  }

  private long count() {
    return Words.read(memory, LatchLayout.COUNT);
  }

  /** Counts one down, if there is any left; after the last, those who wait go on. */
  public void countDown() {
    checkOpen();
    for (var count = count(); count > 0; count = count()) {
      if (Words.swap(memory, LatchLayout.COUNT, count, count - 1)) {
        Seam.at(Step.LATCH_COUNTED);
        if (count == 1) {
          waiters.wakeAll();
        }
        return;
      }
    }
  }

  /** How often it is still to be counted down. */
  public long getCount() {
    checkOpen();
    return count();
  }

  /**
   * Waits until the count is 0.
   *
   * @throws InterruptedException if interrupted before or while it waits
   */
  public void await() throws InterruptedException {
    var _ = waitFor(Long.MAX_VALUE);
  }

  /**
   * Waits until the count is 0, for as long at most.
   *
   * @return whether the count is 0
   * @throws InterruptedException if interrupted before or while it waits
   */
  public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
    return waitFor(unit.toNanos(timeout));
  }

  /** As {@link #await(long, TimeUnit)}. */
  public boolean await(Duration timeout) throws InterruptedException {
    return waitFor(Waits.nanos(timeout));
  }

  private boolean waitFor(long timeoutNanos) throws InterruptedException {
    checkOpen();
    Waits.checkInterrupt();
    return Waits.isOver(await(waiters, false, timeoutNanos, true, spin, () -> count() == 0));
  }

  @Override
  public String toString() {
    return isClosed() ? super.toString() : "SharedLatch[id=%d, count=%d]".formatted(id(), count());
  }
}
