package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.shared.SharedCondition;
import io.procession.shared.SharedLock;
import java.time.Duration;
import java.util.Random;

/** A lock and its condition. */
final class LockSubject implements Subject {

  private static final int MOST_CALLS = 12;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(1);

  private final boolean fair;
  private SharedLock lock;
  private SharedCondition condition;

  /** How many holds the one at work has for sure. */
  private int holds;

  /** Whether it is in a call that gives it the lock, or takes it away. */
  private boolean changing;

  private boolean marked;
  private boolean maybeMarked;

  LockSubject(boolean fair) {
    this.fair = fair;
  }

  @Override
  public void begin(Family root) {
    lock = SharedLock.create(fair);
    condition = lock.newCondition();
  }

  @Override
  public void use(Family member, int number, long seed) throws Exception {
    var here = Handover.to(member, lock);
    var there = Handover.to(member, condition);
    var random = new Random(seed);
    try {
      member.act(() -> {
        for (var call = 0; call < MOST_CALLS; call++) {
          call(here, there, random);
        }
        return null;
      });
    } finally {
      maybeMarked |= changing || holds > 0;
      marked |= holds > 0 && !changing;
      holds = 0;
      changing = false;
    }
  }

  private void call(SharedLock here, SharedCondition there, Random random) throws Exception {
    var choice = random.nextInt(10);
    if (choice < 4) {
      changing = holds == 0;
      if (choice == 0) {
        here.lock();
      } else if (choice == 1) {
        assertThat(here.tryLock()).isTrue();
      } else {
        assertThat(here.tryLock(LONG)).isTrue();
      }
      changing = false;
      holds++;
      assertThat(here.ownerDied()).as("told when entered").isIn(marked, maybeMarked);
      assertThat(here.getHoldCount()).isEqualTo(holds);
    } else if (holds > 0) {
      change(here, there, choice);
    }
  }

  private void change(SharedLock here, SharedCondition there, int choice) throws Exception {
    switch (choice) {
      case 4, 5, 6 -> {
        changing = holds == 1;
        holds--;
        here.unlock();
        changing = false;
      }
      case 7 -> {
        var before = holds;
        changing = true;
        there.await(SHORT);
        changing = false;
        assertThat(here.getHoldCount()).isEqualTo(before);
      }
      case 8 -> there.signal();
      default -> {
        marked = false;
        here.makeConsistent();
        maybeMarked = false;
      }
    }
  }

  @Override
  public void touch() throws Exception {
    assertThat(lock.tryLock(LONG)).isTrue();
    lock.unlock();
  }

  @Override
  public void settle() throws Exception {
    assertThat(lock.tryLock(LONG)).isTrue();
    assertThat(lock.ownerDied()).as("an owner died").isIn(marked, maybeMarked);
    if (marked) {
      assertThat(lock.ownerDied()).as("an owner died").isTrue();
    }
    lock.makeConsistent();
    assertThat(lock.ownerDied()).isFalse();
    condition.signalAll();
    assertThat(condition.await(SHORT)).as("a signal of the past").isFalse();
    var signaller = Thread.ofPlatform().start(this::signal);
    assertThat(condition.await(LONG)).isTrue();
    lock.unlock();
    signaller.join();
    assertThat(lock.isLocked()).isFalse();
  }

  private void signal() {
    lock.lock();
    condition.signal();
    lock.unlock();
  }

  @Override
  public void end() {
    condition.close();
    lock.close();
  }
}
