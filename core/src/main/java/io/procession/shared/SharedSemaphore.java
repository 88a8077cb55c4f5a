package io.procession.shared;

import io.procession.internal.family.PerProcess;
import io.procession.internal.family.WaitWord;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom.Outcome;
import io.procession.internal.family.WaitingRoom.Spin;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.SemaphoreLayout;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Permits for the threads of all processes that have it: {@link java.util.concurrent.Semaphore}
 * between processes. Nobody has precedence.
 *
 * <p><b>If a process dies</b>, the permits that it acquired and did not release come back, at once
 * when a common parent has seen the end, else within 100 ms. They are charged to the process, not
 * to a thread, and a release gives back those of the own process first.
 *
 * <p>Any process may release what it never acquired: so a semaphore can count <em>signals</em>,
 * which one side releases and the other acquires for good. Then the signals that a process consumed
 * come back, too, if it dies: after that someone may see a signal twice.
 *
 * <p>Every method throws {@link IllegalStateException} if this handle is closed, also when that
 * happens while it waits; closing gives no permits back as long as the process lives.
 */
public final class SharedSemaphore extends SharedMonitor {

  private static final long UNBOUNDED = -1;

  private final PerProcess taken = family.perProcess(memory, SemaphoreLayout.TAKEN);
  private final WaitWord waiters = waitWord(SemaphoreLayout.WAITERS);
  private final Spin spin = new Spin();

  private SharedSemaphore(Place place) {
    super(place, SemaphoreLayout.MUTEX);
  }

  /**
   * Makes a semaphore.
   *
   * @param permits how many there are; below 0, as many must be released before any is acquired
   * @throws IllegalStateException if the family's memory is used up
   */
  public static SharedSemaphore create(int permits) {
    return create(permits, UNBOUNDED);
  }

  /**
   * Makes a semaphore that never has more permits than at first.
   *
   * @throws IllegalArgumentException if {@code permits} is negative
   * @throws IllegalStateException if the family's memory is used up
   */
  public static SharedSemaphore createBounded(int permits) {
    return create(checked(permits), permits);
  }

  private static SharedSemaphore create(int permits, long bound) {
    var place = allocate(BlockKind.SEMAPHORE, SemaphoreLayout.BYTES);
    Words.release(place.memory(), SemaphoreLayout.TOTAL, permits);
    Words.release(place.memory(), SemaphoreLayout.BOUND, bound);
    return new SharedSemaphore(place);
  }

  static SharedSemaphore readFrom(Input input) throws IOException {
    return read(input, SharedSemaphore.class, SharedSemaphore::new);
  }

