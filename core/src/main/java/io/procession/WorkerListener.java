package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears of one worker, in the engine's thread, and tells the jobs and the ledger. */
final class WorkerListener implements Engine.Listener {

  private final Ledger ledger;
  private final Slot slot;

  /** The batch of the last result: most results are of the same batch as the one before. */
  private Slot.@Nullable Sent current;

  /** The job that was told last and may be told more before it acts. */
  private @Nullable Job told;

  WorkerListener(Ledger ledger, Slot slot) {
    this.ledger = ledger;
    this.slot = slot;
  }

  @Override
  public void ready() {
    ledger.ready(slot);
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
      sent = ledger.find(slot, sequence);
      current = sent;
    }
    if (sent == null || !sent.settle(index)) {
      // It was abandoned, and its job has been told.
      Results.discard(large);
      return;
    }
    var batch = sent.batch;
    tellPaused(batch.job());
    slot.callsDone.incrementAndGet();
    try {
      tell(sent, index, failed, result, large);
    } catch (RuntimeException | Error e) {
      // There may be no memory for its result. It has ended all the same.
      Results.discard(large);
      Ledger.failAll(List.of(batch.part(index, index + 1)), e);
    }
    if (durationNanos > 0) {
      batch.job().took(sent.settled, durationNanos);
    }
    if (sent.isDone()) {
      current = null; // what an idle worker did last must not be kept
      ledger.done(slot, sent);
    }
  }

  private void tell(
      Slot.Sent sent,
      int index,
      boolean failed,
      MemorySegment result,
      Engine.@Nullable Message large) {
    var batch = sent.batch;
    var limit = sent.exceeded(index);
    var isWanted = sent.dropped != index;
    if (limit != null || (failed && isWanted && ledger.mayRetry(batch))) {
      var call = batch.part(index, index + 1);
      ledger.retrying().ended(slot, call, limit, isWanted, failed, result, large);
    } else {
      ledger.sight().taskEnded(batch, index, slot.worker(), failed);
      batch.job().settled(batch.firstIndex() + index, failed, result, large, slot.worker());
      batch.settledOne();
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
      ledger.roomAgain(slot);
    }
  }

  @Override
  public void exited(Engine.Exit exit) {
    tellPaused(null);
    ledger.exited(slot, exit);
  }
}
