package io.procession.testkit.contract;

import io.procession.testkit.Await;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A call that is expected to wait, in a thread of its own.
 *
 * @param <T> what it gives
 */
final class Blocked<T> {

  /** A way to make threads. */
  record Kind(String name, Thread.Builder builder) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final FutureTask<T> task;
  private final Thread thread;

  private Blocked(FutureTask<T> task, Thread thread) {
    this.task = task;
    this.thread = thread;
  }

  static List<Kind> kinds() {
    return List.of(
        new Kind("platform", Thread.ofPlatform().name("test-blocked")),
        new Kind("virtual", Thread.ofVirtual().name("test-blocked")));
  }

  static <T> Blocked<T> start(Kind kind, Callable<T> call) {
    var task = new FutureTask<T>(call);
    return new Blocked<T>(task, kind.builder().start(task));
  }

  static <T> Blocked<T> start(Callable<T> call) {
    return start(kinds().getLast(), call);
  }

  /** Waits until the call waits. */
  Blocked<T> awaitWaiting() throws InterruptedException {
    Await.until(
        () ->
            switch (thread.getState()) {
              case WAITING, TIMED_WAITING -> true;
              default -> {
                if (task.isDone()) {
                  throw new IllegalStateException("the call has ended: " + task);
                }
                yield false;
              }
            },
        "the call waits");
    return this;
  }

  void interrupt() {
    thread.interrupt();
  }

  boolean isDone() {
    return task.isDone();
  }

  /** What it gave; an {@link ExecutionException} if it failed. */
  T get() throws Exception {
    return task.get(1, TimeUnit.MINUTES);
  }
}
