package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who runs what: every call that was submitted and has not ended is here, either waiting or sent to
 * a worker. A call is in one of these states:
 *
 * <pre>
 *   waiting ──► sent ──► started ──► settled     (told to its job, once)
 *      ▲         │          │
 *      └─────────┘          └──► failed          (its worker died; or waiting again, if it may be retried)
 *   taken back, or its worker died
 * </pre>
 *
 * <p>The worker itself marks a call as started, with one atomic step in the shared memory, and the
 * ledger takes calls back with another: so each knows what the other did, also after a kill.
 */
final class Ledger {

  /** A worker gets more before it is done only if what it has takes less than this. */
  private static final long BACKLOG_NANOS = 1_500_000;

  /** Work that takes less than this is not worth taking from another worker. */
  private static final long STEAL_NANOS = 50_000;

  private static final int MOST_SENT = 32;
  private static final int FUTILE_EXITS = 3;
  private static final int FUTILE_KILLS = 20;
  private static final long GRACE_MILLIS = 1000;

  private enum State {
    RUNNING,
    SHUTDOWN,
    BROKEN,
    TERMINATED
  }

  private final Engine engine;
  private final String name;
  private final Executor callbacks;
  private final @Nullable Initializing initializing;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition terminated = lock.newCondition();
  private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
  private final List<Slot> slots = new ArrayList<>();
  private State state = State.RUNNING;
  private @Nullable Throwable broken;
  private long nextSequence = 1;
  private int workersStarted;

  /**
   * Workers that died before they started a call, since a call last ended: who exited, who was
   * killed.
   */
  private int futileExits;

  private int futileKills;

  Ledger(Engine engine, String name, Executor callbacks, @Nullable Initializing initializing) {
    this.engine = engine;
    this.name = name;
    this.callbacks = callbacks;
    this.initializing = initializing;
  }

  void startWorkers(int count) {
    lock.lock();
    try {
      for (var i = 0; i < count; i++) {
        startWorker();
      }
    } finally {
      lock.unlock();
    }
  }

  private void startWorker() {
    workersStarted++;
    var slot = new Slot(name + "-worker-" + workersStarted);
    slots.add(slot);
    slot.worker = engine.start(slot.name, new Ear(slot));
  }

  // Submitting

  /**
   * Takes calls.
   *
   * @throws RejectedExecutionException if the pool takes none; nothing was taken
   */
  void submit(Batch batch) {
    lock.lock();
    try {
      checkOpen();
      waiting.addLast(batch);
      dispatch();
    } finally {
      lock.unlock();
    }
  }

