package io.procession.async;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Makes tasks of what happens outside the loop. */
final class Outside {

  private final Scheduler scheduler;
  private @Nullable ExecutorService threads;

  Outside(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  <T extends @Nullable Object> LoopTask<T> wrap(CompletionStage<? extends T> stage) {
    scheduler.requireLoop("EventLoop.wrap");
    return new OutsideTask<>(scheduler, stage, () -> cancel(stage));
  }

  private static void cancel(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().cancel(true);
    } catch (UnsupportedOperationException e) {
      // It is of a kind that cannot be cancelled, and goes on.
    }
  }

  <T extends @Nullable Object> LoopTask<T> toThread(Callable<? extends T> body) {
    scheduler.requireLoop("EventLoop.toThread");
    var result = new CompletableFuture<T>();
    Future<?> running = threads().submit(() -> call(body, result));
    return new OutsideTask<>(scheduler, result, () -> running.cancel(true));
  }

  private ExecutorService threads() {
    var open = threads;
    if (open == null) {
      open = Executors.newVirtualThreadPerTaskExecutor();
      threads = open;
    }
    return open;
  }

  private static <T extends @Nullable Object> void call(
      Callable<? extends T> body, CompletableFuture<T> result) {
    try {
      result.complete(body.call());
    } catch (Throwable failure) {
      result.completeExceptionally(failure);
    }
  }

  /** Interrupts the threads that nobody waited for, and waits for their ends. */
  void close() {
    var open = threads;
    if (open != null) {
      open.shutdownNow();
      open.close();
    }
  }
}
