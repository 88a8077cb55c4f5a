package io.procession.shared;

import io.procession.internal.family.PerProcess;
import io.procession.internal.family.WaitWord;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom.Outcome;
import io.procession.internal.family.WaitingRoom.Spin;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.ReadWriteLockLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock that many threads may have to read, or one to write, of all processes that have it: {@link
 * java.util.concurrent.locks.ReentrantReadWriteLock} between processes.
 *
 * <p>Both locks are reentrant. A writer may read as well, and keep the read lock when it gives the
 * write lock back. A reader cannot become a writer: where the JDK's waits for itself for ever, this
 * one throws. Readers that come while a writer waits let it go first, unless they read already.
 *
 * <p><b>If a process dies</b>, what it held to read is free. What it held to write goes to the next
 * one, reader or writer, whom {@link #ownerDied} tells, until a writer calls {@link
 * #makeConsistent}. The same happens when the handle is {@link #close closed} in a process that has
 * the lock.
 *
 * <p>Every method throws {@link IllegalStateException} if this handle is closed, also when that
 * happens while it waits. The two locks travel, too, as does the whole.
 */
public final class SharedReadWriteLock extends SharedMonitor implements ReadWriteLock {

  private final int self = family.self();
  private final PerProcess readers = family.perProcess(memory, ReadWriteLockLayout.READERS);
  private final PerProcess waitingWriters =
      family.perProcess(memory, ReadWriteLockLayout.WAITING_WRITERS);
  private final WaitWord readersWait = waitWord(ReadWriteLockLayout.READERS_WAIT);
  private final WaitWord writersWait = waitWord(ReadWriteLockLayout.WRITERS_WAIT);
  private final Spin spin = new Spin();
  private final SharedReadLock readLock = new SharedReadLock(this);
  private final SharedWriteLock writeLock = new SharedWriteLock(this);

  private final Ownership ownership;

  /** Which threads of this process have the lock; it outlives a handle that was forgotten. */
  private static final class Ownership implements Remains {
    /** How often each thread reads; guarded by the mutex, as is the rest. */
    final Map<Thread, Integer> reads = new HashMap<>();

    @Nullable Thread writer;
    int writes;

    static Ownership at(Place place) {
      return place.remains() instanceof Ownership left ? left : new Ownership();
    }

    @Override
    public boolean areNeeded() {
      return writer != null || !reads.isEmpty();
    }
  }

  private SharedReadWriteLock(Place place) {
    this(place, Ownership.at(place));
  }

  private SharedReadWriteLock(Place place, Ownership ownership) {
    super(place, ReadWriteLockLayout.MUTEX, ownership);
    this.ownership = ownership;
  }

  /**
   * Makes a lock that nobody has.
   *
   * @throws IllegalStateException if the family's memory is used up
   */
  public static SharedReadWriteLock create() {
    return new SharedReadWriteLock(allocate(BlockKind.READ_WRITE_LOCK, ReadWriteLockLayout.BYTES));
  }

  static SharedReadWriteLock readFrom(Input input) throws IOException {
    return read(input, SharedReadWriteLock.class, SharedReadWriteLock::new);
  }

  @Override
  public SharedReadLock readLock() {
    return readLock;
  }

  @Override
  public SharedWriteLock writeLock() {
    return writeLock;
  }

  // What is seen without the mutex is only a hint.

  private long writerWord() {
    return Words.acquire(memory, ReadWriteLockLayout.WRITER);
  }

  private boolean isLost(long word) {
    return word == ReadWriteLockLayout.ABANDONED
        || (word != ReadWriteLockLayout.FREE && family.roster().isGone((int) word));
  }

  private boolean hasWriter() {
    var word = writerWord();
    return word != ReadWriteLockLayout.FREE && !isLost(word);
  }

  /** Within the mutex: clears a writer that died, having marked it. */
  private void inherit() {
    if (isLost(writerWord())) {
      Words.releaseInt(memory, ReadWriteLockLayout.INHERITED, 1);
      Seam.at(Step.WRITER_DEATH_MARKED);
      setWriter(ReadWriteLockLayout.FREE);
    }
  }

  private void setWriter(long word) {
    Words.release(memory, ReadWriteLockLayout.WRITER, word);
    Seam.at(word == ReadWriteLockLayout.FREE ? Step.WRITER_CLEARED : Step.WRITER_SET);
  }

  @SuppressWarnings("ReferenceEquality") // a thread is itself only
  private boolean isWriter() {
    return ownership.writer == Thread.currentThread();
  }

  boolean tryRead(boolean barging) {
    enter();
    try {
      inherit();
      var mine = ownership.reads.getOrDefault(Thread.currentThread(), 0);
      var mayEnter =
          mine > 0 || isWriter() || (!hasWriter() && (barging || waitingWriters.sum() == 0));
      if (mayEnter) {
        if (mine == 0) {
          countReaders(1);
        }
        ownership.reads.put(Thread.currentThread(), Math.addExact(mine, 1));
      }
      return mayEnter;
    } finally {
      exit();
    }
  }

  private void countReaders(int more) {
    readers.setOwn(readers.own() + more);
    Seam.at(Step.READERS_COUNTED);
  }

  Outcome read(long timeoutNanos, boolean interruptible) {
    var start = System.nanoTime();
    while (!tryRead(false)) {
      var outcome =
          await(
              readersWait,
              false,
              Waits.left(timeoutNanos, start),
              interruptible,
              spin,
              new Waiting() {
                @Override
                public boolean isOver() {
                  return !hasWriter() && waitingWriters.sum() == 0;
                }

                @Override
                public void suspects(IntConsumer each) {
                  suspectWriter(each);
                  waitingWriters.forEachReference(each);
                }
              });
      if (outcome != Outcome.OVER) {
        return outcome;
      }
    }
    return Outcome.OVER;
  }

  private void suspectWriter(IntConsumer each) {
    var word = writerWord();
    if (word != ReadWriteLockLayout.ABANDONED) {
      each.accept((int) word);
    }
  }

  void unlockRead() {
    boolean last;
    enter();
    try {
      var mine = ownership.reads.getOrDefault(Thread.currentThread(), 0);
      if (mine == 0) {
        throw new IllegalMonitorStateException(
            "the calling thread does not have the lock to read; SharedReadWriteLock=" + id());
      }
      if (mine > 1) {
        ownership.reads.put(Thread.currentThread(), mine - 1);
        return;
      }
      ownership.reads.remove(Thread.currentThread());
      countReaders(-1);
      last = readers.sum() == 0;
    } finally {
      exit();
    }
    if (last) {
      writersWait.wakeOne();
    }
  }

  boolean tryWrite() {
    enter();
    try {
      inherit();
      if (isWriter()) {
        ownership.writes = Math.addExact(ownership.writes, 1);
        return true;
      }
      if (hasWriter() || readers.sum() > 0) {
        return false;
      }
      setWriter(self);
      ownership.writer = Thread.currentThread();
      ownership.writes = 1;
      return true;
    } finally {
      exit();
    }
  }

  Outcome write(long timeoutNanos, boolean interruptible) {
    if (tryWrite()) {
      return Outcome.OVER;
    }
    if (timeoutNanos <= 0) {
      return Outcome.TIMED_OUT;
    }
    beginUse();
    try {
      countWaitingWriters(1);
      try {
        return waitToWrite(timeoutNanos, interruptible);
      } finally {
        countWaitingWriters(-1);
      }
    } finally {
      endUse();
    }
  }

  private void countWaitingWriters(int more) {
    var _ = mutex.enter();
    try {
      waitingWriters.setOwn(waitingWriters.own() + more);
    } finally {
      mutex.exit();
    }
    if (more < 0) {
      readersWait.wakeAll(); // perhaps they let only this one go first
    }
  }

  private Outcome waitToWrite(long timeoutNanos, boolean interruptible) {
    var start = System.nanoTime();
    var waiting =
        new Waiting() {
          @Override
          public boolean isOver() {
            return !hasWriter() && readers.sum() == 0;
          }

          @Override
          public void suspects(IntConsumer each) {
            suspectWriter(each);
            readers.forEachReference(each);
          }
        };
    while (true) {
      var left = Waits.left(timeoutNanos, start);
      var outcome = await(writersWait, true, left, interruptible, spin, waiting);
      if (outcome != Outcome.OVER || tryWrite()) {
        return outcome;
      }
    }
  }

  /**
   * Lets pass only who does not wait for itself.
   *
   * @throws IllegalStateException if the caller reads and does not write
   */
  void checkNoUpgrade() {
    enter();
    try {
      if (!isWriter() && ownership.reads.containsKey(Thread.currentThread())) {
        throw new IllegalStateException(
            "a thread that has the lock to read would wait for itself to write; unlock the read"
                + " lock first; SharedReadWriteLock="
                + id());
      }
    } finally {
      exit();
    }
  }

  void checkWriter() {
    checkOpen();
    if (!isWriter()) {
      throw new IllegalMonitorStateException(
          "the calling thread does not have the lock to write; SharedReadWriteLock=" + id());
    }
  }

  void unlockWrite() {
    checkWriter();
    if (--ownership.writes == 0) {
      release();
    }
  }

  private void release() {
    enter();
    try {
      ownership.writes = 0;
      ownership.writer = null;
      setWriter(ReadWriteLockLayout.FREE);
    } finally {
      exit();
    }
    writersWait.wakeOne();
    readersWait.wakeAll();
  }

  @Override
  void closing() {
    var _ = mutex.enter();
    try {
      readers.setOwn(0);
      if (writerWord() == self) {
        setWriter(ReadWriteLockLayout.ABANDONED);
      }
    } finally {
      mutex.exit();
    }
    writersWait.wakeOne();
    readersWait.wakeAll();
  }

  int writeHolds() {
    checkOpen();
    return isWriter() ? ownership.writes : 0;
  }

  int readHolds() {
    enter();
    try {
      return ownership.reads.getOrDefault(Thread.currentThread(), 0);
    } finally {
      exit();
    }
  }

  /** How many threads of all processes have the lock to read. */
  public int getReadLockCount() {
    checkOpen();
    return readers.sum();
  }

  /** Whether any thread of any process has the lock to write. */
  public boolean isWriteLocked() {
    checkOpen();
    return hasWriter();
  }

  /**
   * Whether a writer died, or closed its handle, and nobody has declared since that what the lock
   * guards is {@link #makeConsistent consistent}. To be asked by who has the lock, to read or to
   * write.
   */
  public boolean ownerDied() {
    checkOpen();
    return Words.acquireInt(memory, ReadWriteLockLayout.INHERITED) != 0;
  }

  /**
   * Declares that what the lock guards is consistent, or was made so.
   *
   * @throws IllegalMonitorStateException if the calling thread does not have the lock to write
   */
  public void makeConsistent() {
    checkWriter();
    Words.releaseInt(memory, ReadWriteLockLayout.INHERITED, 0);
  }

  ConditionLock forConditions() {
    return new ForConditions();
  }

  private final class ForConditions implements ConditionLock {
    @Override
    public SharedObject object() {
      return SharedReadWriteLock.this;
    }

    @Override
    public void checkHeld() {
      checkWriter();
    }

    @Override
    public int releaseAll() {
      var all = ownership.writes;
      release();
      return all;
    }

    @Override
    public void reacquire(int all) {
      var _ = write(Long.MAX_VALUE, false);
      ownership.writes = all;
    }
  }

  @Override
  public String toString() {
    if (isClosed()) {
      return super.toString();
    }
    var state = isWriteLocked() ? "written" : "readers=" + getReadLockCount();
    return "SharedReadWriteLock[id=%d, %s]".formatted(id(), state);
  }
}
