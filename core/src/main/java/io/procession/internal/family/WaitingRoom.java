package io.procession.internal.family;

import io.procession.internal.os.Doorbell;
import io.procession.internal.os.SpinBudget;
import io.procession.spi.Waitable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the threads of one process wait for what other processes do.
 *
 * <p>A process has one doorbell, so one thread at a time listens to it and wakes the others. A
 * platform thread that comes to wait first spins, then listens itself for up to 20 ms: that is the
 * fastest way to be woken. Whoever waits longer parks, as do virtual threads at once, and a daemon
 * thread listens for all. It ends when nobody waits any more.
 */
public final class WaitingRoom {

  /** An interrupt cannot end a native wait, so this is how late it may come. */
  private static final long LISTEN_NANOS = 20_000_000;

  private static final long END_LOOK_NANOS = 1_000_000;
  private static final long SLICE_NANOS = Doorbell.SLICE_MILLIS * 1_000_000;
  private static final int SPINS_PER_CLOCK_READING = 32;
  private static final int YIELDS = 4;
  private static final boolean MAY_SPIN = Runtime.getRuntime().availableProcessors() > 1;

  /** How a wait ended. */
  public enum Outcome {
    OVER,
    TIMED_OUT,
    INTERRUPTED
  }

  private static final class Guest {
    final WaitWord word;
    final Waiting waiting;
    final boolean exclusive;
    final @Nullable Thread thread;
    final @Nullable Runnable wake;
    volatile boolean called;

    /** Either a thread that waits, or someone who wants to be told each time. */
    Guest(
        WaitWord word,
        Waiting waiting,
        boolean exclusive,
        @Nullable Thread thread,
        @Nullable Runnable wake) {
      this.word = word;
      this.waiting = waiting;
      this.exclusive = exclusive;
      this.thread = thread;
      this.wake = wake;
    }

    void call() {
      if (wake != null) {
        wake.run();
      } else {
        called = true;
        LockSupport.unpark(thread);
      }
    }
  }

  private final int slot;
  private final Roster roster;
  private final Doorbell doorbell;
  private final Runnable bury;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Guest> guests = new ArrayList<>();
  private final AtomicBoolean listening = new AtomicBoolean();

  /** The daemon, from before its start until after its last look; guarded by the lock. */
  private volatile @Nullable Thread porter;

  /** Whether the porter has nobody to listen for, and ends if none comes soon; by the lock. */
  private boolean lingering;

  private @Nullable Thread exitHook;
  private boolean closed;

  /**
   * @param bury is called when a death was proven
   */
  WaitingRoom(int slot, Roster roster, Runnable bury) {
    this.slot = slot;
    this.roster = roster;
    this.doorbell = roster.doorbell(slot);
    this.bury = bury;
  }

  /**
   * Waits until {@code waiting} is over.
   *
   * @param word what is rung when it may be
   * @param exclusive whether of several that wait at this word one is enough to be woken
   * @param timeoutNanos how long at most; {@link Long#MAX_VALUE} is for ever, 0 or less only looks
   * @param interruptible whether an interrupt ends the waiting; the flag stays set in either case
   * @param spin how long to spin first; null for not at all
   */
  public Outcome await(
      WaitWord word,
      Waiting waiting,
      boolean exclusive,
      long timeoutNanos,
      boolean interruptible,
      @Nullable Spin spin) {
    if (interruptible && Thread.currentThread().isInterrupted()) {
      return Outcome.INTERRUPTED;
    }
    if (waiting.isOver()) {
      return Outcome.OVER;
    }
    if (timeoutNanos <= 0) {
      return Outcome.TIMED_OUT;
    }
    var start = System.nanoTime();
    if (spin != null && (spin.until(waiting, start, timeoutNanos) || yieldUntil(waiting))) {
      return Outcome.OVER;
    }
    var guest = new Guest(word, waiting, exclusive, Thread.currentThread(), null);
    enter(guest);
    var outcome = Outcome.INTERRUPTED;
    try {
      outcome = sleep(guest, start, timeoutNanos, interruptible);
      return outcome;
    } finally {
      leave(guest, outcome);
    }
  }

