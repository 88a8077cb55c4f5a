package io.procession.async;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;

/**
 * A place where the tasks of one loop wait until so many have come, again and again; with the
 * methods of {@link java.util.concurrent.CyclicBarrier}.
 *
 * <p>A cancelled task leaves the others waiting for one more, as in asyncio: unlike a thread, it
 * ends in an orderly way, and may come again.
 */
public final class LoopBarrier {

  private final Scheduler scheduler;
  private final int parties;
  private Round round = new Round();

  /** Those who wait for each other. */
  private static final class Round {
    final List<Waiter> waiters = new ArrayList<>();
    boolean isBroken;

    /** One that was cancelled may not have had its turn yet. */
    void forgetCancelled() {
      waiters.removeIf(Waiter::isOver);
    }

    void wakeAll() {
      waiters.forEach(Waiter::wake);
    }
  }

  private LoopBarrier(Scheduler scheduler, int parties) {
    if (parties <= 0) {
      throw new IllegalArgumentException("there must be a party at least. parties=" + parties);
    }
    this.scheduler = scheduler;
    this.parties = parties;
  }

  /**
   * A barrier for the loop that runs the caller.
   *
   * @param parties how many tasks must come
   * @throws IllegalArgumentException if {@code parties} is not positive
   * @throws IllegalStateException outside a loop
   */
  public static LoopBarrier create(int parties) {
    return new LoopBarrier(EventLoop.current().scheduler, parties);
  }

  /**
   * Waits until all have come. The last one does not wait.
   *
   * @return {@link #getParties}{@code - 1} for the first that came, and zero for the last
   * @throws BrokenBarrierException if the barrier is broken, or is reset meanwhile
   * @throws CancellationException if the task is cancelled; the others wait on
   */
  public int await() throws BrokenBarrierException {
    var task = scheduler.requireTask("LoopBarrier.await");
    var mine = round;
    requireWhole(mine);
    mine.forgetCancelled();
    if (mine.waiters.size() == parties - 1) {
      round = new Round();
      mine.wakeAll();
      return 0;
    }
    var waiter = new Waiter(task);
    mine.waiters.add(waiter);
    try {
      waiter.await();
    } catch (CancellationException cancellation) {
      if (!waiter.isWoken()) {
        mine.waiters.remove(waiter);
      }
      throw cancellation;
    }
    requireWhole(mine);
    return parties - 1 - mine.waiters.indexOf(waiter);
  }

  private void requireWhole(Round round) throws BrokenBarrierException {
    if (round.isBroken) {
      throw new BrokenBarrierException(
          "the barrier was broken or reset before all had come. parties=" + parties);
    }
  }

  /** Breaks the barrier until it is {@link #reset}: all who wait or come get an exception. */
  public void breakBarrier() {
    scheduler.requireLoop("LoopBarrier.breakBarrier");
    round.isBroken = true;
    round.wakeAll();
    round.waiters.clear();
  }

  /** Makes the barrier as new. Those who wait get an exception; whoever comes then waits. */
  public void reset() {
    breakBarrier();
    round = new Round();
  }

  /** Whether {@link #breakBarrier} was called and {@link #reset} was not since. */
  public boolean isBroken() {
    return round.isBroken;
  }

  /** How many tasks must come. */
  public int getParties() {
    return parties;
  }

  /** How many wait. */
  public int getNumberWaiting() {
    round.forgetCancelled();
    return round.waiters.size();
  }

  /** Its state, for messages. */
  @Override
  public String toString() {
    return "LoopBarrier[parties=%d, waiting=%d%s]"
        .formatted(parties, getNumberWaiting(), isBroken() ? ", broken" : "");
  }
}
