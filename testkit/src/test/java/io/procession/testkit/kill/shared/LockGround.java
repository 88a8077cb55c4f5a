package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedLock;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.util.List;
import java.util.Random;

/** A lock, and what it guards. */
@SuppressWarnings("LockNotBeforeTry") // a failure ends the process
record LockGround(SharedLock lock, Guarded guarded) implements Ground {

  static LockGround create(boolean fair) {
    return new LockGround(SharedLock.create(fair), Guarded.create());
  }

  @Override
  public String name() {
    return lock.isFair() ? "fair lock" : "lock";
  }

  @Override
  public void turn(Trace trace, Random random) throws Exception {
    trace.at(Phase.ENTERING);
    switch (random.nextInt(3)) {
      case 0 -> lock.lock();
      case 1 -> Ground.check(lock.tryLock(LONG), "stuck");
      default -> lock.lockInterruptibly();
    }
    trace.at(Phase.HOLDING);
    visit();
    guarded.change();
    trace.done();
    trace.at(Phase.LEAVING);
    lock.unlock();
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
    assertThat(lock.isLocked()).isFalse();
    assertThat(lock.tryLock(LONG)).isTrue();
    visit();
    guarded.checkTold(dead);
    lock.unlock();
    assertThat(lock.isLocked()).isFalse();
  }

  @Override
  public void close() {
    lock.close();
    guarded.close();
  }
}