  /** Where there are more threads than processors, who is waited for may need this very one. */
  @SuppressWarnings("ThreadPriorityCheck") // it is only a try, before the thread sleeps
  private static boolean yieldUntil(Waiting waiting) {
    for (var yields = 0; yields < YIELDS; yields++) {
      Thread.yield();
      if (waiting.isOver()) {
        return true;
      }
    }
    return false;
  }

  /** How long the waiters of one object spin; it learns from how that went. */
  public static final class Spin {
    private static final long MOST_NANOS = 30_000;
    private final SpinBudget budget = new SpinBudget();

    private boolean until(Waiting waiting, long start, long timeoutNanos) {
      if (!MAY_SPIN) {
        return false;
      }
      var nanos = Math.min(budget.nanos(MOST_NANOS), timeoutNanos);
      if (nanos <= 0) {
        return false;
      }
      var inTime = spin(waiting, start, nanos);
      budget.spun(inTime);
      return inTime;
    }

    private static boolean spin(Waiting waiting, long start, long nanos) {
      do {
        for (var spin = 0; spin < SPINS_PER_CLOCK_READING; spin++) {
          Thread.onSpinWait();
          if (waiting.isOver()) {
            return true;
          }
        }
      } while (System.nanoTime() - start < nanos);
      return false;
    }
  }

  /**
   * Calls {@code wake} each time {@code waiting} may have come to be over, until the registration
   * is closed: from any thread, also for nothing. It must be quick, neither block nor throw.
   */
  public Waitable.Registration watch(WaitWord word, Waiting waiting, Runnable wake) {
    var guest = new Guest(word, waiting, false, null, wake);
    enter(guest);
    word.enlist(slot);
    callPorter();
    return () -> leave(guest, Outcome.OVER);
  }

  private void enter(Guest guest) {
    lock.lock();
    try {
      guests.add(guest);
    } finally {
      lock.unlock();
    }
  }

  private void leave(Guest guest, Outcome outcome) {
    boolean others;
    boolean rung;
    lock.lock();
    try {
      guests.remove(guest);
      others = !guests.isEmpty();
      rung =
          guests.stream().noneMatch(other -> other.word.isSame(guest.word))
              && !guest.word.delist(slot);
    } finally {
      lock.unlock();
    }
    if (rung && guest.exclusive && outcome != Outcome.OVER) {
      // What it does not use is another one's, perhaps of another process.
      guest.word.wakeOne();
    }
    if (others) {
      // What rang for this thread may have been meant for another one.
      look();
      callPorter();
    }
  }

  private Outcome sleep(Guest guest, long start, long timeoutNanos, boolean interruptible) {
    var listenNanos = Thread.currentThread().isVirtual() ? 0 : LISTEN_NANOS;
    while (true) {
      guest.called = false;
      guest.word.enlist(slot);
      if (guest.waiting.isOver()) {
        return Outcome.OVER;
      }
      if (interruptible && Thread.currentThread().isInterrupted()) {
        return Outcome.INTERRUPTED;
      }
      var spent = System.nanoTime() - start;
      var left = timeoutNanos == Long.MAX_VALUE ? Long.MAX_VALUE : timeoutNanos - spent;
      if (left <= 0) {
        return Outcome.TIMED_OUT;
      }
      if (spent < listenNanos && listening.compareAndSet(false, true)) {
        try {
          doorbell.await(
              () -> {
                look();
                return guest.waiting.isOver();
              },
              Math.min(left, listenNanos - spent),
              0);
        } finally {
          listening.set(false);
          LockSupport.unpark(porter);
        }
      } else {
        callPorter();
        park(guest, left, interruptible);
      }
    }
  }

