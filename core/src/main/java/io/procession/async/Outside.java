package io.procession.async;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes tasks of what happens outside the loop. */
final class Outside {

  private static final System.Logger LOGGER = System.getLogger("io.procession.async");

  private final Scheduler scheduler;
  private final Set<StreamIterator<?>> iterators = new LinkedHashSet<>();
  private @Nullable ExecutorService threads;

  Outside(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  <T extends @Nullable Object> LoopTask<T> wrap(CompletionStage<? extends T> stage) {
    scheduler.requireOpen("EventLoop.wrap");
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
    scheduler.requireOpen("EventLoop.toThread");
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

  <T extends @Nullable Object> Iterator<T> iterate(Stream<? extends T> stream) {
    var owner = scheduler.requireTask("EventLoop.results");
    var iterator = new StreamIterator<T>(this, stream, owner);
    iterators.add(iterator);
    return iterator;
  }

  void forget(StreamIterator<?> iterator) {
    iterators.remove(iterator);
  }

  /**
   * Runs {@code work} in a thread while the task waits for its end. A cancellation of the task
   * interrupts the thread, and is thrown once that has ended.
   */
  void await(BodyTask<?> task, Runnable work) {
    var end = new CompletableFuture<@Nullable Void>();
    var thread =
        Thread.startVirtualThread(() ->
            call(
                () -> {
                  work.run();
                  return null;
                },
                end));
    CancellationException cancellation = null;
    while (!end.isDone()) {
      var waiter = new Waiter(task);
      var _ = end.whenComplete((_, _) -> scheduler.arrive(new Callback(waiter::wake)));
      try {
        waiter.await();
      } catch (CancellationException e) {
        cancellation = e;
        thread.interrupt();
      }
    }
    var failure = end.<@Nullable Throwable>handle((_, thrown) -> thrown).join();
    if (cancellation != null) {
      if (failure != null) {
        cancellation.addSuppressed(failure);
      }
      throw cancellation;
    }
    switch (failure) {
      case null -> {}
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      case Throwable checked -> throw new CompletionException(checked);
    }
  }

  /**
   * Interrupts the threads that nobody waited for, waits for their ends, and closes what was not
   * read to its end.
   */
  void close() {
    var open = threads;
    if (open != null) {
      open.shutdownNow();
      open.close();
    }
    for (var iterator : List.copyOf(iterators)) {
      try {
        iterator.close();
      } catch (RuntimeException e) {
        LOGGER.log(System.Logger.Level.ERROR, "a stream of results failed to close.", e);
      }
    }
  }
}
