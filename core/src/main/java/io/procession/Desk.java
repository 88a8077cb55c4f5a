package io.procession;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where calls are handed in: the ledger of a pool; or, in a process to which the pool travelled,
 * what passes them on to it.
 */
interface Desk {

  /**
   * Fails as {@link #submit} would.
   *
   * @throws RejectedExecutionException if the pool takes no calls
   */
  void checkOpen();

  /** How many calls may be submitted together. */
  int largestChunk();

  /** Numbers for {@code count} tasks; gives the first. */
  long numbers(int count);

  /**
   * Takes calls, once there is room for them.
   *
   * @throws RejectedExecutionException if the pool takes none; nothing was taken
   * @throws InterruptedException if the thread was interrupted while it waited; nothing was taken
   */
  default void submit(Batch batch) throws InterruptedException {
    var _ = offer(batch, Flow.FOREVER);
  }

  /**
   * Takes calls, if there is room for them in time.
   *
   * @return false if there was none; nothing was taken
   * @throws RejectedExecutionException if the pool takes none; nothing was taken
   * @throws InterruptedException if the thread was interrupted while it waited; nothing was taken
   */
  boolean offer(Batch batch, long waitNanos) throws InterruptedException;

  /** Why {@link #offer} has just taken nothing. */
  RejectedExecutionException noRoom();

  /**
   * Drops the calls {@code first} to {@code last} (inclusive) of {@code job} that have not started;
   * with {@code interrupt}, ends the others.
   */
  void drop(Job job, int first, int last, boolean interrupt);

  /**
   * Lets the calling thread look for results itself for a short time, until {@code enough}; does
   * nothing where calls take so long that it would wait in vain.
   *
   * @param callNanos how long one call takes; 0 if that is not known
   */
  void assist(long callNanos, BooleanSupplier enough);

  /** Where the output of tasks is kept; null if it is not. */
  @Nullable CapturedWorkers outputs();

  /** How many workers the pool has, or is about to have. */
  int size();

  /** Wants so many workers from now on. */
  void resize(int workers);

  List<WorkerInfo> workers();

  /** The stacks of all workers; waits for them a second at the most. */
  List<WorkerStacks> stacks();

  void shutdown();

  /** Takes no more, gives what has not started, and interrupts the rest. */
  List<Batch> shutdownNow();

  /** Ends everything now; waits until the workers are gone. */
  void terminate();

  boolean isShutdown();

  boolean isTerminated();

  boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException;
}
