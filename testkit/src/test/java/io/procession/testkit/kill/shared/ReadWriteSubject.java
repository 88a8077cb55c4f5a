package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.shared.SharedReadWriteLock;
import java.time.Duration;
import java.util.Random;

/** A lock for readers and writers. */
final class ReadWriteSubject implements Subject {

  private static final int MOST_CALLS = 15;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(1);

  private SharedReadWriteLock lock;
  private int readHolds;
  private int writeHolds;
  private boolean changing;
  private boolean marked;
  private boolean maybeMarked;

  @Override
  public void begin(Family root) {
    lock = SharedReadWriteLock.create();
  }

  @Override
  public void use(Family member, int number, long seed) throws Exception {
    var here = Handover.to(member, lock);
    var random = new Random(seed);
    try {
      member.act(() -> {
        for (var call = 0; call < MOST_CALLS; call++) {
          call(here, random);
        }
        return null;
      });
    } finally {
      maybeMarked |= changing || writeHolds > 0;
      marked |= writeHolds > 0 && !changing;
      readHolds = 0;
      writeHolds = 0;
      changing = false;
    }
  }

  private void call(SharedReadWriteLock here, Random random) throws Exception {
    switch (random.nextInt(6)) {
      case 0 -> {
        assertThat(here.readLock().tryLock(LONG)).isTrue();
        readHolds++;
      }
      case 1, 2 -> {
        var before = writeHolds;
        changing = before == 0;
        if (here.writeLock().tryLock(SHORT)) {
          writeHolds++;
        }
        changing = false;
        assertThat(before == 0 && readHolds > 0).isEqualTo(writeHolds == before);
      }
      case 3 -> {
        if (readHolds > 0) {
          readHolds--;
          here.readLock().unlock();
        }
      }
      case 4 -> {
        if (writeHolds > 0) {
          changing = writeHolds == 1;
          writeHolds--;
          here.writeLock().unlock();
          changing = false;
        }
      }
      default -> {
        if (writeHolds > 0) {
          marked = false;
          here.makeConsistent();
          maybeMarked = false;
        }
      }
    }
  }

  @Override
  public void touch() throws Exception {
    assertThat(lock.readLock().tryLock(LONG)).isTrue();
    lock.readLock().unlock();
  }

  @Override
  public void settle() throws Exception {
    assertThat(lock.writeLock().tryLock(LONG)).isTrue();
    assertThat(lock.ownerDied()).as("a writer died").isIn(marked, maybeMarked);
    lock.makeConsistent();
    assertThat(lock.getReadLockCount()).isZero();
    assertThat(lock.writeLock().getHoldCount()).isEqualTo(1);
    lock.writeLock().unlock();
    assertThat(lock.isWriteLocked()).isFalse();
    assertThat(lock.ownerDied()).isFalse();
  }

  @Override
  public void end() {
    lock.close();
  }
}
