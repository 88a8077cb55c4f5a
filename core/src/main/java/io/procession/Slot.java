package io.procession;

import io.procession.spi.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One worker as the ledger sees it, and what was sent to it. Guarded by the ledger's lock. */
final class Slot {

  /** A batch that was sent. */
  static final class Sent {

    final long sequence;
    final Batch batch;

    /** The first call that the worker will not run; only ever lowered, by taking calls back. */
    volatile int end;

    /** How many calls have ended; written by the engine's thread. */
    volatile int settled;

    /** The call that nobody wants any more though it has started; -1 if there is none. */
    volatile int dropped = -1;

    Sent(long sequence, Batch batch) {
      this.sequence = sequence;
      this.batch = batch;
      this.end = batch.to();
    }

    /** How the last call that was to end is ended; null if there was none. */
    private volatile @Nullable Ending ending;

    /** A call that runs is to end; false if it has ended by itself, just now. */
    synchronized boolean end(Ending newEnding) {
      if (newEnding.index - batch.from() < settled) {
        return false;
      }
      ending = newEnding;
      return true;
    }

    /** The limit that a call had exceeded before it ended; null if it was in time. */
    @Nullable Duration exceeded(int index) {
      var last = ending;
      return last != null && last.index == index ? last.limit : null;
    }

    /** Marks a call as ended; false if it was abandoned. */
    synchronized boolean settle(int index) {
      if (index >= end) {
        return false;
      }
      settled = index + 1 - batch.from();
      return true;
    }

    /** Gives the calls that have not ended; from now on none of them will. */
    synchronized Batch abandon() {
      var open = batch.from() + settled;
      var rest = batch.part(open, Math.max(open, end));
      end = open;
      return rest;
    }

    boolean isDone() {
      return settled >= end - batch.from();
    }
  }

  private static final long UNKNOWN_NANOS = 1_000_000_000;

  final String name;
  final ArrayDeque<Sent> sent = new ArrayDeque<>();
  Engine.@Nullable Worker worker;

  /** Where its output goes, if each task's is captured. */
  @Nullable WorkerOutput output;

  WorkerInfo.State state = WorkerInfo.State.STARTING;
  boolean hasStartedCalls;
  boolean isFull;

  /** It takes no work until another worker's place is free. */
  boolean isSpare;

  /** It has served long enough. */
  boolean isDue;

  /** It was told to end. */
  boolean isRetired;

  long readyNanos;

  /** When it ended something, or got something though it had nothing. */
  long movedNanos;

  long memoryLookNanos;

  /** How the call that runs is ended; null if it may go on. */
  @Nullable Ending ending;

  /** Why it was killed, if that was for the memory that it used. */
  Engine.@Nullable Shortage shortage;

  /** When its process was asked for. */
  final Instant started = Instant.now();

  /** Stands for the call that has submitted others last. */
  private Lender lender = new Lender();

  private long lenderSequence;
  private int lenderStarted;

  final AtomicLong callsDone = new AtomicLong();

  Slot(String name) {
    this.name = name;
  }

  Engine.Worker worker() {
    var started = worker;
    if (started == null) {
      throw new IllegalStateException("the worker has not been started. name=" + name);
    }
    return started;
  }

  /** Whether the call that it runs may come to wait for others of the same pool. */
  boolean mayWait() {
    return state == WorkerInfo.State.BUSY && lender.mayWait() && isLenderNow();
  }

  /** Whether it waits for them, as far as is known. */
  boolean waits() {
    return mayWait() && worker().mayBeBlocked();
  }

  /** Stands for the call that it runs. */
  Lender lenderNow() {
    if (!isLenderNow()) {
      var last = lastStarted();
      lender = new Lender();
      lenderSequence = last == null ? 0 : last.sequence;
      lenderStarted = last == null ? 0 : started(last);
    }
    return lender;
  }

  /** Whether it still runs the call that has submitted others last. */
  private boolean isLenderNow() {
    var last = lastStarted();
    return last == null
        ? lenderSequence == 0
        : last.sequence == lenderSequence && started(last) == lenderStarted;
  }

