package io.procession.shared;

import io.procession.internal.family.Family;
import io.procession.internal.family.PerProcess;
import io.procession.internal.family.WaitWord;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom.Outcome;
import io.procession.internal.family.WaitingRoom.Spin;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.ConditionLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.function.IntConsumer;

/**
 * A condition of a {@link SharedLock}, or of the write lock of a {@link SharedReadWriteLock}, for
 * which threads of all processes wait. It has the contract of {@link Condition}: waiting frees the
 * lock and has it again, as often as before, when it returns or throws.
 *
 * <p>Of the threads of one process the longest waiting is signalled first; the processes take
 * turns. A signal for a process that dies before a thread of it has the lock again is passed on.
 *
 * <p>It travels together with its lock. Every method throws {@link IllegalMonitorStateException} if
 * the caller does not have the lock, and {@link IllegalStateException} if this handle or that of
 * the lock is closed; if the latter happens while it waits, the caller does not have the lock then.
 */
public final class SharedCondition extends SharedObject implements Condition {

  /** A thread of this process that waits. */
  private static final class Sleeper {
    volatile boolean signalled;
  }

  private final ConditionLock lock;
  private final PerProcess waiting = family.perProcess(memory, ConditionLayout.WAITING);
  private final PerProcess signalled = family.perProcess(memory, ConditionLayout.SIGNALLED);
  private final WaitWord waiters = waitWord(ConditionLayout.WAITERS);
  private final Spin spin = new Spin();

  /** Who waits here and has no signal, the longest first; guarded by the lock, as is the rest. */
  private final ArrayDeque<Sleeper> sleepers = new ArrayDeque<>();

  /** How many of this process's signals belong to a thread that has not returned yet. */
  private final AtomicInteger assigned = new AtomicInteger();

  private SharedCondition(Place place, ConditionLock lock) {
    super(place);
    this.lock = lock;
    lock.object().takeAlong(this);
  }

  static SharedCondition of(ConditionLock lock, Family family) {
    family.enterAgain();
    try {
      return new SharedCondition(
          allocateIn(family, BlockKind.CONDITION, ConditionLayout.BYTES), lock);
    } catch (RuntimeException | Error e) {
      family.leave();
      throw e;
    }
  }

  static SharedCondition readFrom(Input input) throws IOException {
    var lock =
        input.getByte() == 0
            ? SharedLock.readFrom(input).forConditions()
            : SharedReadWriteLock.readFrom(input).forConditions();
    return read(input, SharedCondition.class, place -> new SharedCondition(place, lock));
  }

  @Override
  public void writeTo(Output output) {
    output.putByte(lock.object() instanceof SharedLock ? 0 : 1);
    lock.object().writeTo(output);
    super.writeTo(output);
  }

  @Override
  public void depart() {
    lock.object().depart();
    super.depart();
  }

  @Override
  public void stay() {
    super.stay();
    lock.object().stay();
  }

  /**
   * Waits until it is signalled.
   *
   * @throws InterruptedException if interrupted before it was signalled
   */
  @Override
  public void await() throws InterruptedException {
    waitFor(Long.MAX_VALUE);
  }