  void checkOpen() {
    lock.lock();
    try {
      var cause = broken;
      if (cause != null) {
        throw new PoolBrokenException(String.valueOf(cause.getMessage()), cause);
      }
      if (state != State.RUNNING) {
        throw new RejectedExecutionException(
            "the pool was shut down and takes no more tasks; submit before shutdown() or close()."
                + " pool="
                + name);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends what waits to whoever has room: first to those who have nothing to do. If these are still
   * without work when nothing waits any more, they get of what others have not started.
   */
  private void dispatch() {
    sendWaiting();
    for (var slot : slots) {
      if (slot.state == WorkerInfo.State.IDLE && waiting.isEmpty()) {
        steal();
        sendWaiting();
      }
    }
  }

  private void sendWaiting() {
    while (!waiting.isEmpty()) {
      var slot = roomiest();
      if (slot == null) {
        return;
      }
      if (!send(slot, waiting.getFirst())) {
        slot.isFull = true;
        continue;
      }
      waiting.removeFirst();
    }
  }

  private @Nullable Slot roomiest() {
    Slot best = null;
    var bestNanos = BACKLOG_NANOS;
    for (var slot : slots) {
      if (!slot.takesWork() || slot.isFull) {
        continue;
      }
      if (slot.sent.isEmpty()) {
        return slot;
      }
      if (slot.sent.size() < MOST_SENT) {
        var nanos = slot.backlogNanos();
        if (nanos < bestNanos) {
          best = slot;
          bestNanos = nanos;
        }
      }
    }
    return best;
  }

  private boolean send(Slot slot, Batch batch) {
    var sequence = nextSequence++;
    // It is entered before it is sent: the worker may answer before this thread goes on.
    var sent = new Slot.Sent(sequence, batch);
    slot.sent.addLast(sent);
    if (!slot.worker().offer(sequence, batch.calls(), batch.from(), batch.to())) {
      slot.sent.removeLast();
      return false;
    }
    slot.state = WorkerInfo.State.BUSY;
    return true;
  }

  /** Takes half of what the busiest worker has not started, for a worker that has nothing to do. */
  private void steal() {
    Slot victim = null;
    var mostNanos = STEAL_NANOS;
    for (var slot : slots) {
      var nanos = slot.unstartedNanos();
      if (nanos > mostNanos) {
        victim = slot;
        mostNanos = nanos;
      }
    }
    if (victim == null) {
      return;
    }
    var want = (victim.unstarted() + 1) / 2;
    for (var each = victim.sent.descendingIterator(); each.hasNext() && want > 0; ) {
      var sent = each.next();
      var open = sent.end - victim.worker().started(sent.sequence);
      want -= withdraw(victim, sent, Math.max(0, open - want));
      if (sent.isDone()) {
        each.remove();
      }
    }
  }

  /** Takes calls back and lets them wait again; gives their number. */
  private int withdraw(Slot slot, Slot.Sent sent, int keep) {
    var end = sent.end;
    var newEnd = slot.worker().withdraw(sent.sequence, keep);
    if (newEnd >= end) {
      return 0;
    }
    sent.end = newEnd;
    waiting.addFirst(sent.batch.part(newEnd, end));
    return end - newEnd;
  }

  // Ending

  /**
   * Drops the calls {@code first} to {@code last} (inclusive) of {@code job} that have not started;
   * with {@code interrupt}, ends the others.
   */
  void drop(Job job, int first, int last, boolean interrupt) {
    var dropped = new ArrayList<Batch>();
    lock.lock();
    try {
      for (var slot : slots) {
        for (var each = slot.sent.iterator(); each.hasNext(); ) {
          var sent = each.next();
          if (!sent.batch.has(job, first, last)) {
            continue;
          }
          withdraw(slot, sent, 0);
          if (sent.isDone()) {
            each.remove();
          } else {
            dropRunning(slot, sent, first, last, interrupt);
          }
        }
        refresh(slot);
      }
      var kept = new ArrayDeque<Batch>();
      for (var batch : waiting) {
        if (batch.has(job, first, last)) {
          batch.split(first, last, kept, dropped);
        } else {
          kept.addLast(batch);
        }
      }
      waiting.clear();
      waiting.addAll(kept);
      dispatch();
      endIfDone();
    } finally {
      lock.unlock();
    }
    dropped.forEach(batch -> failAll(batch, new CancellationException("the task was cancelled")));
  }

  /**
   * Sees to it that the call that runs, if it is one of these, is not run again; and, if wanted,
   * interrupts it, and kills its worker if that does not end it.
   */
  private void dropRunning(Slot slot, Slot.Sent sent, int first, int last, boolean interrupt) {
    var index = slot.worker().started(sent.sequence) - 1;
    var number = sent.batch.firstIndex() + index;
    if (number < first || number > last) {
      return;
    }
    sent.dropped = index;
    if (!interrupt) {
      return;
    }
    slot.worker().interrupt(sent.sequence, index);
    CompletableFuture.delayedExecutor(GRACE_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> killIfRunning(slot, sent, index));
  }

  /**
   * Kills the worker if it still runs this call. Whatever else it has is taken back before, so that
   * nothing starts between the decision and the death.
   */
  private void killIfRunning(Slot slot, Slot.Sent sent, int index) {
    lock.lock();
    try {
      if (!slots.contains(slot) || !slot.sent.contains(sent)) {
        return;
      }
      for (var each = slot.sent.descendingIterator(); each.hasNext(); ) {
        var other = each.next();
        withdraw(slot, other, 0);
        if (other.isDone()) {
          each.remove();
        }
      }
      var runs = slot.sent.peekLast();
      if (runs == sent
          && sent.settled <= index - sent.batch.from()
          && slot.worker().started(sent.sequence) == index + 1) {
        slot.worker().kill();
        slot.isFull = true;
      }
      refresh(slot);
      dispatch();
      endIfDone();
    } finally {
      lock.unlock();
    }
  }

  void shutdown() {
    lock.lock();
    try {
      if (state == State.RUNNING) {
        state = State.SHUTDOWN;
      }
      endIfDone();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more, gives what has not started, and interrupts the rest. */
  List<Batch> shutdownNow() {
    var dropped = new ArrayList<Batch>();
    lock.lock();
    try {
      if (state == State.RUNNING) {
        state = State.SHUTDOWN;
      }
      for (var slot : slots) {
        for (var each = slot.sent.iterator(); each.hasNext(); ) {
          var sent = each.next();
          withdraw(slot, sent, 0);
          if (sent.isDone()) {
            each.remove();
          } else {
            dropRunning(slot, sent, 0, Integer.MAX_VALUE, true);
          }
        }
      }
      dropped.addAll(waiting);
      waiting.clear();
      endIfDone();
    } finally {
      lock.unlock();
    }
    return dropped;
  }

  /** Ends everything now; waits until the workers are gone. */
  void terminate() {
    lock.lock();
    try {
      if (state == State.TERMINATED) {
        return;
      }
      state = State.BROKEN.equals(state) ? state : State.SHUTDOWN;
    } finally {
      lock.unlock();
    }
    abandon(new CancellationException("the pool was terminated. pool=" + name));
    lock.lock();
    try {
      while (state != State.TERMINATED) {
        terminated.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void breakDown(Throwable failure) {
    lock.lock();
    try {
      if (state == State.BROKEN || state == State.TERMINATED) {
        return;
      }
      state = State.BROKEN;
      broken = failure;
    } finally {
      lock.unlock();
    }
    abandon(failure);
  }

  /** Fails every call that has not ended and kills the workers. */
  private void abandon(Throwable failure) {
    var abandoned = new ArrayList<Batch>();
    lock.lock();
    try {
      abandoned.addAll(waiting);
      waiting.clear();
      for (var slot : slots) {
        slot.state = WorkerInfo.State.ENDING;
        for (var sent : slot.sent) {
          var rest = sent.abandon();
          if (rest.size() > 0) {
            abandoned.add(rest);
          }
        }
        slot.sent.clear();
        if (slot.worker != null) {
          slot.worker.kill();
        }
      }
      endIfDone();
    } finally {
      lock.unlock();
    }
    abandoned.forEach(batch -> failAll(batch, failure));
  }

  private static void failAll(Batch batch, Throwable failure) {
    for (var index = batch.from(); index < batch.to(); index++) {
      batch.job().failed(batch.firstIndex() + index, failure);
      batch.settledOne();
    }
  }

  static void dropAll(List<Batch> batches) {
    batches.forEach(
        batch -> failAll(batch, new CancellationException("the task was dropped by shutdownNow")));
  }

  boolean isShutdown() {
    lock.lock();
    try {
      return state != State.RUNNING;
    } finally {
      lock.unlock();
    }
  }

  boolean isTerminated() {
    lock.lock();
    try {
      return state == State.TERMINATED;
    } finally {
      lock.unlock();
    }
  }

  boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    var nanos = unit.toNanos(timeout);
    lock.lockInterruptibly();
    try {
      while (state != State.TERMINATED) {
        if (nanos <= 0) {
          return false;
        }
        nanos = terminated.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  List<WorkerInfo> workers() {
    lock.lock();
    try {
      return slots.stream().map(Slot::info).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the workers end if nothing is left to do, and the pool with the last of them. */
  private void endIfDone() {
    if (state == State.RUNNING) {
      return;
    }
    if (waiting.isEmpty() && slots.stream().allMatch(slot -> slot.sent.isEmpty())) {
      for (var slot : slots) {
        if (slot.state != WorkerInfo.State.ENDING) {
          slot.state = WorkerInfo.State.ENDING;
          slot.worker().retire();
        }
      }
    }
    if (slots.isEmpty() && state != State.TERMINATED) {
      state = State.TERMINATED;
      engine.close();
      terminated.signalAll();
    }
  }

  private void refresh(Slot slot) {
    if (slot.state == WorkerInfo.State.BUSY && slot.sent.isEmpty()) {
      slot.state = WorkerInfo.State.IDLE;
    }
  }

  /** Hears of one worker, in the engine's thread. */
  private final class Ear implements Engine.Listener {

    private final Slot slot;
    private Slot.@Nullable Sent current;
    private @Nullable Job told;

    Ear(Slot slot) {
      this.slot = slot;
    }

    @Override
    public void ready() {
      lock.lock();
      try {
        if (slot.state != WorkerInfo.State.STARTING) {
          return;
        }
        if (initializing == null) {
          open();
        } else {
          send(slot, initializing.batch(new InitializedSlot()));
          slot.state = WorkerInfo.State.STARTING;
        }
      } finally {
        lock.unlock();
      }
    }

    private void open() {
      slot.state = WorkerInfo.State.IDLE;
      dispatch();
    }

    @Override
    public void settled(
        long sequence,
        int index,
        boolean failed,
        MemorySegment result,
        Engine.@Nullable Message large,
        long durationNanos) {
      var sent = current;
      if (sent == null || sent.sequence != sequence) {
        sent = find(sequence);
        current = sent;
      }
      if (sent == null || !sent.settle(index)) {
        // It was abandoned, and its job has been told.
        if (large != null) {
          large.close();
        }
        return;
      }
      var batch = sent.batch;
      tellPaused(batch.job());
      slot.callsDone.incrementAndGet();
      futileExits = 0;
      futileKills = 0;
      batch.job().settled(batch.firstIndex() + index, failed, result, large, slot.worker());
      batch.settledOne();
      if (durationNanos > 0) {
        batch.job().took(sent.settled, durationNanos);
      }
      if (sent.isDone()) {
        done(sent);
      }
    }

    private Slot.@Nullable Sent find(long sequence) {
      lock.lock();
      try {
        slot.hasStartedCalls = true;
        for (var sent : slot.sent) {
          if (sent.sequence == sequence) {
            return sent;
          }
        }
        return null;
      } finally {
        lock.unlock();
      }
    }

    private void done(Slot.Sent sent) {
      lock.lock();
      try {
        slot.sent.remove(sent);
        slot.isFull = false;
        if (slot.takesWork()) {
          refresh(slot);
          dispatch();
        }
        endIfDone();
      } finally {
        lock.unlock();
      }
    }

    @SuppressWarnings("ReferenceEquality") // the same job is meant, not an equal one
    private void tellPaused(@Nullable Job next) {
      var last = told;
      if (last != next) {
        if (last != null) {
          last.paused();
        }
        told = next;
      }
    }

    @Override
    public void paused() {
      tellPaused(null);
      if (slot.isFull) {
        lock.lock();
        try {
          slot.isFull = false;
          dispatch();
        } finally {
          lock.unlock();
        }
      }
    }

    @Override
    public void exited(Engine.Exit exit) {
      tellPaused(null);
      var crashed = new ArrayList<Batch>();
      Throwable failure = null;
      lock.lock();
      try {
        slots.remove(slot);
        var unexpected = slot.state != WorkerInfo.State.ENDING;
        if (slot.state == WorkerInfo.State.STARTING) {
          // All that it was sent is its initializer, which its successor runs again.
          slot.sent.clear();
        }
        takeBack(crashed);
        if (unexpected && !slot.hasStartedCalls) {
          failure = futile(exit);
        }
        if (failure == null && unexpected && (state == State.RUNNING || !waiting.isEmpty())) {
          startWorker();
        }
        dispatch();
        endIfDone();
      } finally {
        lock.unlock();
      }
      for (var batch : crashed) {
        failAll(batch, crash(exit, batch));
      }
      if (failure != null) {
        breakDown(failure);
      }
    }

    /** Lets what had not started wait again, in its old order; finds what was running. */
    private void takeBack(List<Batch> crashed) {
      for (var each = slot.sent.descendingIterator(); each.hasNext(); ) {
        var sent = each.next();
        var batch = sent.batch;
        var open = batch.from() + sent.settled;
        var started = slot.worker().started(sent.sequence);
        if (started < sent.end) {
          waiting.addFirst(batch.part(started, sent.end));
        }
        if (open < started) {
          if (batch.retries() > 0 && open != sent.dropped) {
            waiting.addFirst(batch.again(open));
          } else {
            crashed.add(batch.part(open, started));
          }
          slot.hasStartedCalls = true;
        }
      }
      slot.sent.clear();
    }

    private @Nullable Throwable futile(Engine.Exit exit) {
      if (exit.signal() == null) {
        futileExits++;
      } else {
        futileKills++;
      }
      if (futileExits < FUTILE_EXITS && futileKills < FUTILE_KILLS) {
        return null;
      }
      return new PoolBrokenException(
          "the workers die before they can run anything, so the pool gave up; %s. pool=%s exitCode=%d"
              .formatted(words(exit), name, exit.code()),
          exit.cause());
    }

    private static String words(Engine.Exit exit) {
      var cause = exit.cause();
      if (cause != null) {
        return "a worker could not be started: " + cause.getMessage();
      }
      return exit.lastLines().isEmpty()
          ? "the last one said nothing"
          : "the last one said: " + String.join(" / ", exit.lastLines());
    }

    private WorkerCrashedException crash(Engine.Exit exit, Batch batch) {
      return new WorkerCrashedException(
          slot.name,
          exit.pid(),
          exit.code(),
          exit.signal(),
          exit.errorFile(),
          exit.lastLines(),
          batch.firstIndex() + batch.from());
    }

    /** Opens the slot once its worker is initialized. */
    private final class InitializedSlot implements Initializing.Initialized {

      @Override
      public void succeeded() {
        lock.lock();
        try {
          if (slot.state == WorkerInfo.State.STARTING) {
            open();
            endIfDone();
          }
        } finally {
          lock.unlock();
        }
      }

      @Override
      public void failed(Throwable failure) {
        callbacks.execute(() ->
            breakDown(
                new PoolBrokenException(
                    "the initializer failed in a worker, so the pool gave up: %s. pool=%s"
                        .formatted(failure, name),
                    failure)));
      }
    }
  }
}