  private static void park(Guest guest, long nanos, boolean interruptible) {
    // An interrupt that must not end the waiting would keep the thread from parking.
    var interrupted = !interruptible && Thread.interrupted();
    try {
      if (!guest.called) {
        if (nanos == Long.MAX_VALUE) {
          LockSupport.park(guest.word);
        } else {
          LockSupport.parkNanos(guest.word, nanos);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Has everyone who waits in this process look again. */
  public void look() {
    lock.lock();
    try {
      for (var i = 0; i < guests.size(); i++) {
        var guest = guests.get(i);
        if (!guest.word.isEnlisted(slot)) {
          guest.word.enlist(slot);
        }
        if (!guest.called && guest.waiting.isOver() && !isRepresented(guest, i)) {
          guest.call();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether one that came before waits for the same, and has been called already. */
  private boolean isRepresented(Guest guest, int index) {
    if (guest.exclusive) {
      for (var i = 0; i < index; i++) {
        var earlier = guests.get(i);
        if (earlier.called && earlier.exclusive && earlier.word.isSame(guest.word)) {
          return true;
        }
      }
    }
    return false;
  }

  private void callPorter() {
    lock.lock();
    try {
      if (lingering) {
        LockSupport.unpark(porter);
      } else if (porter == null && !closed && !guests.isEmpty()) {
        if (exitHook == null) {
          leaveNativeAtExit();
        }
        porter = Thread.ofPlatform().daemon().name("procession-porter").start(this::serve);
      }
    } finally {
      lock.unlock();
    }
  }

  private void leaveNativeAtExit() {
    var hook = Thread.ofPlatform().name("procession-exiting").unstarted(this::leaveNative);
    exitHook = hook;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException _) {
      doorbell.leaveNative(); // the exit has begun
    }
  }

  private void leaveNative() {
    lock.lock();
    try {
      if (!closed) {
        doorbell.leaveNative();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The memory is about to go; the porter, if there is one, goes before. */
  void close() {
    var last = stop();
    if (last != null) {
      awaitEnd(last);
    }
  }

  /** For tests: the memory is gone already, and the porter finds that out. */
  void abandon() {
    var _ = stop();
  }

  private @Nullable Thread stop() {
    Thread last = null;
    lock.lock();
    try {
      closed = true;
      last = porter;
      if (exitHook != null) {
        Runtime.getRuntime().removeShutdownHook(exitHook);
      }
    } catch (IllegalStateException _) {
      // The exit has begun; the hook will find this closed.
    } finally {
      lock.unlock();
    }
    return last;
  }

  private void awaitEnd(Thread last) {
    var interrupted = false;
    while (last.isAlive()) {
      doorbell.ring();
      LockSupport.unpark(last);
      try {
        last.join(Duration.ofNanos(END_LOOK_NANOS));
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    var proven = System.nanoTime();
    while (true) {
      if (listening.compareAndSet(false, true)) {
        try {
          doorbell.await(this::lookForPorter, SLICE_NANOS, 0);
        } finally {
          listening.set(false);
        }
      } else {
        // Whoever listens gives this thread a sign when it stops.
        LockSupport.parkNanos(this, SLICE_NANOS);
      }
      look();
      if (System.nanoTime() - proven >= SLICE_NANOS) {
        proveDeaths();
        proven = System.nanoTime();
      }
      if (isEmpty() && !linger()) {
        return;
      }
    }
  }

  /** Waits for guests, who come and go, because a thread costs more than a while of its sleep. */
  private boolean linger() {
    lock.lock();
    try {
      lingering = !closed && guests.isEmpty();
    } finally {
      lock.unlock();
    }
    LockSupport.parkNanos(this, SLICE_NANOS);
    lock.lock();
    try {
      lingering = false;
      if (closed || guests.isEmpty()) {
        porter = null;
        return false;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean lookForPorter() {
    look();
    return isEmpty();
  }

  /** Whether nobody waits, or may wait. */
  private boolean isEmpty() {
    lock.lock();
    try {
      return closed || guests.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void proveDeaths() {
    List<Waiting> all;
    lock.lock();
    try {
      all = guests.stream().map(guest -> guest.waiting).toList();
    } finally {
      lock.unlock();
    }
    var asked = new ArrayList<Integer>();
    var died = new boolean[1];
    for (var waiting : all) {
      waiting.suspects(reference -> {
        if (reference != 0 && !asked.contains(reference)) {
          asked.add(reference);
          died[0] |= roster.proveGone(reference);
        }
      });
    }
    // Or marked by one that died itself before it could bury them.
    if (died[0] || roster.hasUnburied()) {
      roster.ringAll();
      look();
      bury.run();
    }
  }
}
