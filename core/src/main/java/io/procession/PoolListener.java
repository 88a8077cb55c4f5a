package io.procession;

/**
 * Hears what happens in a pool: {@link PoolBuilder#listener}.
 *
 * <p>The methods are called one at a time, in the order in which things happened, on a thread of
 * the pool's own that does nothing else; so one that blocks or throws disturbs nothing but later
 * calls. What it throws is logged. When very many calls wait, those of {@link #taskEnded} are left
 * out, and {@link #missed} says how many.
 */
public interface PoolListener {

  /** A worker is up. */
  default void workerStarted(WorkerInfo worker) {}

  /** A worker has ended because the pool let it go. */
  default void workerEnded(WorkerInfo worker) {}

  /**
   * A worker has died by itself.
   *
   * @param crash how; its task is the one that it was running, or 0
   */
  default void workerCrashed(WorkerInfo worker, WorkerCrashedException crash) {}

  /**
   * A task has ended in a worker.
   *
   * @param task its number within the pool
   * @param worker the worker's name
   * @param failed whether it threw
   */
  default void taskEnded(long task, String worker, boolean failed) {}

  /** The pool gave up; every task has ended, or will now. */
  default void poolBroken(PoolBrokenException cause) {}

  /** The last worker has ended, and the pool with it. Nothing follows. */
  default void poolTerminated() {}

  /** So many calls of {@link #taskEnded} were left out here. */
  default void missed(long calls) {}
}
