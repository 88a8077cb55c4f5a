package io.procession;

import io.procession.function.RemoteBiConsumer;
import io.procession.function.RemoteBiFunction;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteConsumer;
import io.procession.function.RemoteFunction;
import io.procession.function.RemoteRunnable;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Gatherer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ExecutorService} whose tasks run in worker processes, each a JVM of its own; or, if so
 * {@link #ofThreads asked}, in threads of this one.
 *
 * {@snippet :
 * try (var pool = Pool.ofProcesses(4)) {
 *   List<Integer> squares = pool.map(n -> n * n, List.of(1, 2, 3, 4, 5));
 *   Task<Integer> one = pool.submit(() -> 7 * 7);
 * }
 * }
 *
 * <p><b>Travel.</b> Functions, arguments and results are copied between the processes. What a
 * lambda captures travels with it; static fields never do. What cannot travel fails in the caller,
 * before anything was sent, with {@link NotTransferableException}. A function is read once by each
 * worker that runs it; what it captured is then shared by the calls in that worker.
 *
 * <p><b>Failure.</b> Each task, and each item of a {@code map}, ends exactly once: with its value,
 * its own exception, or {@link WorkerCrashedException} if the worker that had started it died. A
 * dead worker is replaced; what it had not started moves on to others. A task is run at most once,
 * unless {@link #withRetries(int)} allows more. An exception of a task arrives as itself, with the
 * frames of the worker and a last one that names worker and pid; if its class cannot be found here,
 * as a {@link RemoteException}.
 *
 * <p><b>End.</b> {@link #close} waits for all tasks as {@link ExecutorService#close} does; {@link
 * #terminate} kills the workers now. A pool that nobody closed does not keep the JVM alive, and its
 * workers end with it, however it ends.
 *
 * <p><b>Memory consistency effects.</b> What happens before a task is submitted happens before the
 * task runs, and what the task does happens before its result is seen, as far as it travelled:
 * processes share no objects.
 *
 * <p>All methods may be called from any thread, also a virtual one.
 */
public sealed interface Pool extends ExecutorService permits WorkerPool {

  /** A pool with one worker process for each processor that this JVM may use. */
  static Pool ofProcesses() {
    return builder().build();
  }

  /**
   * A pool of {@code workers} processes. They are started at once, in parallel; the call does not
   * wait for them, and work is taken before they are up.
   *
   * @throws IllegalArgumentException if {@code workers} is not positive
   */
  static Pool ofProcesses(int workers) {
    return builder().workers(workers).build();
  }

  /**
   * A pool of {@code threads} threads of this process. What differs from processes is told at
   * {@link PoolBuilder#threads}.
   *
   * @throws IllegalArgumentException if {@code threads} is not positive
   */
  static Pool ofThreads(int threads) {
    return builder().threads().workers(threads).build();
  }

  /** A pool with one thread of this process for each processor that this JVM may use. */
  static Pool ofThreads() {
    return builder().threads().build();
  }

  /**
   * A pool of virtual threads of this process, for tasks that wait: at most 256 at once. What
   * differs from processes is told at {@link PoolBuilder#threads}.
   */
  static Pool ofVirtualThreads() {
    return builder().virtualThreads().build();
  }

  /**
   * A pool that runs each task in the thread that submits it, before {@code submit} returns: for
   * debugging. More is told at {@link PoolBuilder#inline}.
   */
  static Pool inline() {
    return builder().inline().build();
  }

  /** A builder for everything else. */
  static PoolBuilder builder() {
    return new PoolBuilder();
  }

  /**
   * Applies {@code function} to each item, in the workers, and gives the results in the order of
   * the items. Blocks until every item is settled.
   *
   * <p>Items are sent in chunks whose size adapts to how long they take; a chunk is a way to send
   * and never a unit of failure. If items failed, the first failure in the order of the items is
   * thrown once all the others are settled: unchecked exceptions as themselves, checked ones in a
   * {@link java.util.concurrent.CompletionException}. Use {@link #mapAsync} for every outcome.
   *
   * <p>If the caller is interrupted, the items that have not started are dropped, those that run
   * are interrupted, and {@link java.util.concurrent.CancellationException} is thrown with the
   * interrupt flag set.
   *
   * @throws NotTransferableException if the function, or an item, cannot travel
   * @throws RejectedExecutionException if the pool was shut down; {@link PoolBrokenException} if it
   *     broke
   */
  <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      RemoteFunction<? super T, ? extends R> function, Iterable<? extends T> items);

  /** {@link #map(RemoteFunction, Iterable)} over an array. */
  default <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      RemoteFunction<? super T, ? extends R> function, T[] items) {
    return map(function, Arrays.asList(items));
  }

  /** {@link #map(RemoteFunction, Iterable)} over an array of numbers. */
  default <R extends @Nullable Object> List<R> map(
      RemoteFunction<? super Integer, ? extends R> function, int[] items) {
    return map(function, Arrays.stream(items));
  }

  /** {@link #map(RemoteFunction, Iterable)} over an array of numbers. */
  default <R extends @Nullable Object> List<R> map(
      RemoteFunction<? super Long, ? extends R> function, long[] items) {
    Iterable<Long> boxed = () -> Arrays.stream(items).iterator();
    return map(function, boxed);
  }

  /** {@link #map(RemoteFunction, Iterable)} over an array of numbers. */
  default <R extends @Nullable Object> List<R> map(
      RemoteFunction<? super Double, ? extends R> function, double[] items) {
    Iterable<Double> boxed = () -> Arrays.stream(items).iterator();
    return map(function, boxed);
  }

  /** {@link #map(RemoteFunction, Iterable)} over a finite stream of numbers, which it consumes. */
  default <R extends @Nullable Object> List<R> map(
      RemoteFunction<? super Integer, ? extends R> function, IntStream items) {
    Iterator<Integer> iterator = items.iterator();
    Iterable<Integer> once = () -> iterator;
    return map(function, once);
  }

  /**
   * {@link #map(RemoteFunction, Iterable)} over two inputs at once: the first items of both, then
   * the second, and so on, until the shorter one ends.
   */
  default <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
      List<R> map(
          RemoteBiFunction<? super T, ? super U, ? extends R> function,
          Iterable<? extends T> first,
          Iterable<? extends U> second) {
    return map(new Bound.Paired<T, U, R>(function), new Bound.Pairs<T, U>(first, second));
  }

  /**
   * Applies {@code function} to each item, in the workers, and gives a task for each, in the order
   * of the items, without waiting for them. It waits while the pool has no room for more: see
   * {@link PoolBuilder#inFlightBytes}.
   *
   * @throws NotTransferableException if the function cannot travel; an item that cannot travel
   *     fails its own task
   * @throws RejectedExecutionException if the pool was shut down, or the thread was interrupted
   *     while it waited for room, its flag is set again then; what was submitted is cancelled
   */
  <T extends @Nullable Object, R extends @Nullable Object> List<Task<R>> mapAsync(
      RemoteFunction<? super T, ? extends R> function, Iterable<? extends T> items);

  /** {@link #mapAsync(RemoteFunction, Iterable)} over an array. */
  default <T extends @Nullable Object, R extends @Nullable Object> List<Task<R>> mapAsync(
      RemoteFunction<? super T, ? extends R> function, T[] items) {
    return mapAsync(function, Arrays.asList(items));
  }

  /** {@link #mapAsync(RemoteFunction, Iterable)} over a finite stream of numbers. */
  default <R extends @Nullable Object> List<Task<R>> mapAsync(
      RemoteFunction<? super Integer, ? extends R> function, IntStream items) {
    Iterator<Integer> iterator = items.iterator();
    Iterable<Integer> once = () -> iterator;
    return mapAsync(function, once);
  }

  /**
   * {@link #mapAsync(RemoteFunction, Iterable)} over two inputs at once, until the shorter one
   * ends.
   */
  default <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
      List<Task<R>> mapAsync(
          RemoteBiFunction<? super T, ? super U, ? extends R> function,
          Iterable<? extends T> first,
          Iterable<? extends U> second) {
    return mapAsync(new Bound.Paired<T, U, R>(function), new Bound.Pairs<T, U>(first, second));
  }

  /**
   * Runs {@code action} on each item, in the workers, and waits for all of them. Fails as {@link
   * #map(RemoteFunction, Iterable)} does.
   */
  <T extends @Nullable Object> void forEach(
      RemoteConsumer<? super T> action, Iterable<? extends T> items);

  /** {@link #forEach(RemoteConsumer, Iterable)} over an array. */
  default <T extends @Nullable Object> void forEach(RemoteConsumer<? super T> action, T[] items) {
    forEach(action, Arrays.asList(items));
  }

  /** {@link #forEach(RemoteConsumer, Iterable)} over a finite stream of numbers. */
  default void forEach(RemoteConsumer<? super Integer> action, IntStream items) {
    Iterator<Integer> iterator = items.iterator();
    Iterable<Integer> once = () -> iterator;
    forEach(action, once);
  }

  /**
   * {@link #forEach(RemoteConsumer, Iterable)} over two inputs at once, until the shorter one ends.
   */
  default <T extends @Nullable Object, U extends @Nullable Object> void forEach(
      RemoteBiConsumer<? super T, ? super U> action,
      Iterable<? extends T> first,
      Iterable<? extends U> second) {
    forEach(new Bound.PairedAction<T, U>(action), new Bound.Pairs<T, U>(first, second));
  }

  /**
   * Applies {@code function} to each item, in the workers, as a stream of the results in the order
   * of the items.
   *
   * {@snippet :
   * try (Stream<Score> scores = pool.stream(page -> score(page), pages)) {
   *   Optional<Score> first = scores.filter(score -> score.isGood()).findFirst();
   * }
   * }
   *
   * <p><b>Lazy.</b> Nothing happens before the first result is wanted. Then the thread that reads
   * the stream takes items from the input, too, and never more than a window of them ahead of the
   * results that it took: so a stream over an endless input runs in constant memory, and a slow
   * reader slows the workers. The window adapts, or is {@link #withWindow given}. Items are sent in
   * chunks whose size adapts, to how quickly they come as well; {@link #withChunkSize
   * withChunkSize(1)} sends each at once.
   *
   * <p><b>Failure.</b> The failure of an item, of the input, or of the pool is thrown where its
   * result would have been, behind the results before it, and ends the stream: unchecked exceptions
   * as themselves, checked ones in a {@link java.util.concurrent.CompletionException}. So does an
   * item that cannot travel, with {@link NotTransferableException}.
   *
   * <p><b>End.</b> Closing the stream, or a failure, drops what has not started and interrupts what
   * runs, without waiting for it; the pool goes on. Closing closes {@code items}, too. A stream
   * that was read to its end needs no closing. If the thread that waits for a result is
   * interrupted, the stream is closed, and {@link java.util.concurrent.CancellationException} is
   * thrown with the interrupt flag set.
   *
   * <p>The stream is sequential; made parallel, it is read by one thread still. Where {@code items}
   * is parallel, its stages run in the thread that reads.
   *
   * @throws NotTransferableException if the function cannot travel
   * @throws RejectedExecutionException if the pool was shut down
   * @throws IllegalStateException if {@code items} was used already
   */
  <T extends @Nullable Object, R extends @Nullable Object> Stream<R> stream(
      RemoteFunction<? super T, ? extends R> function, Stream<? extends T> items);

  /**
   * {@link #stream(RemoteFunction, Stream)} over any input. Its iterator is asked for when the
   * first result is wanted.
   */
  <T extends @Nullable Object, R extends @Nullable Object> Stream<R> stream(
      RemoteFunction<? super T, ? extends R> function, Iterable<? extends T> items);

  /** {@link #stream(RemoteFunction, Stream)} over an array. */
  default <T extends @Nullable Object, R extends @Nullable Object> Stream<R> stream(
      RemoteFunction<? super T, ? extends R> function, T[] items) {
    return stream(function, Arrays.asList(items));
  }

  /** {@link #stream(RemoteFunction, Stream)} over numbers. */
  default <R extends @Nullable Object> Stream<R> stream(
      RemoteFunction<? super Integer, ? extends R> function, IntStream items) {
    return stream(function, items.boxed());
  }

  /**
   * {@link #stream(RemoteFunction, Stream)} over two inputs at once, until the shorter one ends.
   */
  default <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
      Stream<R> stream(
          RemoteBiFunction<? super T, ? super U, ? extends R> function,
          Iterable<? extends T> first,
          Iterable<? extends U> second) {
    return stream(new Bound.Paired<T, U, R>(function), new Bound.Pairs<T, U>(first, second));
  }

  /**
   * As {@link #stream(RemoteFunction, Stream)}, but gives the results as they come: no result waits
   * for a slower one. A failure of an item comes as its result would; one of the input, behind all
   * others.
   */
  <T extends @Nullable Object, R extends @Nullable Object> Stream<R> streamUnordered(
      RemoteFunction<? super T, ? extends R> function, Stream<? extends T> items);

  /** {@link #streamUnordered(RemoteFunction, Stream)} over any input. */
  <T extends @Nullable Object, R extends @Nullable Object> Stream<R> streamUnordered(
      RemoteFunction<? super T, ? extends R> function, Iterable<? extends T> items);

  /** {@link #streamUnordered(RemoteFunction, Stream)} over an array. */
  default <T extends @Nullable Object, R extends @Nullable Object> Stream<R> streamUnordered(
      RemoteFunction<? super T, ? extends R> function, T[] items) {
    return streamUnordered(function, Arrays.asList(items));
  }

  /** {@link #streamUnordered(RemoteFunction, Stream)} over numbers. */
  default <R extends @Nullable Object> Stream<R> streamUnordered(
      RemoteFunction<? super Integer, ? extends R> function, IntStream items) {
    return streamUnordered(function, items.boxed());
  }

  /**
   * {@link #streamUnordered(RemoteFunction, Stream)} over two inputs at once, until the shorter one
   * ends.
   */
  default <T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
      Stream<R> streamUnordered(
          RemoteBiFunction<? super T, ? super U, ? extends R> function,
          Iterable<? extends T> first,
          Iterable<? extends U> second) {
    return streamUnordered(
        new Bound.Paired<T, U, R>(function), new Bound.Pairs<T, U>(first, second));
  }

  /**
   * {@link #stream(RemoteFunction, Stream)} as a stage of a stream.
   *
   * {@snippet :
   * numbers.stream().gather(pool.mapping(n -> n * n)).toList()
   * }
   *
   * <p>Other than there, what an earlier stage throws ends the stream at once, as it does with
   * every stage; the items that were in the workers are cancelled when the gatherer's state is
   * found to be garbage. An item may wait for the next one, or for the end of the stream, before
   * its result is passed on, as in {@link java.util.stream.Gatherers#mapConcurrent}. The gatherer
   * can be used any number of times; in a parallel stream one thread at a time uses it.
   *
   * @throws NotTransferableException if the function cannot travel
   * @throws RejectedExecutionException if the pool was shut down
   */
  <T extends @Nullable Object, R extends @Nullable Object> Gatherer<T, ?, R> mapping(
      RemoteFunction<? super T, ? extends R> function);

  /** As {@link #mapping}, but passes the results on as they come. */
  <T extends @Nullable Object, R extends @Nullable Object> Gatherer<T, ?, R> mappingUnordered(
      RemoteFunction<? super T, ? extends R> function);

  /**
   * Combines all items to one, in the workers. Blocks until that is done.
   *
   * <p>{@code combine} must be associative, for items are combined in groups, and the results of
   * the groups again; always neighbours, in the order of the input, so it need not be commutative.
   * A group has few items at first and more later; {@link #withChunkSize} fixes how many. The
   * results of the groups come back to this process in between, so it pays where they are small or
   * combining them is work.
   *
   * <p>Fails, and is interrupted, as {@link #map(RemoteFunction, Iterable)} is.
   *
   * @return the result; empty if there is no item
   * @throws NullPointerException if the result is null
   */
  <T extends @Nullable Object> Optional<T> reduce(
      RemoteBiFunction<? super T, ? super T, ? extends T> combine, Iterable<? extends T> items);

  /** {@link #reduce(RemoteBiFunction, Iterable)} over an array. */
  default <T extends @Nullable Object> Optional<T> reduce(
      RemoteBiFunction<? super T, ? super T, ? extends T> combine, T[] items) {
    return reduce(combine, Arrays.asList(items));
  }

  /** {@link #reduce(RemoteBiFunction, Iterable)} over a finite stream of numbers. */
  default Optional<Integer> reduce(
      RemoteBiFunction<? super Integer, ? super Integer, ? extends Integer> combine,
      IntStream items) {
    Iterator<Integer> iterator = items.iterator();
    Iterable<Integer> once = () -> iterator;
    return reduce(combine, once);
  }

  /**
   * {@link #reduce(RemoteBiFunction, Iterable)}, where {@code identity} is what combining leaves as
   * it is, and the result if there is no item.
   */
  <T extends @Nullable Object> T reduce(
      T identity,
      RemoteBiFunction<? super T, ? super T, ? extends T> combine,
      Iterable<? extends T> items);

  /** {@link #reduce(Object, RemoteBiFunction, Iterable)} over an array. */
  default <T extends @Nullable Object> T reduce(
      T identity, RemoteBiFunction<? super T, ? super T, ? extends T> combine, T[] items) {
    return reduce(identity, combine, Arrays.asList(items));
  }

  /** {@link #reduce(Object, RemoteBiFunction, Iterable)} over a finite stream of numbers. */
  default Integer reduce(
      Integer identity,
      RemoteBiFunction<? super Integer, ? super Integer, ? extends Integer> combine,
      IntStream items) {
    Iterator<Integer> iterator = items.iterator();
    Iterable<Integer> once = () -> iterator;
    return reduce(identity, combine, once);
  }

  /**
   * Adds items to results of another type, and combines these, as {@link
   * java.util.stream.Stream#reduce(Object, java.util.function.BiFunction,
   * java.util.function.BinaryOperator)} does: map and reduce in one step.
   *
   * {@snippet :
   * int letters = pool.reduce(0, (sum, word) -> sum + word.length(), Integer::sum, words);
   * }
   *
   * @param identity what each group of items starts with; functions must not change it
   * @param accumulate makes a result of a result and an item
   * @param combine makes a result of the results of two neighbouring groups
   */
  <T extends @Nullable Object, U extends @Nullable Object> U reduce(
      U identity,
      RemoteBiFunction<? super U, ? super T, ? extends U> accumulate,
      RemoteBiFunction<? super U, ? super U, ? extends U> combine,
      Iterable<? extends T> items);

  /**
   * Runs {@code task} in a worker. Waits if the pool has no room for it: see {@link
   * PoolBuilder#backlog} and {@link PoolBuilder#inFlightBytes}.
   *
   * @throws NullPointerException if {@code task} is null
   * @throws NotTransferableException if it cannot travel; nothing was sent
   * @throws RejectedExecutionException if the pool was shut down; {@link PoolBrokenException} if it
   *     broke; also if the thread was interrupted while it waited for room, its flag is set again
   *     then; nothing was sent
   */
  <T extends @Nullable Object> Task<T> submit(RemoteCallable<T> task);

  /** Runs {@code task} in a worker. Fails as {@link #submit(RemoteCallable)} does. */
  Task<@Nullable Void> submit(RemoteRunnable task);

  /** Applies {@code function} to {@code a} in a worker. */
  <A extends @Nullable Object, T extends @Nullable Object> Task<T> submit(
      RemoteFunction<? super A, ? extends T> function, A a);

  /** Applies {@code function} to {@code a} and {@code b} in a worker. */
  <A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>
      Task<T> submit(RemoteBiFunction<? super A, ? super B, ? extends T> function, A a, B b);

  /**
   * {@inheritDoc}
   *
   * <p>The task must be able to travel: a plain lambda of this type is not serializable. Pass it as
   * a {@link RemoteCallable}.
   */
  @Override
  <T extends @Nullable Object> Task<T> submit(Callable<T> task);

  @Override
  Task<?> submit(Runnable task);

  @Override
  <T extends @Nullable Object> Task<T> submit(Runnable task, T result);

  /**
   * Runs {@code task} in a worker if the pool has room for it in time.
   *
   * @param timeout how long to wait for room; zero: not at all
   * @return the task; empty if there was no room, and nothing was sent
   * @throws NotTransferableException if it cannot travel; nothing was sent
   * @throws RejectedExecutionException if the pool was shut down; {@link PoolBrokenException} if it
   *     broke
   * @throws InterruptedException if the thread was interrupted while it waited; nothing was sent
   */
  <T extends @Nullable Object> Optional<Task<T>> offer(RemoteCallable<T> task, Duration timeout)
      throws InterruptedException;

  /**
   * Runs {@code task} in a worker if the pool has room for it in time. Fails as {@link
   * #offer(RemoteCallable, Duration)} does.
   */
  Optional<Task<@Nullable Void>> offer(RemoteRunnable task, Duration timeout)
      throws InterruptedException;

  /**
   * Applies {@code function} to {@code a} in a worker if the pool has room for it in time. Fails as
   * {@link #offer(RemoteCallable, Duration)} does.
   */
  <A extends @Nullable Object, T extends @Nullable Object> Optional<Task<T>> offer(
      RemoteFunction<? super A, ? extends T> function, A a, Duration timeout)
      throws InterruptedException;

  /**
   * Applies {@code function} to {@code a} and {@code b} in a worker if the pool has room for it in
   * time. Fails as {@link #offer(RemoteCallable, Duration)} does.
   */
  <A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>
      Optional<Task<T>> offer(
          RemoteBiFunction<? super A, ? super B, ? extends T> function, A a, B b, Duration timeout)
          throws InterruptedException;

  /**
   * Runs {@code task} in a worker; its failure goes to the uncaught exception handler. Never waits.
   *
   * @throws NotTransferableException if it cannot travel
   * @throws RejectedExecutionException if the pool was shut down, or has no room for it now; {@link
   *     PoolBrokenException} if it broke
   */
  @Override
  void execute(Runnable task);

  /**
   * The tasks in the order in which they end. The iterator's {@code next} blocks until one more has
   * ended; if the thread is interrupted there it throws {@link
   * java.util.concurrent.CancellationException} and leaves the flag set.
   */
  <T extends @Nullable Object> Iterable<Task<T>> asCompleted(Collection<? extends Task<T>> tasks);

  /**
   * The same pool, whose tasks are run again, at most {@code retries} times, if the worker that ran
   * them died. Their effects may then happen more than once. Closing the view does nothing.
   *
   * @throws IllegalArgumentException if {@code retries} is negative
   */
  Pool withRetries(int retries);

  /**
   * The same pool, whose failed tasks are run again as {@code policy} says; it takes the place of
   * any other. Closing the view does nothing.
   */
  Pool withRetries(RetryPolicy policy);

  /**
   * The same pool, whose tasks may each run for {@code timeout}, counted from the task's start in
   * its worker; time in the queue is not counted. It holds for each task, each item of a {@code
   * map}, and each attempt where tasks are run again. A task that takes longer is interrupted. If
   * it has not ended within the pool's {@linkplain PoolBuilder#grace grace} then, the stacks of its
   * worker are taken, within a second, and the worker is killed with the processes that it started,
   * and replaced. In either case the task ends with {@link TaskTimeoutException}, when it has
   * ended, or its worker is dead. What was queued behind it goes elsewhere. Closing the view does
   * nothing.
   *
   * @throws IllegalArgumentException if {@code timeout} is not positive
   */
  Pool withTimeout(Duration timeout);

  /**
   * The same pool, whose tasks must each have ended within {@code deadline} of their submission:
   * the call of {@code submit}, {@code map}, {@code mapAsync} … for all its items. A task that has
   * not started by then never starts, and ends with {@link TaskTimeoutException} at once; one that
   * runs is ended as {@link #withTimeout} says. Attempts after a failure, and the pauses between
   * them, are within the deadline. A view may have a timeout as well. Closing the view does
   * nothing.
   *
   * @throws IllegalArgumentException if {@code deadline} is not positive
   */
  Pool withDeadline(Duration deadline);

  /**
   * The same pool, which sends {@code items} items at a time to a worker. Closing the view does
   * nothing.
   *
   * @throws IllegalArgumentException if {@code items} is not positive
   */
  Pool withChunkSize(int items);

  /**
   * The same pool, whose streams have at most {@code items} items between their input and the
   * reader of their results. Closing the view does nothing.
   *
   * @throws IllegalArgumentException if {@code items} is not positive
   */
  Pool withWindow(int items);

  /**
   * The same pool, whose tasks go before those of a lower priority that wait, and behind those of a
   * higher one. Within one priority the first submitted goes first; a task that moves on from a
   * worker that died keeps its place. What has started is not disturbed. Without this the priority
   * is 0. Closing the view does nothing.
   *
   * @param priority any number, also a negative one
   */
  Pool withPriority(int priority);

  /**
   * Has {@code workers} workers from now on. More are started at once; where there are too many,
   * the least busy take no more work and end when they have run what they had started. What waited
   * for them moves on to others. Does not wait. The workers' share of memory and processors stays
   * as it was reckoned for the number that the pool was made with.
   *
   * @throws IllegalArgumentException if {@code workers} is not positive
   * @throws RejectedExecutionException if the pool was shut down; {@link PoolBrokenException} if it
   *     broke
   * @throws UnsupportedOperationException if the pool is another process's, which travelled here
   * @throws java.io.UncheckedIOException if there is no shared memory for another worker; those
   *     that were started before stay
   */
  void resize(int workers);

  /** What each worker is doing now; a snapshot. */
  List<WorkerInfo> workers();

  /**
   * What the threads of each worker are doing now, also where one loops for ever. Blocks until all
   * workers have told, for about a second at the most; an interrupt ends the waiting and leaves the
   * flag set. Of a worker that has not told by then, because it is stopped for instance, the text
   * says so.
   */
  List<WorkerStacks> dumpWorkers();

  /**
   * Takes no more tasks; those that were submitted still run. The workers end after the last. Does
   * not wait.
   */
  @Override
  void shutdown();

  /**
   * Takes no more tasks, drops those that have not started, and interrupts those that run. Does not
   * wait.
   *
   * @return what was given to {@code submit} and {@code execute} and had not started, each as
   *     something that runs it here; their {@link Task}s are cancelled
   */
  @Override
  List<Runnable> shutdownNow();

  /**
   * Kills the workers now, with all the processes that they started. Every task that had not ended
   * ends with {@link java.util.concurrent.CancellationException}. Waits until the workers are gone;
   * that takes milliseconds and is not interruptible. Calling it again does nothing.
   */
  void terminate();

  @Override
  boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException;

  /** {@inheritDoc} */
  @Override
  <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
      throws InterruptedException;

  /** {@inheritDoc} */
  @Override
  <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException;
}
