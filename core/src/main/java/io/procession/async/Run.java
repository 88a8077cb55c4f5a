package io.procession.async;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of one loop, from the start of its main task to the end of what that left behind. */
final class Run<T extends @Nullable Object, X extends Exception> {

  private static final System.Logger LOGGER = System.getLogger("io.procession.async");

  private final Thread runner =
      Thread.ofVirtual().name("procession-event-loop").unstarted(this::runTasks);
  private final EventLoop loop = new EventLoop(runner);
  private final BodyTask<T> main;
  private @Nullable Throwable breakage;

  private Run(LoopFunction<? super EventLoop, ? extends T, X> body) {
    main = new BodyTask<>(loop.scheduler, "main", () -> body.apply(loop));
  }

  static <T extends @Nullable Object, X extends Exception> T run(
      LoopFunction<? super EventLoop, ? extends T, X> body) throws X {
    if (EventLoop.find().isPresent()) {
      throw new IllegalStateException(
          "a loop in a task of another would hold that one; use that one, or its toThread. thread="
              + Thread.currentThread());
    }
    var run = new Run<T, X>(body);
    run.runner.start();
    run.join();
    return run.outcome();
  }

  /** In the runner's thread. */
  private void runTasks() {
    try {
      loop.open();
      loop.scheduler.runMain(main);
      main.seen(); // run throws it
      endForgotten();
      loop.scheduler.runAll();
    } catch (Throwable failure) {
      breakage = failure;
    } finally {
      loop.close();
    }
  }

  private void endForgotten() {
    var left = loop.scheduler.tasks();
    var forgotten =
        left.stream()
            .filter(task -> !(task instanceof BodyTask<?> body && body.cancelRequests() > 0))
            .toList();
    if (!forgotten.isEmpty()) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "tasks had not ended when the main task of their event loop did, and were cancelled;"
              + " await them, or make them in a TaskGroup. tasks="
              + names(forgotten));
    }
    left.forEach(task -> task.cancel("the main task of the event loop has ended"));
  }

  private static String names(List<? extends LoopTask<?>> tasks) {
    var first = tasks.stream().limit(10).map(LoopTask::name).collect(Collectors.joining(", "));
    return tasks.size() <= 10 ? first : first + " and " + (tasks.size() - 10) + " more";
  }

  /** Waits for the runner; each interrupt is passed on to the main task. */
  private void join() {
    var isInterrupted = false;
    while (true) {
      try {
        runner.join();
        break;
      } catch (InterruptedException e) {
        isInterrupted = true;
        var _ =
            loop.scheduler.arrive(
                new Callback(() -> main.cancel("the thread in EventLoop.run was interrupted")));
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("unchecked") // what a body throws is of the type that it declares, or unchecked
  private T outcome() throws X {
    if (breakage != null) {
      throw new IllegalStateException("the event loop broke. loop=" + loop, breakage);
    }
    switch (main.exception()) {
      case null -> {
        return main.result();
      }
      case Error error -> throw error;
      case Throwable failure -> throw (X) failure;
    }
  }
}