  private int started(Sent each) {
    return Math.min(worker().started(each.sequence), each.end);
  }

  /** It may have room again; one that was killed gets nothing more. */
  void roomAgain() {
    isFull = shortage != null || wasKilledForItsCall();
  }

  /** Whether it ends, or has died, because the pool wanted it. */
  boolean wasLetGo() {
    return state == WorkerInfo.State.ENDING || wasKilledForItsCall();
  }

  /** Whether it was killed because a call had to end. */
  boolean wasKilledForItsCall() {
    return ending != null && ending.isKilled();
  }

  /** Forgets all that a worker was sent that is coming up, which is its initializer. */
  void dropInitializer() {
    for (var each : sent) {
      Ledger.failAll(
          List.of(each.abandon()), new CancellationException("the worker is not wanted"));
    }
    sent.clear();
  }

  boolean takesWork() {
    return state == WorkerInfo.State.IDLE || state == WorkerInfo.State.BUSY;
  }

  /** Notices that it has work, or has none. */
  void refresh() {
    if (takesWork()) {
      state = sent.isEmpty() ? WorkerInfo.State.IDLE : WorkerInfo.State.BUSY;
    }
  }

  /** How long what was sent will take; 0 if there is nothing, {@code Long.MAX_VALUE} if unknown. */
  long backlogNanos() {
    var total = 0L;
    for (var each : sent) {
      var nanos = each.batch.job().callNanos();
      if (nanos == 0) {
        return Long.MAX_VALUE;
      }
      total += nanos * (each.end - each.batch.from() - each.settled);
    }
    return total;
  }

  /** What it started last, which may have ended; null if it has started nothing. */
  @Nullable Sent lastStarted() {
    for (var each = sent.descendingIterator(); each.hasNext(); ) {
      var next = each.next();
      if (worker().started(next.sequence) > next.batch.from()) {
        return next;
      }
    }
    return null;
  }

  /** Whether it has calls that are not urgent. */
  boolean hasPlain() {
    for (var each : sent) {
      if (!each.batch.nest().isUrgent()) {
        return true;
      }
    }
    return false;
  }

  /** Whether there may be calls that could be taken back. */
  boolean mayHaveUnstarted() {
    return state == WorkerInfo.State.BUSY
        && (sent.size() != 1 || sent.getFirst().batch.size() != 1);
  }

  /** How many calls could be taken back. */
  int unstarted() {
    var total = 0;
    for (var each : sent) {
      total += unstarted(each);
    }
    return total;
  }

  private int unstarted(Sent each) {
    return Math.max(0, each.end - worker().started(each.sequence));
  }

  /** How long the calls that could be taken back would take; long, where that is unknown. */
  long unstartedNanos() {
    var total = 0L;
    for (var each : sent) {
      var nanos = each.batch.job().callNanos();
      total += (nanos == 0 ? UNKNOWN_NANOS : nanos) * unstarted(each);
    }
    return total;
  }

  WorkerInfo info() {
    var pid = worker == null ? 0 : worker.pid();
    var task = runningTask();
    var since = task == 0 ? null : runningSince();
    return new WorkerInfo(name, pid, state, callsDone.get(), started, task, since, 0);
  }

  /** What it runs; null if it runs nothing. */
  private @Nullable Sent running() {
    var first = sent.peekFirst();
    return first != null && worker().started(first.sequence) > first.batch.from() + first.settled
        ? first
        : null;
  }

  /** The number, within the pool, of the task that it runs; 0 if it runs none. */
  long runningTask() {
    var running = running();
    return running == null || running.batch.firstTask() == 0
        ? 0
        : running.batch.firstNumber() + running.settled;
  }

  private @Nullable Instant runningSince() {
    var running = running();
    return running == null
        ? null
        : Instant.now().minusNanos(System.nanoTime() - worker().startedNanos(running.sequence));
  }
}
