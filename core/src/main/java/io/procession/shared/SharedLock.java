package io.procession.shared;

import io.procession.internal.family.WaitWord;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom.Outcome;
import io.procession.internal.family.WaitingRoom.Spin;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.LockLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A reentrant lock for the threads of all processes that have it: {@link
 * java.util.concurrent.locks.ReentrantLock} between processes.
 *
 * <p>A thread has the lock; the threads of one process exclude each other as those of several do.
 * Who waits spins for some microseconds and then sleeps; a virtual thread never pins its carrier.
 *
 * <p><b>If the owner's process dies</b>, the next one to come gets the lock, at once when a common
 * parent has seen the end, else within 100 ms; {@link #ownerDied} tells it, and all that follow,
 * until one calls {@link #makeConsistent}: what the lock guards may be half done. A process that is
 * merely slow or stopped keeps its lock. The same happens to a lock whose handle is {@link #close
 * closed} in the process that has it. A <em>thread</em> that ends without unlocking keeps the lock
 * as long as its process lives.
 *
 * <p>Every method throws {@link IllegalStateException} if this handle is closed, also when that
 * happens while it waits; the caller does not have the lock then.
 */
public final class SharedLock extends SharedObject implements Lock {

  private static final int SPINS = 64;

  private final int self = family.self();
  private final WaitWord waiters = waitWord(LockLayout.WAITERS);
  private final Spin spin = new Spin();
  private final @Nullable Tickets tickets;

  private final Ownership ownership;

  /** Which thread of this process has the lock; it outlives a handle that was forgotten. */
  private static final class Ownership implements Remains {
    /** Any thread reads it, to compare with itself. */
    @Nullable Thread owner;

    int holds;

    static Ownership at(Place place) {
      return place.remains() instanceof Ownership left ? left : new Ownership();
    }

    @Override
    public boolean areNeeded() {
      return owner != null;
    }
  }

  private SharedLock(Place place) {
    this(place, Ownership.at(place));
  }

  private SharedLock(Place place, Ownership ownership) {
    super(place, ownership);
    this.ownership = ownership;
    tickets = Words.plainInt(memory, LockLayout.FAIR) == 0 ? null : new Tickets(family, memory);
  }

  /** Makes a lock that nobody has. Who waits longest has no precedence. */
  public static SharedLock create() {
    return create(false);
  }

  /** Makes a lock that goes to those who wait in the order in which they came. */
  public static SharedLock createFair() {
    return create(true);
  }

  /**
   * Makes a lock that nobody has.
   *
   * @param fair whether it goes to those who wait in the order in which they came
   * @throws IllegalStateException if the family's memory is used up
   */
  public static SharedLock create(boolean fair) {
    var place = allocate(BlockKind.LOCK, fair ? LockLayout.FAIR_BYTES : LockLayout.BYTES);
    Words.releaseInt(place.memory(), LockLayout.FAIR, fair ? 1 : 0);
    return new SharedLock(place);
  }

  static SharedLock readFrom(Input input) throws IOException {
    return read(input, SharedLock.class, SharedLock::new);
  }

  /** Waits for the lock as long as it takes. An interrupt has no effect but the thread's flag. */
  @Override
  public void lock() {
    if (!tryAcquire(false)) {
      acquire(Long.MAX_VALUE, false);
    }
  }

  /**
   * Waits for the lock until it has it or is interrupted.
   *
   * @throws InterruptedException if interrupted before or while it waits; the caller does not have
   *     the lock then, or not once more
   */
  @Override
  public void lockInterruptibly() throws InterruptedException {
    tryLock(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** Takes the lock if that is possible at once, even if it is fair and others wait. */
  @Override
  public boolean tryLock() {
    return tryAcquire(true);
  }

  /**
   * Waits for the lock for as long at most. If it is fair, those who wait already go first.
   *
   * @return whether the caller has it
   * @throws InterruptedException as in {@link #lockInterruptibly}
   */
  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    Waits.checkInterrupt();
    return tryAcquire(false) || Waits.isOver(acquire(unit.toNanos(time), true));
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
    checkHeld();
    if (--ownership.holds == 0) {
      release();
    }
  }

  /**
   * Makes a condition of this lock. It travels, too; if this handle is closed, so is the
   * condition's.
   *
   * @throws IllegalStateException if the family's memory is used up
   */
  @Override
  public SharedCondition newCondition() {
    checkOpen();
    return SharedCondition.of(forConditions(), family);
  }

  private boolean tryAcquire(boolean barging) {
    checkOpen();
    if (isOwner()) {
      ownership.holds = Math.addExact(ownership.holds, 1);
      return true;
    }
    return (barging || tickets == null || tickets.isEmpty()) && take();
  }

  /** Takes the lock if it is free, or its owner dead. */
  private boolean take() {
    try {
      if (!Words.swap(memory, LockLayout.OWNER, LockLayout.FREE, self) && !inherit()) {
        return false;
      }
      Seam.at(Step.LOCK_TAKEN);
      ownership.owner = Thread.currentThread();
      ownership.holds = 1;
      return true;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private boolean inherit() {
    var dead = Words.opaque(memory, LockLayout.OWNER);
    if (!isLost(dead) || !Words.swap(memory, LockLayout.OWNER, dead, self)) {
      return false;
    }
    Seam.at(Step.LOCK_INHERITED);
    Words.releaseInt(memory, LockLayout.INHERITED, 1);
    return true;
  }

  private boolean isLost(long word) {
    return word == LockLayout.ABANDONED
        || (word != LockLayout.FREE && family.roster().isGone((int) word));
  }

  private boolean isFree() {
    var word = Words.opaque(memory, LockLayout.OWNER);
    return word == LockLayout.FREE || isLost(word);
  }

  private Outcome acquire(long timeoutNanos, boolean interruptible) {
    if (timeoutNanos <= 0) {
      return Outcome.TIMED_OUT;
    }
    beginUse();
    try {
      return tickets == null
          ? acquireAnyhow(timeoutNanos, interruptible)
          : acquireInTurn(tickets, timeoutNanos, interruptible);
    } finally {
      endUse();
    }
  }

  private Outcome acquireAnyhow(long timeoutNanos, boolean interruptible) {
    for (var spins = 0; spins < SPINS; spins++) {
      Thread.onSpinWait();
      if (isFree() && take()) {
        return Outcome.OVER;
      }
    }
    return acquire(timeoutNanos, interruptible, new Free());
  }

  private Outcome acquireInTurn(Tickets queue, long timeoutNanos, boolean interruptible) {
    var ticket = queue.take();
    var outcome = Outcome.INTERRUPTED;
    try {
      outcome = acquire(timeoutNanos, interruptible, new MyTurn(queue, ticket));
      return outcome;
    } finally {
      queue.giveBack(ticket);
      if (outcome != Outcome.OVER && isFree()) {
        queue.wakeNext();
      }
    }
  }

  private Outcome acquire(long timeoutNanos, boolean interruptible, Free waiting) {
    var start = System.nanoTime();
    while (true) {
      var left = Waits.left(timeoutNanos, start);
      var outcome = await(waiters, tickets == null, left, interruptible, spin, waiting);
      if (outcome != Outcome.OVER || take()) {
        return outcome;
      }
    }
  }

  private class Free implements Waiting {
    @Override
    public boolean isOver() {
      return isFree();
    }

    @Override
    public void suspects(IntConsumer each) {
      var word = Words.opaque(memory, LockLayout.OWNER);
      if (word != LockLayout.ABANDONED) {
        each.accept((int) word);
      }
    }
  }

  private final class MyTurn extends Free {
    private final Tickets queue;
    private final int ticket;

    MyTurn(Tickets queue, int ticket) {
      this.queue = queue;
      this.ticket = ticket;
    }

    @Override
    public boolean isOver() {
      return isFree() && queue.isNext(ticket);
    }

    @Override
    public void suspects(IntConsumer each) {
      super.suspects(each);
      queue.suspects(each);
    }
  }

  private void release() {
    try {
      ownership.holds = 0;
      ownership.owner = null;
      Seam.at(Step.LOCK_LEFT);
      if (!Words.swap(memory, LockLayout.OWNER, self, LockLayout.FREE)) {
        checkOpen(); // closing it has freed it
        throw new IllegalStateException("the memory of a lock is damaged; SharedLock=" + id());
      }
      Seam.at(Step.LOCK_FREED);
      wakeNext();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private void wakeNext() {
    if (waiters.isEmpty()) {
      return;
    }
    if (tickets == null) {
      waiters.wakeOne();
    } else {
      tickets.wakeNext();
    }
  }

  @Override
  void closing() {
    if (Words.swap(memory, LockLayout.OWNER, self, LockLayout.ABANDONED)) {
      waiters.wakeAll();
    }
  }

  private void checkHeld() {
    checkOpen();
    if (!isOwner()) {
      throw new IllegalMonitorStateException(
          "the calling thread does not have the lock; SharedLock=" + id());
    }
  }

  ConditionLock forConditions() {
    return new ForConditions();
  }

  private final class ForConditions implements ConditionLock {
    @Override
    public SharedObject object() {
      return SharedLock.this;
    }

    @Override
    public void checkHeld() {
      SharedLock.this.checkHeld();
    }

    @Override
    public int releaseAll() {
      var all = ownership.holds;
      release();
      return all;
    }

    @Override
    public void reacquire(int all) {
      lock();
      ownership.holds = all;
    }
  }

  /** Whether the calling thread has the lock. */
  public boolean isHeldByCurrentThread() {
    checkOpen();
    return isOwner();
  }

  @SuppressWarnings("ReferenceEquality") // a thread is itself only
  private boolean isOwner() {
    return ownership.owner == Thread.currentThread();
  }

  /** How often the calling thread has the lock; 0 if it does not. */
  public int getHoldCount() {
    return isHeldByCurrentThread() ? ownership.holds : 0;
  }

  /** Whether any thread of any process has the lock. */
  public boolean isLocked() {
    checkOpen();
    return !isFree();
  }

  /** Whether the lock goes to those who wait in the order in which they came. */
  public boolean isFair() {
    return tickets != null;
  }

  /** The id of the process that has the lock; empty if none has, or it is dead. */
  public OptionalLong ownerPid() {
    checkOpen();
    var word = Words.opaque(memory, LockLayout.OWNER);
    var pid = word == LockLayout.FREE || isLost(word) ? 0 : family.roster().pid((int) word);
    return pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
  }

  /**
   * Whether an owner died, or closed its handle, while it had the lock, and nobody has declared
   * since that what the lock guards is {@link #makeConsistent consistent}. To be asked by the
   * owner: without the lock the answer may be out of date.
   */
  public boolean ownerDied() {
    checkOpen();
    return Words.acquireInt(memory, LockLayout.INHERITED) != 0;
  }

  /**
   * Declares that what the lock guards is consistent, or was made so.
   *
   * @throws IllegalMonitorStateException if the calling thread does not have the lock
   */
  public void makeConsistent() {
    checkHeld();
    Words.releaseInt(memory, LockLayout.INHERITED, 0);
  }

  @Override
  public String toString() {
    if (isClosed()) {
      return super.toString();
    }
    var pid = ownerPid();
    return "SharedLock[id=%d, %s]"
        .formatted(id(), pid.isEmpty() ? "free" : "ownerPid=" + pid.getAsLong());
  }
}
