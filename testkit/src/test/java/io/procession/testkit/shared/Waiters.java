package io.procession.testkit.shared;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Threads that each make one call which may wait, and what becomes of it. */
final class Waiters implements AutoCloseable {

  private static final String WAITS = "waits";
  private static final long PAUSE_NANOS = 100_000;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final class Waiter implements Runnable {
    private final Callable<?> call;
    private volatile String outcome = WAITS;

    Waiter(Callable<?> call) {
      this.call = call;
    }

    @Override
    public void run() {
      outcome = outcome(call);
    }
  }

  private final List<Waiter> waiters = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /** What a call gives, or the class of the exception that it throws. */
  static String outcome(Callable<?> call) {
    try {
      return String.valueOf(call.call());
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  /** Begins a call. */
  void start(Callable<?> call) {
    var waiter = new Waiter(call);
    var builder = threads.size() % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
    waiters.add(waiter);
    threads.add(builder.start(waiter));
  }

  /** What each call gave, in the order in which they began. */
  List<String> outcomes() {
    return waiters.stream().map(waiter -> waiter.outcome).toList();
  }

  boolean waits(int number) {
    return waiters.get(number).outcome.equals(WAITS);
  }

  /** Whether this thread sleeps. */
  boolean isAsleep(int number) {
    var state = threads.get(number).getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  /** The number of the call that is the {@code index}-th of those that wait. */
  int waiting(int index) {
    return IntStream.range(0, size()).filter(this::waits).skip(index).findFirst().orElseThrow();
  }

  /** How many calls have not returned. */
  int waiting() {
    return Math.toIntExact(waiters.stream().filter(waiter -> waiter.outcome.equals(WAITS)).count());
  }

  int size() {
    return waiters.size();
  }

  /** Interrupts a thread that waits, and returns when its call has. */
  void interrupt(int number) {
    threads.get(number).interrupt();
    awaitEnd(number);
  }

  void awaitEnd(int number) {
    until(() -> !waits(number), () -> "a call returns; number=" + number);
  }

  /** Waits until something has come true. */
  static void until(BooleanSupplier condition, Supplier<String> what) {
    var end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("this did not come true in time: " + what.get());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Ends those that still wait. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    for (var thread : threads) {
      try {
        thread.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while threads end", e);
      }
    }
  }
}
