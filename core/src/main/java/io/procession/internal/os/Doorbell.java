package io.procession.internal.os;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A word in shared memory on which one thread of one process sleeps until any other process rings.
 *
 * <p>A ring is a hint, never a message: the waiter looks at its own condition again after each. It
 * also looks again at least every {@value #SLICE_MILLIS} ms, because whoever should have rung may
 * have died just before.
 *
 * <p>Memory consistency: what a process wrote before {@link #ring()} is visible to the condition of
 * a waiter that this ring wakes or keeps from sleeping.
 *
 * <p>Both sides throw {@link IllegalStateException} once the segment of the word is closed.
 */
public abstract class Doorbell {
  /** The longest time, in milliseconds, that a waiter does not look at its condition. */
  public static final long SLICE_MILLIS = 100;

  /** The longest time for a waiter that is ended with its ringers. */
  public static final long LONGEST_SLICE_MILLIS = 6400;

  /** The size and the alignment of the word. */
  public static final long WORD_BYTES = Integer.BYTES;

  private static final long SLEEP_IN_JAVA_NANOS = 1_000_000;
  static final long SLICE_NANOS = SLICE_MILLIS * 1_000_000;
  private static final int SPINS_PER_CLOCK_READING = 32;
  private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

  /*
   * The word.             waiter, before it looks a last time
   *                  ┌──────────────────────────────────────┐
   *                  │                                      ▼
   *              AWAKE = 0                            ASLEEP = 1
   *                  ▲                                      │
   *                  └──────────────────────────────────────┘
   *                    ringer (then it wakes), or the waiter itself
   *
   * Waiter: store ASLEEP, fence, load the condition. Ringer: store the condition, fence, load the
   * word. One of the two must see the other's store, so no ring is lost.
   */
  /** Nobody sleeps. */
  protected static final int AWAKE = 0;

  /** The waiter sleeps, or is about to. */
  protected static final int ASLEEP = 1;

  private final MemorySegment word;
  private final boolean spinning = Runtime.getRuntime().availableProcessors() > 1;
  private final SpinBudget budget = new SpinBudget();
  private long missedRings;
  private volatile boolean inJava;

  /** A doorbell over a {@value #WORD_BYTES}-byte aligned word that was zero when created. */
  protected Doorbell(MemorySegment word) {
    if (word.byteSize() < WORD_BYTES || word.address() % WORD_BYTES != 0) {
      throw new IllegalArgumentException(
          "a doorbell needs an aligned word of 4 bytes; address="
              + word.address()
              + " bytes="
              + word.byteSize());
    }
    this.word = word;
  }

  /** Sleeps while the word is {@link #ASLEEP}, at most {@code nanos}; may return early. */
  protected abstract void sleep(long nanos);

  /** Wakes the waiter, after the word has left {@link #ASLEEP}. */
  protected abstract void wake();

  /** Called when a wait begins. */
  protected void reset() {}

  /** The word as it is now. */
  protected final int word() {
    return (int) WORD.getAcquire(word, 0L);
  }

  /**
   * Blocks until {@code ready} says so. Only one thread at a time may wait on one word.
   *
   * <p>Spins first, when that has paid lately, then sleeps. An interrupt does not end the sleep
   * itself, but the wait ends at the next slice, after at most {@value #SLICE_MILLIS} ms, with the
   * thread's flag still set. A virtual thread keeps its carrier meanwhile.
   *
   * @param ready looks at what the ringers publish; called often, so it must be cheap
   * @param timeoutNanos how long to wait; {@link Long#MAX_VALUE} is for ever, 0 or less looks once
   * @param spinNanos how long to spin at most; 0 sleeps at once
   * @return whether {@code ready} said so; false after the time-out or an interrupt
   */
  public final boolean await(BooleanSupplier ready, long timeoutNanos, long spinNanos) {
    return await(ready, timeoutNanos, spinNanos, SLICE_NANOS);
  }

  /**
   * The same for a waiter that is told when a ringer dies, or is ended with it, as parent and child
   * are: it need not look so often in case one died between its store and its ring. It looks after
   * {@value #SLICE_MILLIS} ms first and then at growing intervals, up to {@value
   * #LONGEST_SLICE_MILLIS} ms. An interrupt, too, may go unnoticed for as long.
   *
   * @param ready looks at what the ringers publish
   * @param patience how long it has waited in vain; used by this waiter alone
   * @param spinNanos how long to spin at most; 0 sleeps at once
   * @return whether {@code ready} said so; if not, call it again
   */
  public final boolean awaitPatiently(BooleanSupplier ready, Patience patience, long spinNanos) {
    var nanos = patience.nanos;
    var came = await(ready, nanos, spinNanos, nanos);
    patience.nanos = came ? SLICE_NANOS : Math.min(2 * nanos, LONGEST_SLICE_MILLIS * 1_000_000);
    return came;
  }

  /** How long a waiter sleeps the next time. */
  public static final class Patience {
    private long nanos = SLICE_NANOS;
  }

  private boolean await(BooleanSupplier ready, long timeoutNanos, long spinNanos, long sliceNanos) {
    if (ready.getAsBoolean()) {
      return true;
    }
    if (timeoutNanos <= 0) {
      return false;
    }
    var start = System.nanoTime();
    if (!spinning || spinNanos <= 0) {
      return sleepUntil(ready, start, timeoutNanos, sliceNanos);
    }
    var inTime = spinUntil(ready, start, Math.min(budget.nanos(spinNanos), timeoutNanos));
    budget.spun(inTime);
    return inTime || sleepUntil(ready, start, timeoutNanos, sliceNanos);
  }

  private static boolean spinUntil(BooleanSupplier ready, long start, long budgetNanos) {
    if (budgetNanos <= 0) {
      return false;
    }
    do {
      for (var spin = 0; spin < SPINS_PER_CLOCK_READING; spin++) {
        Thread.onSpinWait();
        if (ready.getAsBoolean()) {
          return true;
        }
      }
    } while (System.nanoTime() - start < budgetNanos);
    return false;
  }

  private boolean sleepUntil(
      BooleanSupplier ready, long start, long timeoutNanos, long sliceNanos) {
    reset();
    try {
      while (true) {
        WORD.setVolatile(word, 0L, ASLEEP);
        VarHandle.fullFence();
        if (ready.getAsBoolean()) {
          return true;
        }
        var left = timeoutNanos - (System.nanoTime() - start);
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
          return false;
        }
        var before = System.nanoTime();
        if (inJava) {
          LockSupport.parkNanos(this, Math.min(left, SLEEP_IN_JAVA_NANOS));
        } else {
          sleep(Math.min(left, sliceNanos));
        }
        if (System.nanoTime() - before >= sliceNanos && word() == ASLEEP && ready.getAsBoolean()) {
          missedRings++;
          return true;
        }
      }
    } finally {
      WORD.setVolatile(word, 0L, AWAKE);
    }
  }

  /**
   * Wakes the waiter, if it sleeps; call it after the store that makes its condition true. Costs a
   * fence when nobody sleeps. Never blocks.
   */
  public final void ring() {
    VarHandle.fullFence();
    if ((int) WORD.getOpaque(word, 0L) == ASLEEP && WORD.compareAndSet(word, 0L, ASLEEP, AWAKE)) {
      wake();
    }
  }

  /**
   * Keeps the waiter out of native code for the rest of this JVM's life: it looks by itself, each
   * millisecond. To be called when the JVM begins to exit, because a JVM waits 300 ms for threads
   * in native calls before it ends.
   */
  public final void leaveNative() {
    inJava = true;
    ring();
  }

  /**
   * Lets ringers believe that the waiter is awake, because the calling thread looks in its stead
   * and they need not wake anybody. Whoever hushed must {@link #resume}.
   *
   * @return whether the waiter slept; if not, nothing was done and there is nothing to resume
   */
  public final boolean hush() {
    return (int) WORD.getOpaque(word, 0L) == ASLEEP && WORD.compareAndSet(word, 0L, ASLEEP, AWAKE);
  }

  /** Undoes {@link #hush}; the caller looks at the condition afterwards, and rings if it holds. */
  public final void resume() {
    // Should the waiter have woken by itself since, one ring will be for nothing.
    WORD.compareAndSet(word, 0L, AWAKE, ASLEEP);
    VarHandle.fullFence();
  }

  /** How often a whole slice was slept though the condition held: a ringer died, or worse. */
  public final long missedRings() {
    return missedRings;
  }
}
