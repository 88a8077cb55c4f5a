package io.procession;

import io.procession.spi.Engine;
import java.util.ArrayDeque;
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
    int dropped = -1;

    Sent(long sequence, Batch batch) {
      this.sequence = sequence;
      this.batch = batch;
      this.end = batch.to();
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
  long memoryLookNanos;

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
    if (state != WorkerInfo.State.BUSY || (sent.size() == 1 && sent.getFirst().batch.size() == 1)) {
      return 0;
    }
    var total = 0L;
    for (var each : sent) {
      var nanos = each.batch.job().callNanos();
      total += (nanos == 0 ? UNKNOWN_NANOS : nanos) * unstarted(each);
    }
    return total;
  }

  WorkerInfo info() {
    var pid = worker == null ? 0 : worker.pid();
    return new WorkerInfo(name, pid, state, callsDone.get());
  }
}
