package io.procession.async;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks now and then who holds the loop, and logs who does so for too long. */
final class Watch {

  private static final System.Logger LOGGER = System.getLogger("io.procession.async");
  private static final int LOOKS = 4;

  private final Scheduler scheduler;
  private @Nullable Thread thread;

  Watch(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void start(Duration held) {
    if (!held.isPositive()) {
      throw new IllegalArgumentException("the time must be positive. held=" + held);
    }
    close();
    // A platform thread: tasks that hold their processors would hold up a virtual one.
    thread =
        Thread.ofPlatform().daemon().name("procession-event-loop-watch").start(() -> look(held));
  }

  private void look(Duration held) {
    var turn = -1L;
    var sinceNanos = System.nanoTime();
    var isLogged = false;
    try {
      while (true) {
        Thread.sleep(held.dividedBy(LOOKS));
        var hold = scheduler.hold();
        if (hold == null || hold.turn() != turn) {
          turn = hold == null ? -1 : hold.turn();
          sinceNanos = System.nanoTime();
          isLogged = false;
        } else if (!isLogged && System.nanoTime() - sinceNanos >= held.toNanos()) {
          isLogged = true;
          log(hold, Duration.ofNanos(System.nanoTime() - sinceNanos));
        }
      }
    } catch (InterruptedException e) {
      // The loop has ended; so does this thread.
    }
  }

  private static void log(Scheduler.Hold hold, Duration since) {
    var stack = new Throwable("where it is now");
    stack.setStackTrace(hold.thread().getStackTrace());
    LOGGER.log(
        System.Logger.Level.WARNING,
        "a task holds its event loop; what blocks belongs in toThread, what computes in inPool."
            + (" millis=" + since.toMillis())
            + (" task=" + (hold.task() == null ? "a callback" : hold.task().name())),
        stack);
  }

  void close() {
    var open = thread;
    if (open != null) {
      open.interrupt();
      try {
        open.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      thread = null;
    }
  }
}
