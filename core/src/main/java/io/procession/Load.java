package io.procession;

import io.procession.spi.Engine;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What calls that were encoded together weigh in their pool, in whatever batches they are, until
 * the last of them is settled.
 */
final class Load {

  private final Engine.Message message;
  private final AtomicInteger unsettled;
  private final int calls;

  /** Written before {@link #flow}. */
  private long admittedBytes;

  /** Where it was admitted; null before, and for what a pool sends on its own account. */
  private volatile @Nullable Flow flow;

  Load(Engine.Message message, int calls) {
    this.message = message;
    this.calls = calls;
    this.unsettled = new AtomicInteger(calls);
  }

  int calls() {
    return calls;
  }

  long bytes() {
    return message.byteSize();
  }

  /** Whether calls of it have not been settled. */
  boolean isOpen() {
    return unsettled.get() > 0;
  }

  /** It was admitted, and counts there. */
  void admitted(Flow by, long bytes) {
    admittedBytes = bytes;
    flow = by;
  }

  /** One call was settled; the memory is given back with the last. */
  void settledOne() {
    var admitted = flow;
    var isLast = unsettled.decrementAndGet() == 0;
    if (isLast) {
      message.close();
    }
    if (admitted != null) {
      admitted.settledOne(isLast, calls, admittedBytes);
    }
  }

  /** It was admitted and then refused: none of it counts any more. */
  void refused() {
    var admitted = flow;
    if (admitted != null) {
      flow = null;
      admitted.leave(calls, admittedBytes);
    }
  }
}
