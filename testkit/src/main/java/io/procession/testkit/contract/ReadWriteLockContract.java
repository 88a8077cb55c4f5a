package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.shared.SharedLong;
import io.procession.shared.SharedReadWriteLock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

/** What a {@link SharedReadWriteLock} promises. */
@SuppressWarnings({"LockNotBeforeTry", "try"}) // locks and closes by hand, as its subject is
public abstract class ReadWriteLockContract extends SharedContract {

  /** For subclasses. */
  protected ReadWriteLockContract() {}

  private static boolean unlock(Lock lock) {
    lock.unlock();
    return true;
  }

  private static boolean lockBriefly(Lock lock) throws InterruptedException {
    return lock.tryLock(1, TimeUnit.MINUTES) && unlock(lock);
  }

  @Test
  void manyReadOrOneWrites() throws Exception {
    try (var party = party();
        var whole = SharedReadWriteLock.create()) {
      var read = whole.readLock();
      var write = whole.writeLock();
      assertThat(party.call(() -> read.tryLock())).isTrue();
      assertThat(read.tryLock()).isTrue();
      assertThat(whole.getReadLockCount()).isEqualTo(2);
      read.unlock();
      assertThat(write.tryLock()).isFalse();
      assertThat(write.tryLock(SHORT)).isFalse();
      var writer = start(() -> lockBriefly(write)).asleep();
      party.call(() -> unlock(read));
      assertThat(writer.get()).isTrue();

      assertThat(party.call(() -> write.tryLock())).isTrue();
      assertThat(whole.isWriteLocked()).isTrue();
      assertThat(read.tryLock()).isFalse();
      assertThat(read.tryLock(SHORT)).isFalse();
      var reader = startVirtual(() -> lockBriefly(read)).asleep();
      party.call(() -> unlock(write));
      assertThat(reader.get()).isTrue();
    }
  }

  private static long work(SharedReadWriteLock whole, SharedLong a, SharedLong b, int times) {
    var torn = 0L;
    for (var i = 0; i < times; i++) {
      if (i % 3 == 0) {
        whole.writeLock().lock();
        a.set(a.get() + 1);
        b.set(b.get() + 1);
        whole.writeLock().unlock();
      } else {
        whole.readLock().lock();
        torn += a.get() == b.get() ? 0 : 1;
        whole.readLock().unlock();
      }
    }
    return torn;
  }

  @Test
  void readersSeeWholeWrites() throws Exception {
    try (var party = party();
        var whole = SharedReadWriteLock.create();
        var a = SharedLong.create(0);
        var b = SharedLong.create(0)) {
      var there = party.begin(() -> work(whole, a, b, 900));
      var here = start(() -> work(whole, a, b, 900));
      assertThat(startVirtual(() -> work(whole, a, b, 900)).get()).isZero();
      assertThat(here.get()).isZero();
      assertThat(there.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS)).isZero();
      assertThat(a.get()).isEqualTo(900);
    }
  }

  @Test
  void aWriterMayReadAndKeepReading() throws Exception {
    try (var party = party();
        var whole = SharedReadWriteLock.create()) {
      var read = whole.readLock();
      var write = whole.writeLock();
      write.lock();
      write.lockInterruptibly();
      assertThat(write.getHoldCount()).isEqualTo(2);
      read.lock();
      read.lock();
      assertThat(read.getHoldCount()).isEqualTo(2);
      write.unlock();
      assertThat(write.isHeldByCurrentThread()).isTrue();
      write.unlock();
      assertThat(write.isHeldByCurrentThread()).isFalse();
      assertThat(party.call(() -> read.tryLock())).isTrue();
      party.call(() -> unlock(read));
      read.unlock();
      assertThat(party.call(() -> write.tryLock())).isFalse();
      read.unlock();
      assertThat(party.call(() -> write.tryLock())).isTrue();
    }
  }

  @Test
  void aReaderThatWantsToWriteIsToldSo() throws Exception {
    try (var whole = SharedReadWriteLock.create()) {
      whole.readLock().lock();
      assertThatThrownBy(whole.writeLock()::lock).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(whole.writeLock()::lockInterruptibly)
          .isInstanceOf(IllegalStateException.class);
      assertThat(whole.writeLock().tryLock()).isFalse();
      assertThat(whole.writeLock().tryLock(SHORT)).isFalse();
      whole.readLock().unlock();
      assertThatThrownBy(whole.readLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
      assertThatThrownBy(whole.writeLock()::unlock)
          .isInstanceOf(IllegalMonitorStateException.class);
    }
  }

  @Test
  void readersThatComeLetAWriterGoFirst() throws Exception {
    try (var party = party();
        var whole = SharedReadWriteLock.create()) {
      var read = whole.readLock();
      var write = whole.writeLock();
      read.lock();
      var writer = start(() -> lockBriefly(write)).asleep();
      var reader = startVirtual(() -> lockBriefly(read)).asleep();
      assertThat(party.call(() -> read.tryLock(SHORT))).isFalse();
      read.lock(); // a reader may read again all the same
      read.unlock();
      read.unlock();
      assertThat(writer.get()).isTrue();
      assertThat(reader.get()).isTrue();
    }
  }

  @Test
  void aWriterThatGivesUpLetsReadersIn() throws Exception {
    try (var party = party();
        var whole = SharedReadWriteLock.create()) {
      var read = whole.readLock();
      party.call(() -> read.tryLock());
      var writer = start(() -> lockBriefly(whole.writeLock())).asleep();
      var reader = start(() -> lockBriefly(read)).asleep();
      writer.thread.interrupt();
      assertThatThrownBy(writer::get).hasCauseInstanceOf(InterruptedException.class);
      assertThat(reader.get()).isTrue();
    }
  }

  @Test
  void whatTheDeadReadIsFree() throws Exception {
    try (var party = party();
        var whole = SharedReadWriteLock.create()) {
      var read = whole.readLock();
      party.call(() -> read.tryLock());
      var writer = start(() -> lockBriefly(whole.writeLock())).asleep();
      party.kill();
      assertThat(writer.get()).isTrue();
      assertThat(whole.ownerDied()).isFalse();
    }
  }

  @Test
  void whatTheDeadWroteComesWithAWarning() throws Exception {
    try (var party = party();
        var whole = SharedReadWriteLock.create()) {
      var write = whole.writeLock();
      party.call(() -> write.tryLock());
      var reader = start(() -> lockBriefly(whole.readLock()) && whole.ownerDied()).asleep();
      party.kill();
      assertThat(reader.get()).isTrue();
      assertThatThrownBy(whole::makeConsistent).isInstanceOf(IllegalMonitorStateException.class);
      write.lock();
      whole.makeConsistent();
      assertThat(whole.ownerDied()).isFalse();
      write.unlock();
    }
  }

  @Test
  void closingEndsTheWaiting() throws Exception {
    try (var party = party();
        var whole = SharedReadWriteLock.create()) {
      var write = whole.writeLock();
      party.call(() -> write.tryLock());
      var reader = start(() -> lockBriefly(whole.readLock())).asleep();
      var writer = start(() -> lockBriefly(write)).asleep();
      whole.close();
      assertThatThrownBy(reader::get).hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(writer::get).hasCauseInstanceOf(IllegalStateException.class);
    }
  }
}