  /**
   * Waits until it is signalled, for as long at most.
   *
   * @return whether it was signalled
   * @throws InterruptedException if interrupted before it was signalled
   */
  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    return waitFor(unit.toNanos(time));
  }

  /** As {@link #await(long, TimeUnit)}. */
  public boolean await(Duration timeout) throws InterruptedException {
    return waitFor(Waits.nanos(timeout));
  }

  /**
   * Waits until it is signalled, for as long at most.
   *
   * @return how much of the time is left; 0 or less if none is
   * @throws InterruptedException if interrupted before it was signalled
   */
  @Override
  public long awaitNanos(long nanosTimeout) throws InterruptedException {
    var start = System.nanoTime();
    waitFor(nanosTimeout);
    return nanosTimeout - (System.nanoTime() - start);
  }

  /**
   * Waits until it is signalled, at the longest until the system's clock shows the deadline.
   *
   * @return whether it was signalled
   * @throws InterruptedException if interrupted before it was signalled
   */
  @Override
  @SuppressWarnings("JavaUtilDate") // the interface has it so
  public boolean awaitUntil(Date deadline) throws InterruptedException {
    var millis = deadline.getTime() - System.currentTimeMillis();
    return waitFor(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Waits until it is signalled. An interrupt has no effect but the thread's flag. */
  @Override
  public void awaitUninterruptibly() {
    lock.checkHeld();
    sleep(Long.MAX_VALUE, false);
  }

  private boolean waitFor(long timeoutNanos) throws InterruptedException {
    lock.checkHeld();
    Waits.checkInterrupt();
    return Waits.isOver(sleep(timeoutNanos, true));
  }

  private Outcome sleep(long timeoutNanos, boolean interruptible) {
    beginUse();
    try {
      var sleeper = enter();
      var start = System.nanoTime();
      while (true) {
        var outcome = sleep(sleeper, Waits.left(timeoutNanos, start), interruptible);
        if (sleeper.signalled) {
          leave();
          return Outcome.OVER;
        }
        if (outcome != Outcome.OVER || isClosed()) {
          sleepers.remove(sleeper);
          waiting.setOwn(waiting.own() - 1);
          checkOpen();
          return outcome;
        }
      }
    } finally {
      endUse();
    }
  }

  private Sleeper enter() {
    settle();
    var sleeper = new Sleeper();
    sleepers.add(sleeper);
    signalled.setOwn(signalled.own());
    waiting.setOwn(waiting.own() + 1);
    Seam.at(Step.CONDITION_ENTERED);
    return sleeper;
  }

  /** Frees the lock, waits, and has it again; closing the handle of the condition ends it, too. */
  private Outcome sleep(Sleeper sleeper, long timeoutNanos, boolean interruptible) {
    var holds = lock.releaseAll();
    var outcome = Outcome.OVER;
    try {
      outcome =
          await(waiters, true, timeoutNanos, interruptible, spin, new SignalledOrMust(sleeper));
    } catch (IllegalStateException e) {
      if (!isClosed()) {
        throw e;
      }
    }
    try {
      lock.reacquire(holds);
    } catch (IllegalStateException e) {
      waiting.setOwn(0); // the lock is closed here: nobody of this process can be signalled
      throw e;
    }
    settle();
    return outcome;
  }

  private void leave() {
    assigned.decrementAndGet();
    signalled.setOwn(signalled.own() - 1);
    Seam.at(Step.CONDITION_LEFT);
    waiting.setOwn(waiting.own() - 1);
  }

  /** Assigns what signals there are: those of the dead to other processes, ours to our threads. */
  private void settle() {
    for (var slot = 0; slot < signalled.slots(); slot++) {
      for (var left = signalled.left(slot); left > 0; left--) {
        signalOne();
      }
      if (signalled.left(slot) != 0) {
        signalled.clear(slot);
      }
    }
    var any = false;
    while (signalled.own() > assigned.get() && !sleepers.isEmpty()) {
      assigned.incrementAndGet();
      sleepers.remove().signalled = true;
      any = true;
    }
    if (any) {
      family.room().look();
    }
  }

  /** Signals the thread that waits longest in the process whose turn it is, if any thread waits. */
  @Override
  public void signal() {
    checkOpen();
    lock.checkHeld();
    settle();
    signalOne();
  }

  /** Signals all threads that wait. */
  @Override
  public void signalAll() {
    checkOpen();
    lock.checkHeld();
    settle();
    while (signalOne()) {}
  }

  private boolean signalOne() {
    var last = Words.plainInt(memory, ConditionLayout.LAST_SIGNALLED);
    var slots = waiting.slots();
    for (var next = 1; next <= slots; next++) {
      var slot = (last + next) % slots;
      var already = signalled.get(slot);
      if (waiting.get(slot) > already) {
        signalled.set(slot, already + 1);
        Seam.at(Step.CONDITION_SIGNALLED);
        Words.releaseInt(memory, ConditionLayout.LAST_SIGNALLED, slot);
        family.roster().ring(slot);
        return true;
      }
    }
    return false;
  }

  /** Whether this thread is signalled, or must have the lock to see to a signal. */
  private final class SignalledOrMust implements Waiting {
    private final Sleeper sleeper;

    SignalledOrMust(Sleeper sleeper) {
      this.sleeper = sleeper;
    }

    @Override
    public boolean isOver() {
      return sleeper.signalled || signalled.own() > assigned.get() || signalled.anyLeft();
    }

    @Override
    public void suspects(IntConsumer each) {
      signalled.forEachReference(each);
    }
  }
}
