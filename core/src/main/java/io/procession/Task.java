package io.procession;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task that runs in a worker of a {@link Pool}, and its result.
 *
 * <p>It ends with the value, with the exception that the task threw, with {@link
 * WorkerCrashedException} if the worker died, or by cancellation. Whatever ends it from outside,
 * such as {@link #cancel}, {@link #complete} or {@link #orTimeout}, ends the worker's part too: a
 * task that has not started never runs, one that runs is interrupted, and if that does not end it
 * within the pool's {@linkplain PoolBuilder#grace grace}, its worker is killed and replaced. Only
 * {@code cancel(false)} lets a task that has started run to its end; its result is dropped.
 *
 * <p>Its dependents are plain {@link CompletableFuture}s. They run on threads of the pool's own, in
 * a thread that waits for this task, or in the thread that adds them if the task has ended; one
 * that blocks or throws harms no other task. The {@code obtrude} methods throw {@link
 * UnsupportedOperationException}.
 *
 * @param <T> the type of its result
 */
public final class Task<T extends @Nullable Object> extends CompletableFuture<T> {

  /** A result that came and is not decoded yet. */
  interface Arrival {

    /** Decodes it and ends {@code task} with it. */
    <T extends @Nullable Object> void deliver(Task<T> task);
  }

  /** The job that the task is of. */
  interface Home {
    /** The task was ended by somebody else than its worker. */
    void ended(boolean interrupt);

    /** Somebody waits: it may look for the result itself for a short time, until {@code enough}. */
    void assist(BooleanSupplier enough);
  }

  private static final long DELIVERY_LOOK_NANOS = 50_000;
  private static final Object NOTHING_YET = new Object();
  private static final Object TAKEN = new Object();

  private @Nullable CapturedWorkers outputs;
  private @Nullable Capture capture;
  private final Home home;
  private final Executor callbacks;

  /**
   * Where the result is on its way from the worker to the caller. A thread that waits decodes it
   * itself, which saves the way over another thread.
   *
   * <pre>
   *   NOTHING_YET ◄──► Thread that waits
   *        │                │
   *        └──► Arrival ◄───┘
   *                │
   *                └──► TAKEN, by whoever delivers it
   * </pre>
   */
  private final AtomicReference<Object> result = new AtomicReference<>(NOTHING_YET);

  /**
   * Whether there were dependents when the result came: these run on the pool's threads, not on
   * that of somebody who happens to wait. Stored before the arrival.
   */
  private volatile boolean deliveredByPool;

  private volatile int attempts = 1;
  private volatile long id;

  Task(Home home, Executor callbacks) {
    this.home = home;
    this.callbacks = callbacks;
  }

  /** Said once, before the task is submitted; null: its output is not kept. */
  void captureIn(@Nullable CapturedWorkers workers) {
    outputs = workers;
    capture = workers == null ? null : workers.capture();
  }

  @Nullable Capture capture() {
    return capture;
  }

  /** Waits until all that the task wrote in this worker, where it has ended, is here. */
  void awaitOutput(String worker) {
    if (outputs != null) {
      outputs.await(worker, capture);
    }
  }

  /**
   * What the task has written so far to stdout and stderr; all of it, once the task has ended by
   * itself or its worker died. Does not wait. A task that was run again has what it wrote each
   * time.
   *
   * @throws IllegalStateException if the pool does not capture output: {@link
   *     PoolBuilder#output(ChildOutput)}
   */
  public CapturedOutput output() {
    var kept = capture;
    if (kept == null) {
      throw new IllegalStateException(
          "this pool does not keep what its tasks write; build it with"
              + " output(ChildOutput.captured()). task="
              + this);
    }
    return kept.soFar();
  }

  /**
   * Takes the result from the worker.
   *
   * @return true if nobody waits for it: the caller must have {@link #deliver} called, on a thread
   *     of the pool's
   */
  boolean arrive(Arrival arrival) {
    deliveredByPool = getNumberOfDependents() > 0;
    if (result.getAndSet(arrival) instanceof Thread waiter) {
      LockSupport.unpark(waiter);
      return deliveredByPool;
    }
    return true;
  }

  /** Ends the task with what arrived, unless somebody else did. */
  void deliver() {
    if (result.get() instanceof Arrival arrival && result.compareAndSet(arrival, TAKEN)) {
      arrival.deliver(this);
    }
  }

  /** It failed and will be run again; told by one thread at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // as it says
  void retried() {
    attempts++;
  }

  /** It got its number. */
  void numbered(long number) {
    id = number;
  }

  /**
   * Its number, which no other task of the pool has: by it {@link PoolListener}, {@link
   * WorkerInfo#task}, {@link WorkerStacks#task}, the flight recorder, the status file and the
   * exceptions that name a task mean this one. Items of a {@code map} or a stream have numbers from
   * the same sequence.
   *
   * @return the number; 0 if the task never got into the pool, because it could not travel for
   *     instance; in a process to which the pool travelled 0, too, until the task has ended
   */
  public long id() {
    return id;
  }

  /**
   * How many attempts to run it there were, including one that has yet to start: 1, and one more
   * each time when it failed and is run again, see {@link Pool#withRetries(RetryPolicy)}.
   */
  public int attempts() {
    return attempts;
  }

  /** Ends the task, from inside the pool. */
  void succeed(T value) {
    super.complete(value);
    wake();
  }

  /** Ends the task, from inside the pool. */
  void fail(Throwable failure) {
    super.completeExceptionally(failure);
    wake();
  }

  private void wake() {
    if (result.get() instanceof Thread waiter) {
      LockSupport.unpark(waiter);
    }
  }

  /** Waits, as the one thread that decodes, until the result came or the task ended otherwise. */
  @SuppressWarnings("ReferenceEquality") // a thread is only ever itself
  private void awaitArrival(long deadlineNanos, boolean timed, boolean interruptible) {
    if (isDone()) {
      return;
    }
    var self = Thread.currentThread();
    if (result.compareAndSet(NOTHING_YET, self)) {
      var interrupted = false;
      home.assist(() -> result.get() != self || super.isDone());
      while (result.get() == self && !super.isDone()) {
        if (Thread.currentThread().isInterrupted()) {
          if (interruptible) {
            break;
          }
          interrupted |= Thread.interrupted();
        }
        if (timed) {
          var left = deadlineNanos - System.nanoTime();
          if (left <= 0) {
            break;
          }
          LockSupport.parkNanos(this, left);
        } else {
          LockSupport.park(this);
        }
      }
      result.compareAndSet(self, NOTHING_YET);
      if (interrupted) {
        self.interrupt();
      }
    }
    if (deliveredByPool) {
      awaitDelivery(deadlineNanos, timed, interruptible);
    } else {
      deliver();
    }
  }

  /**
   * Waits while a thread of the pool decodes. Whoever waits inside the future itself when it is
   * completed helps to run the dependents, which are not its own.
   */
  private void awaitDelivery(long deadlineNanos, boolean timed, boolean interruptible) {
    while (!super.isDone()
        && !(interruptible && Thread.currentThread().isInterrupted())
        && !(timed && deadlineNanos - System.nanoTime() <= 0)) {
      LockSupport.parkNanos(this, DELIVERY_LOOK_NANOS);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws InterruptedException if the thread is interrupted; the task goes on
   */
  @Override
  public T get() throws InterruptedException, ExecutionException {
    awaitArrival(0, false, true);
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    var deadlineNanos = System.nanoTime() + Math.max(0, unit.toNanos(timeout));
    awaitArrival(deadlineNanos, true, true);
    return super.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  @Override
  public T join() {
    awaitArrival(0, false, false);
    return super.join();
  }

  /**
   * {@inheritDoc}
   *
   * @param mayInterruptIfRunning whether a task that has started is interrupted, and killed with
   *     its worker if it goes on
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (super.isDone()) {
      return isCancelled();
    }
    var cancelled = super.cancel(mayInterruptIfRunning);
    wake();
    if (cancelled) {
      home.ended(mayInterruptIfRunning);
    }
    return cancelled;
  }

  @Override
  public boolean complete(T value) {
    return tell(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return tell(super.completeExceptionally(failure));
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    executor.execute(() -> {
      try {
        complete(supplier.get());
      } catch (Throwable failure) {
        completeExceptionally(failure);
      }
    });
    return this;
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
    return completeAsync(supplier, callbacks);
  }

  private boolean tell(boolean ended) {
    wake();
    if (ended) {
      home.ended(true);
    }
    return ended;
  }

  /** Not supported: a result that others have seen cannot change. */
  @Override
  public void obtrudeValue(T value) {
    throw new UnsupportedOperationException("the result of a task cannot be replaced");
  }

  /** Not supported: a result that others have seen cannot change. */
  @Override
  public void obtrudeException(Throwable failure) {
    throw new UnsupportedOperationException("the result of a task cannot be replaced");
  }

  @Override
  public Executor defaultExecutor() {
    return callbacks;
  }

  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
