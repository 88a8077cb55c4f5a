package io.procession.shared;

import io.procession.NotTransferableException;
import io.procession.function.RemoteRunnable;
import io.procession.internal.codec.StandardCodec;
import io.procession.internal.family.WaitWord;
import io.procession.internal.family.Waiting;
import io.procession.internal.family.WaitingRoom.Spin;
import io.procession.internal.wire.BarrierLayout;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A point at which threads of any processes wait until all parties have arrived: {@link
 * java.util.concurrent.CyclicBarrier} between processes.
 *
 * <p>An interrupt or a time-out of one that waits breaks the barrier for all, as does an action
 * that throws, and {@link #breakBarrier}. So does <b>the death of a process</b> of which a thread
 * waits or runs the action: at once when a common parent has seen the end, else within 100 ms. It
 * stays broken until {@link #reset}. A party that dies before it arrives is nobody's to see: wait
 * with a time-out.
 *
 * <p>Every method throws {@link IllegalStateException} if this handle is closed; if that happens
 * while a thread of this process waits, the barrier breaks.
 */
public final class SharedBarrier extends SharedMonitor {

  private static final int BUSY = -1;

  private final Generations generations = new Generations(family, memory);
  private final WaitWord waiters = waitWord(BarrierLayout.WAITERS);
  private final Spin spin = new Spin();
  private final int parties;
  private final ClassLoader loader;
  private @Nullable RemoteRunnable action;

  private SharedBarrier(Place place, @Nullable RemoteRunnable action, ClassLoader loader) {
    super(place, BarrierLayout.MUTEX);
    this.parties = Words.acquireInt(memory, BarrierLayout.PARTIES);
    this.action = action;
    this.loader = loader;
  }

  /** Makes a barrier without an action. */
  public static SharedBarrier create(int parties) {
    return make(parties, null, MemorySegment.NULL);
  }

  /**
   * Makes a barrier.
   *
   * @param parties how many threads must arrive before all go on
   * @param action what the last to arrive runs, in its process, before any goes on
   * @throws IllegalArgumentException if {@code parties} is less than 1
   * @throws NotTransferableException if the action cannot travel
   * @throws IllegalStateException if the family's memory is used up
   */
  public static SharedBarrier create(int parties, RemoteRunnable action) {
    var encoded = new Encoded();
    new StandardCodec().write(action, encoded);
    return make(parties, action, encoded.written());
  }

  private static SharedBarrier make(
      int parties, @Nullable RemoteRunnable action, MemorySegment encoded) {
    if (parties < 1) {
      throw new IllegalArgumentException("a barrier has 1 party or more; parties=" + parties);
    }
    var bytes = Math.toIntExact(encoded.byteSize());
    var place = allocate(BlockKind.BARRIER, BarrierLayout.ACTION + bytes);
    var memory = place.memory();
    MemorySegment.copy(encoded, 0, memory, BarrierLayout.ACTION, bytes);
    Words.releaseInt(memory, BarrierLayout.ACTION_BYTES, bytes);
    Words.releaseInt(memory, BarrierLayout.PARTIES, parties);
    return new SharedBarrier(place, action, SharedBarrier.class.getClassLoader());
  }

  private static final class Encoded extends Output {
    Encoded() {
      super(MemorySegment.ofArray(new byte[1024]));
    }

    @Override
    protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
      var larger = MemorySegment.ofArray(new byte[Math.toIntExact(neededBytes * 2)]);
      MemorySegment.copy(memory, 0, larger, 0, usedBytes);
      return larger;
    }
  }

  static SharedBarrier readFrom(Input input) throws IOException {
    return read(
        input, SharedBarrier.class, place -> new SharedBarrier(place, null, input.loader()));
  }

  /** The action, read when this process first needs it; null if there is none. */
  private synchronized @Nullable RemoteRunnable action() {
    var bytes = Words.acquireInt(memory, BarrierLayout.ACTION_BYTES);
    if (action == null && bytes > 0) {
      var input = new Input(memory.asSlice(BarrierLayout.ACTION, bytes), loader);
      try {
        action = (RemoteRunnable) new StandardCodec().read(input);
      } catch (IOException | ClassNotFoundException e) {
        throw new IllegalStateException(
            "the action of a barrier cannot be read in this process; SharedBarrier=" + id(), e);
      }
    }
    return action;
  }

  /**
   * Waits until all parties have arrived.
   *
   * @return how many had still to arrive when the caller did: 0 for the last
   * @throws BrokenBarrierException if the barrier is broken, or breaks or is reset meanwhile
   * @throws InterruptedException if interrupted before or while it waits; the barrier is broken
   *     then
   */
  public int await() throws InterruptedException, BrokenBarrierException {
    try {
      return waitFor(Long.MAX_VALUE);
    } catch (TimeoutException e) {
      throw new AssertionError("for ever is over", e);
    }
  }

  /**
   * As {@link #await()}, but waits for as long at most.
   *
   * @throws TimeoutException if the time is over; the barrier is broken then
   */
  public int await(long timeout, TimeUnit unit)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    return waitFor(unit.toNanos(timeout));
  }

  /** As {@link #await(long, TimeUnit)}. */
  public int await(Duration timeout)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    return waitFor(Waits.nanos(timeout));
  }

  private int waitFor(long timeoutNanos)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    beginUse();
    try {
      var last = action();
      var start = System.nanoTime();
      while (true) {
        var arrival = arrive(last != null);
        var left = Waits.left(timeoutNanos, start);
        if (arrival.index == BUSY) {
          waitForAction(arrival.generation, left);
        } else if (arrival.index > 0) {
          waitForOthers(arrival.generation, left);
          return arrival.index;
        } else {
          if (last != null) {
            run(last, arrival.generation);
          }
          waiters.wakeAll();
          return 0;
        }
      }
    } finally {
      endUse();
    }
  }

  /**
   * What became of an arrival.
   *
   * @param index how many have still to arrive; {@link #BUSY} if all have and their action runs
   */
  private record Arrival(long generation, int index) {}

  private Arrival arrive(boolean hasAction) throws InterruptedException, BrokenBarrierException {
    enter();
    try {
      var generation = generations.current();
      checkWhole(generation);
      if (Thread.interrupted()) {
        breakNow();
        throw new InterruptedException();
      }
      if (generations.runner() != 0) {
        return new Arrival(generation, BUSY);
      }
      var index = parties - 1 - generations.arrivals();
      if (index > 0) {
        generations.arrive();
      } else if (hasAction) {
        generations.setRunner(family.self());
        Seam.at(Step.BARRIER_RUNNING);
      } else {
        generations.next();
      }
      return new Arrival(generation, index);
    } finally {
      exit();
    }
  }

  /** Within the mutex: throws if this generation is broken, by a death or before. */
  private void checkWhole(long generation) throws BrokenBarrierException {
    if (generation == generations.current() && generations.hasLost()) {
      breakNow();
    }
    if (generations.isBroken(generation)) {
      throw new BrokenBarrierException("a party gave up or died; SharedBarrier=" + id());
    }
  }

  private void breakNow() {
    generations.markBroken();
    waiters.wakeAll();
  }

  private void run(RemoteRunnable last, long generation) throws BrokenBarrierException {
    var ended = false;
    try {
      last.run();
      ended = true;
    } finally {
      if (!ended) {
        breakIfCurrent(generation);
      }
    }
    enter();
    try {
      checkWhole(generation);
      generations.next();
    } finally {
      exit();
    }
  }

  private void breakIfCurrent(long generation) {
    enter();
    try {
      if (generation == generations.current()) {
        breakNow();
      }
    } finally {
      exit();
    }
  }

  private void waitForOthers(long generation, long timeoutNanos)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    var outcome = await(waiters, false, timeoutNanos, true, spin, new Ended(generation, false));
    enter();
    try {
      if (generation == generations.current() && !generations.isBroken(generation)) {
        breakNow(); // it is not over: this thread gives up, or someone has died
        if (!Waits.isOver(outcome)) {
          throw new TimeoutException("not all parties arrived in time; SharedBarrier=" + id());
        }
      }
      checkWhole(generation);
    } finally {
      exit();
    }
  }

  private void waitForAction(long generation, long timeoutNanos)
      throws InterruptedException, TimeoutException {
    var outcome = await(waiters, false, timeoutNanos, true, spin, new Ended(generation, true));
    if (!Waits.isOver(outcome)) {
      throw new TimeoutException(
          "the action of those before did not end in time; SharedBarrier=" + id());
    }
  }

  /** That a generation has ended, or its action if only that is waited for. */
  private final class Ended implements Waiting {
    private final long generation;
    private final boolean actionOnly;

    Ended(long generation, boolean actionOnly) {
      this.generation = generation;
      this.actionOnly = actionOnly;
    }

    @Override
    public boolean isOver() {
      return generation != generations.current()
          || generations.isBroken(generation)
          || generations.hasLost()
          || (actionOnly && generations.runner() == 0);
    }

    @Override
    public void suspects(IntConsumer each) {
      generations.suspects(each);
    }
  }

  /** Breaks it: who waits, and who comes before {@link #reset}, gets the exception for that. */
  public void breakBarrier() {
    enter();
    try {
      breakNow();
    } finally {
      exit();
    }
  }

  /** Makes it as new. For those who wait, it breaks. */
  public void reset() {
    enter();
    try {
      generations.markBroken();
      generations.next();
    } finally {
      exit();
    }
    waiters.wakeAll();
  }

  /** Whether a party gave up or died since the last {@link #reset}. */
  public boolean isBroken() {
    checkOpen();
    return generations.isBroken(generations.current()) || generations.hasLost();
  }

  /** How many threads must arrive before all go on. */
  public int getParties() {
    return parties;
  }

  /** How many threads wait just now. */
  public int getNumberWaiting() {
    checkOpen();
    return isBroken() ? 0 : generations.arrivals();
  }

  @Override
  void closing() {
    var _ = mutex.enter();
    try {
      if (generations.hasOwnArrivals()) {
        breakNow();
      }
    } finally {
      mutex.exit();
    }
  }

  @Override
  public String toString() {
    return isClosed()
        ? super.toString()
        : "SharedBarrier[id=%d, parties=%d, waiting=%d%s]"
            .formatted(id(), parties, getNumberWaiting(), isBroken() ? ", broken" : "");
  }
}
