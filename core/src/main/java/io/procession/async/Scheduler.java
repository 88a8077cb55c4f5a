package io.procession.async;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose turn it is.
 *
 * <p>One thread at a time holds the baton: that of a task, or the runner. Whoever gives it up looks
 * for the next task and hands it over directly, which costs one unpark and one park. If no task is
 * ready the runner gets it, and sleeps until a timer, a socket or another thread has something. All
 * fields without further protection belong to the holder of the baton.
 */
final class Scheduler {

  /** After so many turns in a row the runner is woken to keep its processor's scheduler busy. */
  private static final int BRISK = 64;

  /** The runner parks again after so many looks at which no turn was taken. */
  private static final int QUIET = 50;

  final EventLoop loop;
  private final ArrayDeque<Turn> ready = new ArrayDeque<>();
  private final Queue<Turn> outside = new ConcurrentLinkedQueue<>();
  private final Set<BodyTask<?>> tasks = new LinkedHashSet<>();

  /** Tasks that something outside the loop ends, and has not. */
  private final Set<OutsideTask<?>> awaited = new LinkedHashSet<>();

  private final Timers timers = new Timers(this);
  private final Sockets sockets = new Sockets();
  private final Unseen unseen = new Unseen();
  private final Thread runner;

  /** Turns that are left of this round; then what is outside and the timers are looked at. */
  private int round;

  private @Nullable BodyTask<?> main;
  private @Nullable BodyTask<?> running;
  private long numbers;

  private volatile @Nullable Thread holder;
  private volatile boolean isClosed;
  private volatile boolean runnerIsParked;

  /** Whether the runner sleeps, with the baton, and somebody must wake it. */
  private final AtomicBoolean isAsleep = new AtomicBoolean();

  /** Turns taken; others only watch it. */
  private final AtomicLong turns = new AtomicLong();

  Scheduler(EventLoop loop, Thread runner) {
    this.loop = loop;
    this.runner = runner;
  }

  // --- what tasks and callbacks do
  // -----------------------------------------------------------------

  void ready(Turn turn) {
    ready.add(turn);
  }

  void start(BodyTask<?> task) {
    tasks.add(task);
    ready.add(task);
  }

  Timers timers() {
    return timers;
  }

  Sockets sockets() {
    return sockets;
  }

  Unseen unseen() {
    return unseen;
  }

  long nextNumber() {
    return numbers++;
  }

  void expect(OutsideTask<?> task) {
    awaited.add(task);
  }

  void ended(OutsideTask<?> task) {
    awaited.remove(task);
  }

  /** All that have not ended, in the order in which they were made. */
  List<LoopTask<?>> tasks() {
    return Stream.<LoopTask<?>>concat(tasks.stream(), awaited.stream())
        .sorted(Comparator.comparingLong(LoopTask::number))
        .toList();
  }

  boolean isInLoop() {
    return isHeldBy(Thread.currentThread());
  }

  @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
  private boolean isHeldBy(Thread thread) {
    return holder == thread;
  }

  void requireLoop(String what) {
    if (!isInLoop() && !isClosed) {
      throw new IllegalStateException(
          what
              + " was called outside its event loop; EventLoop.callSoon leads into it. thread="
              + Thread.currentThread());
    }
  }

  /** As {@link #requireLoop}, for what makes something that the loop has yet to do. */
  void requireOpen(String what) {
    requireLoop(what);
    if (isClosed) {
      throw ended();
    }
  }

  IllegalStateException ended() {
    return new IllegalStateException("the event loop has ended. loop=" + loop);
  }

  BodyTask<?> requireTask(String what) {
    var task = running;
    if (!isInLoop()) {
      throw new IllegalStateException(
          what
              + " was called outside its event loop; call it in one of the loop's tasks. thread="
              + Thread.currentThread());
    }
    if (task == null) {
      throw new IllegalStateException(
          what + " was called in a callback, which cannot wait; create a task. loop=" + loop);
    }
    return task;
  }

  /** From any thread: puts {@code turn} behind what is ready when the loop looks for it. */
  boolean arrive(Turn turn) {
    outside.add(turn);
    if (isClosed && outside.remove(turn)) {
      return false;
    }
    if (isAsleep.compareAndSet(true, false)) {
      LockSupport.unpark(runner);
      sockets.wakeup();
    }
    return true;
  }

  /** The running task gives up the baton, and returns when it has it again. */
  void pause(BodyTask<?> task) {
    var next = next();
    if (next != task) {
      handOver(next);
      awaitBaton(task);
    }
    running = task;
  }

