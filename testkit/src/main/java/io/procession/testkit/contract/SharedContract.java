package io.procession.testkit.contract;

import io.procession.testkit.Await;
import io.procession.testkit.NoLeaks;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the suites about shared objects share: someone to share with, and threads that wait. */
@NoLeaks
public abstract class SharedContract {

  /** Longer than any wait that is to end; it only ends a test that has failed. */
  static final Duration LONG = Duration.ofSeconds(Party.PATIENCE_SECONDS);

  /** Shorter than anyone's patience, for what is to time out. */
  static final Duration SHORT = Duration.ofMillis(20);

  /** For subclasses. */
  protected SharedContract() {}

  /** A new party, which the test closes. */
  protected abstract Party party();

  /** A thread of this process, and what becomes of its work. */
  static final class Waiter<T extends @Nullable Object> {
    private final FutureTask<T> task;
    final Thread thread;

    private Waiter(Callable<T> work, boolean virtual) {
      task = new FutureTask<>(work);
      thread = virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
    }

    T get() throws Exception {
      var result = task.get(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      thread.join(LONG);
      return result;
    }

    /** Until the thread sleeps. It may do so for less than it is to wait for. */
    Waiter<T> asleep() throws InterruptedException {
      Await.until(
          () ->
              thread.getState() == Thread.State.WAITING
                  || thread.getState() == Thread.State.TIMED_WAITING,
          "a thread waits; state=" + thread.getState());
      return this;
    }

    boolean isDone() {
      return task.isDone();
    }
  }

  static <T extends @Nullable Object> Waiter<T> start(Callable<T> work) {
    return new Waiter<>(work, false);
  }

  static <T extends @Nullable Object> Waiter<T> startVirtual(Callable<T> work) {
    return new Waiter<>(work, true);
  }
}
