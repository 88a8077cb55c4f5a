package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedReadWriteLock;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.util.List;
import java.util.Random;

/** A lock for readers and writers, and what it guards. */
@SuppressWarnings("LockNotBeforeTry") // a failure ends the process
record ReadWriteGround(SharedReadWriteLock lock, Guarded guarded) implements Ground {

  static ReadWriteGround create() {
    return new ReadWriteGround(SharedReadWriteLock.create(), Guarded.create());
  }

  @Override
  public String name() {
    return "read-write lock";
  }

  @Override
  public void turn(Trace trace, Random random) throws Exception {
    if (random.nextBoolean()) {
      // Whoever dies while it reads leaves nothing that there is to be told of.
      trace.at(Phase.LEAVING);
      Ground.check(lock.readLock().tryLock(LONG), "stuck");
      if (!lock.ownerDied()) {
        guarded.check();
      }
      lock.readLock().unlock();
      return;
    }
    trace.at(Phase.ENTERING);
    Ground.check(lock.writeLock().tryLock(LONG), "stuck");
    trace.at(Phase.HOLDING);
    visit();
    guarded.change();
    trace.done();
    trace.at(Phase.LEAVING);
    lock.writeLock().unlock();
  }

  private void visit() {
    if (lock.ownerDied()) {
      guarded.repair();
      lock.makeConsistent();
    } else {
      guarded.check();
    }
  }

  @Override
  public void checkNobodyDied() {
    guarded.checkNotTold();
  }

  @Override
  public void settle(List<Trace> dead, List<Trace> living) throws Exception {
    assertThat(lock.getReadLockCount()).isZero();
    assertThat(lock.writeLock().tryLock(LONG)).isTrue();
    visit();
    guarded.checkTold(dead);
    lock.writeLock().unlock();
    assertThat(lock.isWriteLocked()).isFalse();
    assertThat(lock.readLock().tryLock(LONG)).isTrue();
    lock.readLock().unlock();
  }

  @Override
  public void close() {
    lock.close();
    guarded.close();
  }
}