  /** The running task has ended, and its thread with it. */
  void leave(BodyTask<?> task) {
    tasks.remove(task);
    BodyTask<?> next = null;
    try {
      next = task == main || tasks.isEmpty() ? null : next();
    } finally {
      handOver(next);
    }
  }

  private void awaitBaton(BodyTask<?> task) {
    var self = Thread.currentThread();
    while (!isHeldBy(self)) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        // Somebody who has this thread wants it to end; the way to end a task is to cancel it.
        arrive(new Callback(() -> task.cancel("the thread of the task was interrupted")));
      }
    }
  }

  private void handOver(@Nullable BodyTask<?> next) {
    running = next;
    var count = turns.getPlain() + 1;
    turns.lazySet(count);
    var isNew = next != null && !next.isStarted();
    var thread = next == null ? runner : next.thread();
    holder = thread;
    if (isNew) {
      thread.start();
    } else {
      LockSupport.unpark(thread);
    }
    if (count % BRISK == 0 && runnerIsParked) {
      LockSupport.unpark(runner);
    }
  }

  /** The next task; null if there is none now. Runs callbacks on the way. */
  private @Nullable BodyTask<?> next() {
    while (true) {
      if (round == 0) {
        collect();
        round = ready.size();
      }
      switch (ready.poll()) {
        case null -> {
          round = 0;
          return null;
        }
        case BodyTask<?> task -> {
          round--;
          return task;
        }
        case Callback callback -> {
          round--;
          call(callback);
        }
      }
    }
  }

  private void collect() {
    sockets.poll();
    for (var turn = outside.poll(); turn != null; turn = outside.poll()) {
      ready.add(turn);
    }
    timers.runDue();
  }

  private void call(Callback callback) {
    running = null;
    turns.lazySet(turns.getPlain() + 1);
    try {
      callback.action().run();
    } catch (Throwable failure) {
      System.getLogger("io.procession.async")
          .log(System.Logger.Level.ERROR, "a callback failed. loop=" + loop, failure);
    }
  }

  // --- what the runner does
  // ------------------------------------------------------------------------

  /** Runs {@code task} until it has ended. The runner's thread, first. */
  void runMain(BodyTask<?> task) {
    holder = runner;
    main = task;
    start(task);
    while (!task.isDone()) {
      step();
    }
  }

  /** Runs whatever tasks there are until all have ended. */
  void runAll() {
    while (!tasks.isEmpty()) {
      step();
    }
  }

  /** Nothing arrives any more, and the runner gives up the baton. */
  void close() {
    isClosed = true;
    outside.clear();
    sockets.close();
    holder = null;
    unseen.logAll();
  }

  private void step() {
    var next = next();
    if (next != null) {
      handOver(next);
      awaitReturn();
    } else {
      sleep();
    }
  }

  /**
   * Waits until the baton comes back. While tasks take turns briskly the runner does not park but
   * yields: its virtual thread, always ready, keeps the JDK's scheduler from waking other carrier
   * threads for each task that is unparked, only to have them fight for it. Switches are two to
   * four times as fast for that, and take less processor time.
   */
  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on the yield but speed
  private void awaitReturn() {
    while (!isHeldBy(runner)) {
      runnerIsParked = true;
      if (!isHeldBy(runner)) {
        LockSupport.park(this);
      }
      runnerIsParked = false;
      var seen = turns.get();
      for (var quiet = 0; quiet < QUIET && !isHeldBy(runner); quiet++) {
        Thread.yield();
        var now = turns.get();
        if (now != seen) {
          seen = now;
          quiet = 0;
        }
      }
    }
  }

  private void sleep() {
    isAsleep.set(true);
    if (outside.isEmpty()) {
      var nanos = timers.nanosUntilNext();
      if (sockets.areUsed()) {
        sockets.await(nanos);
      } else if (nanos > 0) {
        LockSupport.parkNanos(this, nanos);
      }
    }
    isAsleep.set(false);
  }

  // --- what the watch sees
  // -------------------------------------------------------------------------

  /** What holds the loop: the number of its turn, its thread, and its task if it is one. */
  record Hold(long turn, Thread thread, @Nullable BodyTask<?> task) {}

  /** Null if the loop sleeps. From any thread: it may be a moment old. */
  @Nullable Hold hold() {
    var thread = holder;
    return thread == null || isAsleep.get() ? null : new Hold(turns.get(), thread, running);
  }
}
