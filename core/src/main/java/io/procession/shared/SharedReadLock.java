package io.procession.shared;

import io.procession.spi.Input;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The lock of a {@link SharedReadWriteLock} that many threads may have at once, as long as none
 * writes. Methods throw as those of {@link SharedLock} do.
 */
public final class SharedReadLock implements Lock, Transferable {

  private final SharedReadWriteLock whole;

  SharedReadLock(SharedReadWriteLock whole) {
    this.whole = whole;
  }

  static SharedReadLock readFrom(Input input) throws IOException {
    return SharedReadWriteLock.readFrom(input).readLock();
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

  /** Waits until no other thread writes. An interrupt has no effect but the thread's flag. */
  @Override
  public void lock() {
    var _ = whole.read(Long.MAX_VALUE, false);
  }

  /** Waits until no other thread writes, or the calling one is interrupted. */
  @Override
  public void lockInterruptibly() throws InterruptedException {
    var _ = tryLock(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** Takes the lock if no other thread writes, even if some wait to. */
  @Override
  public boolean tryLock() {
    return whole.tryRead(true);
  }

  /** Waits until no other thread writes, for as long at most; gives whether the caller has it. */
  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    Waits.checkInterrupt();
    return Waits.isOver(whole.read(unit.toNanos(time), true));
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
    whole.unlockRead();
  }

  /** How often the calling thread has the lock to read. */
  public int getHoldCount() {
    return whole.readHolds();
  }

  /**
   * There are no conditions for readers.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public Condition newCondition() {
    throw new UnsupportedOperationException("only the write lock has conditions");
  }

  @Override
  public String toString() {
    return "SharedReadLock of " + whole;
  }
}
