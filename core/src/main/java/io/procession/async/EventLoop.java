package io.procession.async;

import io.procession.Pool;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteFunction;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs many tasks, of which only one at a time runs; another one gets its turn only where the
 * running one waits. So tasks need no locks for what they share between two waits, and the same
 * program gives the same order.
 *
 * {@snippet :
 * int answer = EventLoop.run(loop -> {
 *   LoopTask<Integer> one = loop.createTask(() -> {
 *     loop.sleep(Duration.ofSeconds(1));
 *     return 1;
 *   });
 *   LoopTask<Integer> two = loop.createTask(() -> 41);
 *   return one.await() + two.await();          // after one second
 * });
 * }
 *
 * <p><b>Turns.</b> Tasks that are ready take turns first in, first out; timers that are due make
 * their tasks ready in the order of their times. A method of this package that waits lets other
 * tasks run, if it has to wait. Code that blocks otherwise, such as {@link Thread#sleep}, holds the
 * whole loop: it belongs in {@link #toThread}, code that computes for long in {@link #inPool}.
 * {@link #debug} finds it.
 *
 * <p><b>Threads.</b> Each task has a virtual thread. All that tasks and callbacks of one loop do
 * happens one after the other, also in the sense of memory. Everything here may be called only in
 * the loop and throws {@link IllegalStateException} elsewhere; only {@link #callSoon} may be called
 * from any thread.
 *
 * <p><b>Waits.</b> Whatever waits throws {@link CancellationException} when its task {@linkplain
 * LoopTask#cancel is cancelled}. An interrupt of a task's thread cancels the task.
 *
 * <p>The model is Python's {@code asyncio}.
 */
public final class EventLoop {

  /**
   * Few as a rule: one is found by looking at each. A value of the thread would cost every task.
   */
  private static final Set<EventLoop> RUNNING = ConcurrentHashMap.newKeySet();

  final Scheduler scheduler;
  private final Outside outside;
  private final Watch watch;
  private final long name;

  EventLoop(Thread runner) {
    name = runner.threadId();
    scheduler = new Scheduler(this, runner);
    outside = new Outside(scheduler);
    watch = new Watch(scheduler);
  }

  /**
   * Runs {@code main} as the first task of a new loop, and waits for its end. {@link #execute} does
   * the same for a body without a result.
   *
   * <p>Tasks that have not ended by then are cancelled, and named in the log; they are waited for,
   * too, but for what runs in a pool or is another's stage. If the calling thread is interrupted
   * the main task is cancelled, once for each interrupt; when the loop has ended the thread's
   * interrupt flag is set again.
   *
   * @return what {@code main} returned
   * @throws X what {@code main} threw; nothing of the loop is left
   * @throws CancellationException if {@code main} was cancelled
   * @throws IllegalStateException in a task of another loop: a loop in a loop would hold the outer
   *     one
   */
  public static <T extends @Nullable Object, X extends Exception> T run(
      LoopFunction<? super EventLoop, ? extends T, X> main) throws X {
    return Run.<T, X>run(main);
  }

  /** {@link #run} for a body without a result. */
  public static <X extends Exception> void execute(LoopConsumer<? super EventLoop, X> main)
      throws X {
    Run.<@Nullable Void, X>run(loop -> {
      main.accept(loop);
      return null;
    });
  }

  /**
   * The loop that runs the calling task or callback.
   *
   * @throws IllegalStateException elsewhere
   */
  public static EventLoop current() {
    return find()
        .orElseThrow(() ->
            new IllegalStateException(
                "no event loop runs this; EventLoop.run starts one. thread="
                    + Thread.currentThread()));
  }

  /** The loop that runs the caller, if one does. */
  static Optional<EventLoop> find() {
    return RUNNING.stream().filter(loop -> loop.scheduler.isInLoop()).findAny();
  }

  /**
   * Makes a task, which starts when its turn comes: behind those that are ready now.
   *
   * <p>Keep the task and await it, or use a {@link TaskGroup}: one that has not ended when the main
   * task ends is cancelled.
   */
  public <T extends @Nullable Object> LoopTask<T> createTask(Callable<? extends T> body) {
    return create(null, body);
  }

  /** {@link #createTask(Callable)} for a body without a result. */
  public LoopTask<@Nullable Void> createTask(LoopRunnable body) {
    return create(null, body.asCallable());
  }

  /** {@link #createTask(Callable)}, with a name for messages. */
  public <T extends @Nullable Object> LoopTask<T> createTask(
      String name, Callable<? extends T> body) {
    return create(name, body);
  }

  /** {@link #createTask(LoopRunnable)}, with a name for messages. */
  public LoopTask<@Nullable Void> createTask(String name, LoopRunnable body) {
    return create(name, body.asCallable());
  }

  private <T extends @Nullable Object> LoopTask<T> create(
      @Nullable String name, Callable<? extends T> body) {
    scheduler.requireOpen("EventLoop.createTask");
    var task = new BodyTask<T>(scheduler, name, body);
    scheduler.start(task);
    return task;
  }

  /**
   * The task that runs now.
   *
   * @throws IllegalStateException outside the loop, and in a callback
   */
  public LoopTask<?> currentTask() {
    return scheduler.requireTask("EventLoop.currentTask");
  }

  /** The tasks that have not ended, in the order in which they were made. */
  public List<LoopTask<?>> tasks() {
    scheduler.requireLoop("EventLoop.tasks");
    return scheduler.tasks();
  }

  /** Lets other tasks run for {@code duration}; those that are ready for one turn, if it is 0. */
  public void sleep(Duration duration) {
    var waiter = new Waiter(scheduler.requireTask("EventLoop.sleep"));
    if (!duration.isPositive()) {
      var _ = waiter.wake();
      waiter.await();
      return;
    }
    var timer = scheduler.timers().add(duration, waiter::wake);
    try {
      waiter.await();
    } finally {
      timer.cancel();
    }
  }

  /**
   * Has {@code callback} called in the loop, behind what is ready now. A callback cannot wait; an
   * exception of its own is logged. May be called from any thread.
   *
   * @throws IllegalStateException if the loop has ended. What it had not called by then is dropped
   */
  public void callSoon(Runnable callback) {
    var turn = new Callback(callback);
    if (scheduler.isInLoop()) {
      scheduler.ready(turn);
    } else if (!scheduler.arrive(turn)) {
      throw scheduler.ended();
    }
  }

  /** Has {@code callback} called as {@link #callSoon} does it, after {@code delay}. */
  public LoopTimer callLater(Duration delay, Runnable callback) {
    scheduler.requireOpen("EventLoop.callLater");
    return scheduler.timers().add(delay, () -> scheduler.ready(new Callback(callback)));
  }

  /**
   * Waits for all the tasks, and gives their values in the order of the tasks. The first failure,
   * or cancellation, of any of them is thrown at once; the others go on. If the waiting task is
   * cancelled, so are all of them.
   *
   * @throws CompletionException if a task ended with a checked exception, which is the cause; an
   *     unchecked one is thrown as itself
   */
  public <T extends @Nullable Object> List<T> gather(
      Collection<? extends LoopTask<? extends T>> tasks) {
    return Gathering.values(scheduler, List.copyOf(tasks));
  }

  /** {@link #gather(Collection)}. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public final <T extends @Nullable Object> List<T> gather(LoopTask<? extends T>... tasks) {
    return gather(List.of(tasks));
  }

  /**
   * Waits until all the tasks have ended, however they did: {@link LoopTask#state} tells. If the
   * waiting task is cancelled, so are all of them, and it waits for their ends.
   */
  public void gatherAll(Collection<? extends LoopTask<?>> tasks) {
    Gathering.ends(scheduler, List.copyOf(tasks));
  }

  /** {@link #gatherAll(Collection)}. */
  public void gatherAll(LoopTask<?>... tasks) {
    gatherAll(List.of(tasks));
  }

  /**
   * Waits as {@code until} says, and at most for {@code timeout}. The tasks are left as they are,
   * also if the waiting task is cancelled.
   *
   * @return those that have ended, in the order of {@code tasks}
   */
  public <T extends LoopTask<?>> List<T> await(
      Collection<T> tasks, LoopUntil until, Duration timeout) {
    return Gathering.await(scheduler, List.copyOf(tasks), until, timeout);
  }

  /** {@link #await(Collection, LoopUntil, Duration)} without a time-out. */
  public <T extends LoopTask<?>> List<T> await(Collection<T> tasks, LoopUntil until) {
    return Gathering.await(scheduler, List.copyOf(tasks), until, null);
  }

  /**
   * The tasks as they end. The iterator waits in {@code next}; it gives each task once, the tasks
   * themselves go on if nobody asks for more.
   */
  public <T extends LoopTask<?>> Iterable<T> asCompleted(Collection<T> tasks) {
    return new Completions<>(scheduler, List.copyOf(tasks));
  }

  /**
   * Runs {@code body} in the calling task, which is cancelled if {@code timeout} passes meanwhile;
   * this cancellation becomes a {@link TimeoutException}.
   *
   * @throws X what {@code body} threw
   * @throws TimeoutException if {@code body} ended by the cancellation. If it caught it and
   *     returned, its value counts
   */
  public <T extends @Nullable Object, X extends Throwable> T timeout(
      Duration timeout, ScopedValue.CallableOp<? extends T, X> body) throws X, TimeoutException {
    return Deadline.call(scheduler, timeout, body);
  }

  /**
   * Waits for the end of {@code task}, and cancels it if {@code timeout} passes before; waits for
   * the end of it then, too.
   *
   * @throws TimeoutException if the task ended by this cancellation. If it caught it and returned,
   *     its value counts
   * @throws CompletionException as {@link LoopTask#await} does
   */
  public <T extends @Nullable Object> T waitFor(LoopTask<T> task, Duration timeout)
      throws TimeoutException {
    return Deadline.await(scheduler, timeout, task);
  }

  /**
   * Waits for the end of {@code task} as {@link LoopTask#await} does; but if the waiting task is
   * cancelled the other one goes on.
   */
  public <T extends @Nullable Object> T shield(LoopTask<T> task) {
    var _ = Gathering.await(scheduler, List.of(task), LoopUntil.ALL_ENDED, null);
    return task.result();
  }

  /**
   * Runs {@code body}, which may block, in a virtual thread beside the loop. Cancelling the task
   * ends it at once and interrupts the thread, for which the end of the loop waits.
   */
  public <T extends @Nullable Object> LoopTask<T> toThread(Callable<? extends T> body) {
    return outside.toThread(body);
  }

  /** {@link #toThread(Callable)} for a body without a result. */
  public LoopTask<@Nullable Void> toThread(LoopRunnable body) {
    return outside.toThread(body.asCallable());
  }

  /**
   * Runs {@code body} in a worker process, as {@code pool.submit(body)} does. Cancelling the task
   * cancels the pool's task, and interrupts it.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the pool takes no tasks
   */
  public <T extends @Nullable Object> LoopTask<T> inPool(
      Pool pool, RemoteCallable<? extends T> body) {
    scheduler.requireOpen("EventLoop.inPool");
    return wrap(pool.submit(body));
  }

  /** Applies {@code function} to {@code argument} in a worker process. */
  public <A extends @Nullable Object, T extends @Nullable Object> LoopTask<T> inPool(
      Pool pool, RemoteFunction<? super A, ? extends T> function, A argument) {
    scheduler.requireOpen("EventLoop.inPool");
    return wrap(pool.submit(function, argument));
  }

  /**
   * A task that ends as {@code stage} does. Cancelling it cancels the stage, and interrupts what it
   * stands for, if that can be.
   */
  public <T extends @Nullable Object> LoopTask<T> wrap(CompletionStage<? extends T> stage) {
    return outside.wrap(stage);
  }

  /**
   * Waits for {@code stage}, such as a {@code CompletableFuture} or what {@code
   * HttpClient.sendAsync} returns. If the waiting task is cancelled, so is the stage.
   *
   * @throws CancellationException if the stage was cancelled
   * @throws CompletionException if it ended with a checked exception, which is the cause; an
   *     unchecked one is thrown as itself
   */
  public <T extends @Nullable Object> T await(CompletionStage<? extends T> stage) {
    return this.<T>wrap(stage).await();
  }

  /**
   * The values of {@code stages}, such as the tasks of {@code pool.mapAsync}, in their order. The
   * iterator waits in {@code next}, and throws there what {@link #await(CompletionStage)} throws.
   */
  public <T extends @Nullable Object> Iterable<T> results(
      Collection<? extends CompletionStage<? extends T>> stages) {
    return () -> stages.stream().<T>map(this::await).iterator();
  }

  /**
   * The elements of {@code stream}, such as that of {@code pool.stream}, which may be endless. It
   * is read once, and beside the loop: an element each time when the iterator is asked for one,
   * while other tasks run. The iterator waits in {@code hasNext} and {@code next}, and throws there
   * what the stream throws.
   *
   * {@snippet :
   * for (Score score : loop.results(pool.stream(page -> score(page), pages))) {
   *   show(score);
   * }
   * }
   *
   * <p>The stream is closed when it has ended or failed, when the task is cancelled in such a wait,
   * and otherwise when the task ends that asked for the iterator. The cancellation interrupts
   * whoever reads, and is thrown when they have stopped.
   *
   * @throws IllegalStateException from {@code iterator}, if the stream was used already
   */
  public <T extends @Nullable Object> Iterable<T> results(Stream<? extends T> stream) {
    return () -> outside.iterate(stream);
  }

  /**
   * Logs each task that holds the loop for longer than {@code held}, 100 ms say, with its name and
   * its stack, while it does. Costs a thread that looks now and then. Until the loop ends.
   *
   * @throws IllegalArgumentException if {@code held} is not positive
   */
  public void debug(Duration held) {
    scheduler.requireOpen("EventLoop.debug");
    watch.start(held);
  }

  /** Tells this loop from others, in messages. */
  @Override
  public String toString() {
    return "EventLoop[" + name + "]";
  }

  /** Tasks can find it. */
  void open() {
    RUNNING.add(this);
  }

  /** The loop's threads end. */
  void close() {
    RUNNING.remove(this);
    scheduler.close();
    outside.close();
    watch.close();
  }
}
