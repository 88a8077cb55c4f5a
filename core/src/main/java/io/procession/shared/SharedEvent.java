package io.procession.shared;

import io.procession.internal.family.WaitWord;
import io.procession.internal.family.WaitingRoom.Outcome;
import io.procession.internal.family.WaitingRoom.Spin;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.EventLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A flag that threads of all processes wait for. Nobody owns it: the death of a process changes
 * nothing.
 *
 * <p>What a thread did before {@link #set} is seen by those that see the event set. Every method
 * throws {@link IllegalStateException} if this handle is closed, also when that happens while it
 * waits.
 */
public final class SharedEvent extends SharedObject {

  private final WaitWord waiters = waitWord(EventLayout.WAITERS);
  private final Spin spin = new Spin();

  private SharedEvent(Place place) {
    super(place);
  }

  /**
   * Makes an event that is not set.
   *
   * @throws IllegalStateException if the family's memory is used up
   */
  public static SharedEvent create() {
    return new SharedEvent(allocate(BlockKind.EVENT, EventLayout.BYTES));
  }

  static SharedEvent readFrom(Input input) throws IOException {
    return read(input, SharedEvent.class, SharedEvent::new);
  }

  private long state() {
    return Words.read(memory, EventLayout.STATE);
  }

  private static boolean isSet(long state) {
    return (state & EventLayout.SET) != 0;
  }

  /** Sets it, and wakes all who wait: they go on even if it is cleared at once. */
  public void set() {
    checkOpen();
    var state = state();
    while (!isSet(state)) {
      if (Words.swap(memory, EventLayout.STATE, state, state + 2 | EventLayout.SET)) {
        Seam.at(Step.EVENT_SET);
        waiters.wakeAll();
        return;
      }
      state = state();
    }
  }

  /** Clears it: who comes from now on waits. */
  public void clear() {
    checkOpen();
    var _ = Words.getAndAnd(memory, EventLayout.STATE, ~EventLayout.SET);
  }

  /** Whether it is set. */
  public boolean isSet() {
    checkOpen();
    return isSet(state());
  }

  /**
   * Waits until it is set.
   *
   * @throws InterruptedException if interrupted before or while it waits
   */
  public void await() throws InterruptedException {
    var _ = waitFor(Long.MAX_VALUE);
  }

  /**
   * Waits until it is set, for as long at most.
   *
   * @return whether it was set
   * @throws InterruptedException if interrupted before or while it waits
   */
  public boolean await(Duration timeout) throws InterruptedException {
    return waitFor(Waits.nanos(timeout));
  }

  /** As {@link #await(Duration)}. */
  public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
    return waitFor(unit.toNanos(timeout));
  }

  private boolean waitFor(long timeoutNanos) throws InterruptedException {
    checkOpen();
    Waits.checkInterrupt();
    var first = state();
    Outcome outcome =
        await(
            waiters,
            false,
            timeoutNanos,
            true,
            spin,
            () -> {
              var state = state();
              return isSet(state) || state >> 1 != first >> 1;
            });
    return Waits.isOver(outcome);
  }

  @Override
  public String toString() {
    return isClosed()
        ? super.toString()
        : "SharedEvent[id=%d, %s]".formatted(id(), isSet() ? "set" : "clear");
  }
}
