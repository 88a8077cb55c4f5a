package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.shared.SharedCondition;
import io.procession.shared.SharedLock;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A condition: there are tickets; each is given with one signal, to be taken by one that waits. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // a failure ends the process
record ConditionGround(SharedLock lock, SharedCondition condition, Guarded guarded)
    implements Ground {

  private static final int MOST_TICKETS = 5;

  static ConditionGround create() {
    var lock = SharedLock.create();
    return new ConditionGround(lock, lock.newCondition(), Guarded.create());
  }

  @Override
  public String name() {
    return "condition";
  }

  @Override
  public void turn(Trace trace, Random random) throws Exception {
    trace.at(Phase.ENTERING);
    lock.lock();
    trace.at(Phase.HOLDING);
    visit();
    if (random.nextBoolean() && guarded.tickets() < MOST_TICKETS) {
      guarded.addTickets(1);
      condition.signal();
    } else {
      if (guarded.tickets() == 0) {
        trace.at(Phase.ENTERING);
        var _ = condition.await(Duration.ofMillis(random.nextInt(3)));
        trace.at(Phase.HOLDING);
        visit();
      }
      if (guarded.tickets() > 0) {
        guarded.addTickets(-1);
      }
    }
    guarded.change();
    trace.done();
    trace.at(Phase.LEAVING);
    lock.unlock();
  }

  /** Whoever died may have given a ticket and no signal. */
  private void visit() {
    if (lock.ownerDied()) {
      guarded.repair();
      lock.makeConsistent();
      condition.signalAll();
    } else {
      guarded.check();
    }
  }

  @Override
  public void survive(int role, Trace trace, Random random, BooleanSupplier over) throws Exception {
    while (!over.getAsBoolean()) {
      assertThat(lock.tryLock(LONG)).isTrue();
      visit();
      while (guarded.tickets() == 0 && !over.getAsBoolean()) {
        assertThat(condition.await(LONG)).as("a signal came").isTrue();
        visit();
      }
      guarded.addTickets(guarded.tickets() > 0 ? -1 : 0);
      lock.unlock();
    }
  }

  /** The tickets that were given are taken, though no other signal comes. */
  @Override
  public void calm() throws Exception {
    var end = System.nanoTime() + LONG.toNanos();
    for (var left = 1L; left > 0; ) {
      assertThat(lock.tryLock(LONG)).isTrue();
      visit();
      left = guarded.tickets();
      lock.unlock();
      assertThat(System.nanoTime()).as("a signal is lost; tickets=%d", left).isLessThan(end);
      Thread.sleep(left > 0 ? 1 : 0);
    }
  }

  @Override
  public void wake() {
    lock.lock();
    guarded.addTickets(1);
    condition.signal();
    lock.unlock();
  }

  @Override
  public void checkNobodyDied() {
    guarded.checkNotTold();
  }

  @Override
  public void settle(List<Trace> dead, List<Trace> living) throws Exception {
    assertThat(lock.tryLock(LONG)).isTrue();
    visit();
    guarded.checkTold(dead);
    condition.signalAll();
    assertThat(condition.await(Duration.ofMillis(1))).as("a signal of the past").isFalse();
    lock.unlock();
  }

  @Override
  public void close() {
    condition.close();
    lock.close();
    guarded.close();
  }
}
