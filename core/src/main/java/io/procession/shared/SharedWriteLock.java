package io.procession.shared;

import io.procession.spi.Input;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * The lock of a {@link SharedReadWriteLock} that one thread has while none reads or writes. Methods
 * throw as those of {@link SharedLock} do.
 */
public final class SharedWriteLock implements Lock, Transferable {

  private final SharedReadWriteLock whole;

  SharedWriteLock(SharedReadWriteLock whole) {
    this.whole = whole;
  }

  static SharedWriteLock readFrom(Input input) throws IOException {
    return SharedReadWriteLock.readFrom(input).writeLock();
  }

  @Override
  public void writeTo(Output output) {
    whole.writeTo(output);
  }

  @Override
  public void depart() {
    whole.depart();
  }

  @Override
  public void stay() {
    whole.stay();
  }

  /**
   * Waits until no other thread reads or writes. An interrupt has no effect but the thread's flag.
   *
   * @throws IllegalStateException if the caller has the lock to read: it would wait for itself
   */
  @Override
  public void lock() {
    whole.checkNoUpgrade();
    var _ = whole.write(Long.MAX_VALUE, false);
  }

  /**
   * Waits until no other thread reads or writes, or the calling one is interrupted.
   *
   * @throws IllegalStateException if the caller has the lock to read: it would wait for itself
   */
  @Override
  public void lockInterruptibly() throws InterruptedException {
    whole.checkNoUpgrade();
    var _ = tryLock(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** Takes the lock if no other thread reads or writes, even if some wait to. */
  @Override
  public boolean tryLock() {
    return whole.tryWrite();
  }

  /**
   * Waits until no thread reads or writes, for as long at most; gives whether the caller has it.
   */
  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    Waits.checkInterrupt();
    return Waits.isOver(whole.write(unit.toNanos(time), true));
  }

  /** As {@link #tryLock(long, TimeUnit)}. */
  public boolean tryLock(Duration timeout) throws InterruptedException {
    return tryLock(Waits.nanos(timeout), TimeUnit.NANOSECONDS);
  }

  /**
   * Gives the lock back, once the caller has done so as often as it took it.
   *
   * @throws IllegalMonitorStateException if the calling thread does not have it
   */
  @Override
  public void unlock() {
    whole.unlockWrite();
  }

  /** Makes a condition of this lock: see {@link SharedLock#newCondition}. */
  @Override
  public SharedCondition newCondition() {
    whole.checkOpen();
    return SharedCondition.of(whole.forConditions(), whole.family);
  }

  /** How often the calling thread has the lock to write. */
  public int getHoldCount() {
    return whole.writeHolds();
  }

  /** Whether the calling thread has the lock to write. */
  public boolean isHeldByCurrentThread() {
    return whole.writeHolds() > 0;
  }

  @Override
  public String toString() {
    return "SharedWriteLock of " + whole;
  }
}