  private static int checked(int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException("there are no fewer permits than 0; permits=" + permits);
    }
    return permits;
  }

  /** As {@link #acquire(int)} of one. */
  public void acquire() throws InterruptedException {
    acquire(1);
  }

  /**
   * Waits until so many permits are available, and takes them all at once.
   *
   * @throws IllegalArgumentException if {@code permits} is negative
   * @throws InterruptedException if interrupted before or while it waits; nothing is taken then
   */
  public void acquire(int permits) throws InterruptedException {
    var _ = tryAcquire(permits, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** As {@link #acquireUninterruptibly(int)} of one. */
  public void acquireUninterruptibly() {
    acquireUninterruptibly(1);
  }

  /** As {@link #acquire(int)}; an interrupt has no effect but the thread's flag. */
  public void acquireUninterruptibly(int permits) {
    var _ = take(checked(permits), Long.MAX_VALUE, false);
  }

  /** As {@link #tryAcquire(int)} of one. */
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /**
   * Takes so many permits if they are available at once.
   *
   * @throws IllegalArgumentException if {@code permits} is negative
   */
  public boolean tryAcquire(int permits) {
    return takeNow(checked(permits));
  }

  /** As {@link #tryAcquire(int, long, TimeUnit)} of one. */
  public boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
    return tryAcquire(1, timeout, unit);
  }

  /** As {@link #tryAcquire(int, long, TimeUnit)}. */
  public boolean tryAcquire(int permits, Duration timeout) throws InterruptedException {
    return tryAcquire(permits, Waits.nanos(timeout), TimeUnit.NANOSECONDS);
  }

  /** As {@link #tryAcquire(int, long, TimeUnit)} of one. */
  public boolean tryAcquire(Duration timeout) throws InterruptedException {
    return tryAcquire(1, timeout);
  }

  /**
   * As {@link #acquire(int)}, but waits for as long at most.
   *
   * @return whether the permits were taken; if not, none was
   */
  public boolean tryAcquire(int permits, long timeout, TimeUnit unit) throws InterruptedException {
    var wanted = checked(permits);
    Waits.checkInterrupt();
    return Waits.isOver(take(wanted, unit.toNanos(timeout), true));
  }

  private Outcome take(int permits, long timeoutNanos, boolean interruptible) {
    var start = System.nanoTime();
    while (!takeNow(permits)) {
      var left = Waits.left(timeoutNanos, start);
      var outcome = await(waiters, true, left, interruptible, spin, new Available(permits));
      if (outcome != Outcome.OVER) {
        return outcome;
      }
    }
    return Outcome.OVER;
  }

  private boolean takeNow(int permits) {
    enter();
    try {
      if (available() < permits) {
        return false;
      }
      charge(permits);
      return true;
    } finally {
      exit();
    }
  }

  private void charge(int permits) {
    taken.setOwn(Math.addExact(taken.own(), permits));
    Seam.at(Step.PERMITS_TAKEN);
  }

  private long bound() {
    return Words.plain(memory, SemaphoreLayout.BOUND);
  }

  private long available() {
    var free = total() - taken.sum();
    return bound() == UNBOUNDED ? free : Math.min(free, bound());
  }

  private final class Available implements Waiting {
    private final int permits;

    Available(int permits) {
      this.permits = permits;
    }

    @Override
    public boolean isOver() {
      return available() >= permits;
    }

    @Override
    public void suspects(IntConsumer each) {
      taken.forEachReference(each);
    }
  }

  /** As {@link #release(int)} of one. */
  public void release() {
    release(1);
  }

  /**
   * Gives permits back, or adds them.
   *
   * @throws IllegalArgumentException if {@code permits} is negative
   * @throws IllegalStateException if there would be more than the bound allows; nothing is released
   */
  public void release(int permits) {
    checked(permits);
    enter();
    try {
      trim();
      var available = available();
      if (bound() != UNBOUNDED && available + permits > bound()) {
        throw new IllegalStateException(
            "more permits are released than were acquired; bound=%d available=%d released=%d"
                .formatted(bound(), available, permits));
      }
      if (available + permits > Integer.MAX_VALUE) {
        throw new Error("there cannot be more permits; available=" + available);
      }
      giveBack(permits);
    } finally {
      exit();
    }
    waiters.wakeAll();
  }

  private void giveBack(int permits) {
    var own = taken.own();
    var returned = Math.min(own, permits);
    if (permits > returned) {
      Words.release(memory, SemaphoreLayout.TOTAL, total() + permits - returned);
      Seam.at(Step.PERMITS_ADDED);
    }
    if (returned > 0) {
      taken.setOwn(own - returned);
      Seam.at(Step.PERMITS_RETURNED);
    }
  }

  private long total() {
    return Words.acquire(memory, SemaphoreLayout.TOTAL);
  }

  /** A total above the bound is one to which others gave what a dead process had. */
  private void trim() {
    var taken = this.taken.sum();
    if (bound() != UNBOUNDED && total() - taken > bound()) {
      Words.release(memory, SemaphoreLayout.TOTAL, bound() + taken);
    }
  }

  /** How many permits are available just now. */
  public int availablePermits() {
    checkOpen();
    return (int) available();
  }

  /** Takes all permits that are available at once, and gives how many. */
  public int drainPermits() {
    enter();
    try {
      var available = (int) available();
      if (available > 0) {
        charge(available);
      } else if (available < 0) {
        Words.release(memory, SemaphoreLayout.TOTAL, total() - available);
      }
      return available;
    } finally {
      exit();
    }
  }

  @Override
  public String toString() {
    return isClosed()
        ? super.toString()
        : "SharedSemaphore[id=%d, permits=%d]".formatted(id(), availablePermits());
  }
}
