package io.procession;

import io.procession.function.RemoteBiFunction;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteConsumer;
import io.procession.function.RemoteFunction;
import io.procession.function.RemoteRunnable;
import io.procession.internal.codec.StandardCodec;
import io.procession.spi.Engine;
import io.procession.spi.Input;
import io.procession.spi.Output;
import io.procession.spi.Transferable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Gatherer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pool, or a view of one with other options. */
final class WorkerPool implements Pool, Transferable {

  private final Engine engine;
  private final CallEncoder encoder;
  private final ResultDecoder decoder;
  private final Desk desk;
  private final Executor callbacks;
  private final CallTimes times;
  private final CallOptions options;
  private final boolean isView;
  private final Passport passport;

  private WorkerPool(
      Engine engine,
      CallEncoder encoder,
      ResultDecoder decoder,
      Desk desk,
      Executor callbacks,
      CallTimes times,
      CallOptions options,
      boolean isView,
      Passport passport) {
    this.engine = engine;
    this.encoder = encoder;
    this.decoder = decoder;
    this.desk = desk;
    this.callbacks = callbacks;
    this.times = times;
    this.options = options;
    this.isView = isView;
    this.passport = passport;
  }

  static WorkerPool start(PoolBuilder builder, String name) {
    var outputs = builder.capturedWorkers();
    var codec = new StandardCodec();
    var engine = builder.engine(codec, outputs);
    var encoder = new CallEncoder(codec, engine);
    var decoder = new ResultDecoder(codec);
    Executor callbacks = Thread.ofVirtual().name(name + "-callback-", 0)::start;
    var initializer = builder.initializer;
    var initializing = initializer == null ? null : new Initializing(encoder, decoder, initializer);
    var sight = new Sight(name, builder.listener, callbacks);
    var ledger =
        new Ledger(
            engine,
            name,
            callbacks,
            initializing,
            builder.supervision(name),
            builder.staff(),
            new Provisions(builder.flow(name), outputs, builder.maxNested, sight));
    sight.queue(ledger);
    var passport =
        Passport.issue(name, builder.workers(), new Office(ledger, engine, encoder, decoder, name));
    try {
      var status = builder.status(name, ledger, sight);
      ledger.atEnd(() -> {
        passport.revoke();
        if (status != null) {
          status.end();
        }
      });
      ledger.startWorkers();
    } catch (RuntimeException e) {
      ledger.terminate();
      throw e;
    }
    var pool =
        new WorkerPool(
            engine,
            encoder,
            decoder,
            ledger,
            callbacks,
            new CallTimes(),
            new CallOptions(builder.terms, builder.chunkSize, builder.window(), 0),
            false,
            passport);
    passport.of(pool);
    return pool;
  }

  /** A pool that travelled here. */
  static WorkerPool of(RemoteDesk desk, Passport passport) {
    var codec = new StandardCodec();
    var engine = new RemoteEngine(desk);
    return new WorkerPool(
        engine,
        new CallEncoder(codec, engine),
        new ResultDecoder(codec),
        desk,
        Thread.ofVirtual().name(passport.name() + "-callback-", 0)::start,
        new CallTimes(),
        new CallOptions(Terms.NONE, 0, 0, 0),
        true,
        passport);
  }

  @Override
  public void writeTo(Output output) {
    passport.writeTo(output);
    new StandardCodec().write(options, output);
  }

  /** Reads a handle: gives the pool itself where it was made, elsewhere what stands for it. */
  static Pool readFrom(Input input) throws IOException, ClassNotFoundException {
    var pool = Passport.readFrom(input);
    var options = (CallOptions) new StandardCodec().read(input);
    return options == null ? pool : pool.view(options);
  }

  /** The loader that knows the function's classes. */
  static ClassLoader loaderOf(Object function) {
    if (function instanceof Bound bound) {
      return loaderOf(bound.function());
    }
    var loader = function.getClass().getClassLoader();
    if (loader == null) {
      loader = Thread.currentThread().getContextClassLoader();
    }
    return loader == null ? ClassLoader.getSystemClassLoader() : loader;
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
      RemoteFunction<? super T, ? extends R> function, Iterable<? extends T> items) {
    Objects.requireNonNull(function, "function");
    return bulk(function, items.iterator(), true);
  }

  @Override
  public <T extends @Nullable Object> void forEach(
      RemoteConsumer<? super T> action, Iterable<? extends T> items) {
    Objects.requireNonNull(action, "action");
    bulk(new Bound.Action<T>(action), items.iterator(), false);
  }

  @SuppressWarnings("unchecked") // the function's results have this type
  private <R extends @Nullable Object> List<R> bulk(
      RemoteFunction<?, ?> function, Iterator<?> items, boolean keepValues) {
    desk.checkOpen();
    var code = encoder.code(function, loaderOf(function));
    try {
      var call = new BulkCall(desk, decoder, code, options);
      return (List<R>) call.run(items, encoder, desk.size(), keepValues);
    } finally {
      engine.forget(code);
    }
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> List<Task<R>> mapAsync(
      RemoteFunction<? super T, ? extends R> function, Iterable<? extends T> items) {
    Objects.requireNonNull(function, "function");
    desk.checkOpen();
    var code = encoder.code(function, loaderOf(function));
    var job =
        new TaskJob<R>(
            decoder, code.loader(), callbacks, new CallTimes(), options.priority(), null);
    var call = new AsyncCall<>(desk, code, options, job);
    return call.submit(items.iterator(), encoder, () -> engine.forget(code));
  }

  private Streams streams() {
    return new Streams(desk, engine, encoder, decoder, options);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Stream<R> stream(
      RemoteFunction<? super T, ? extends R> function, Stream<? extends T> items) {
    return stream(function, items, true);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Stream<R> streamUnordered(
      RemoteFunction<? super T, ? extends R> function, Stream<? extends T> items) {
    return stream(function, items, false);
  }

  private <T extends @Nullable Object, R extends @Nullable Object> Stream<R> stream(
      RemoteFunction<? super T, ? extends R> function, Stream<? extends T> items, boolean ordered) {
    Objects.requireNonNull(function, "function");
    var input = items.iterator();
    return streams().<R>stream(function, () -> input, ordered).onClose(items::close);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Stream<R> stream(
      RemoteFunction<? super T, ? extends R> function, Iterable<? extends T> items) {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(items, "items");
    return streams().stream(function, items::iterator, true);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Stream<R> streamUnordered(
      RemoteFunction<? super T, ? extends R> function, Iterable<? extends T> items) {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(items, "items");
    return streams().stream(function, items::iterator, false);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object> Gatherer<T, ?, R> mapping(
      RemoteFunction<? super T, ? extends R> function) {
    Objects.requireNonNull(function, "function");
    return streams().gatherer(function, true);
  }

  @Override
  public <T extends @Nullable Object, R extends @Nullable Object>
      Gatherer<T, ?, R> mappingUnordered(RemoteFunction<? super T, ? extends R> function) {
    Objects.requireNonNull(function, "function");
    return streams().gatherer(function, false);
  }

  @Override
  public <T extends @Nullable Object> Task<T> submit(RemoteCallable<T> task) {
    Objects.requireNonNull(task, "task");
    return submitted(task, new FutureTaskOf(task));
  }

  @Override
  public Task<@Nullable Void> submit(RemoteRunnable task) {
    Objects.requireNonNull(task, "task");
    return submitted(task, task);
  }

  @Override
  public <A extends @Nullable Object, T extends @Nullable Object> Task<T> submit(
      RemoteFunction<? super A, ? extends T> function, A a) {
    Objects.requireNonNull(function, "function");
    var call = new Bound.Call<A, T>(function, a);
    return submitted(call, new FutureTaskOf(call));
  }

  @Override
  public <A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>
      Task<T> submit(RemoteBiFunction<? super A, ? super B, ? extends T> function, A a, B b) {
    Objects.requireNonNull(function, "function");
    var call = new Bound.BiCall<A, B, T>(function, a, b);
    return submitted(call, new FutureTaskOf(call));
  }

  @Override
  public <T extends @Nullable Object> Task<T> submit(Callable<T> task) {
    Objects.requireNonNull(task, "task");
    return submitted(task, new FutureTaskOf(task));
  }

  @Override
  public Task<?> submit(Runnable task) {
    Objects.requireNonNull(task, "task");
    return submitted(task, task);
  }

  @Override
  public <T extends @Nullable Object> Task<T> submit(Runnable task, T result) {
    Objects.requireNonNull(task, "task");
    return submitted(new Bound.Running<>(task, result), task);
  }

  @Override
  public void execute(Runnable task) {
    Objects.requireNonNull(task, "task");
    encoder.checkPlain(task);
    var submitted = execute(task, 0);
    if (submitted == null) {
      throw desk.noRoom();
    }
    // There is no other way to see its failure.
    var _ = submitted.whenComplete(WorkerPool::report);
  }

  private @Nullable Task<?> execute(Runnable task, long waitNanos) {
    try {
      return offered(task, task, waitNanos);
    } catch (InterruptedException e) {
      throw new AssertionError("it does not wait", e);
    }
  }

  private static void report(@Nullable Object value, @Nullable Throwable failure) {
    if (failure != null && !(failure instanceof CancellationException)) {
      var thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }
  }

  private <T extends @Nullable Object> Task<T> submitted(Object callable, Runnable original) {
    try {
      return Objects.requireNonNull(
          this.<T>offered(callable, original, Flow.FOREVER), "a task, for it waits forever");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Flow.interrupted(e);
    }
  }

  /** Submits a task if there is room for it in time; gives null if there is none. */
  private <T extends @Nullable Object> @Nullable Task<T> offered(
      Object callable, Runnable original, long waitNanos) throws InterruptedException {
    desk.checkOpen();
    var loader = loaderOf(callable);
    var calls = encoder.call(callable, loader);
    var job = new TaskJob<T>(decoder, loader, callbacks, times, options.priority(), original);
    var task = job.add(desk);
    var taken = false;
    try {
      var batch = Batch.of(job, calls, 0, desk.numbers(1), options.terms().fromNow());
      taken = desk.offer(batch, waitNanos);
      return taken ? task : null;
    } finally {
      if (!taken) {
        calls.message().close();
      }
    }
  }

  @Override
  public <T extends @Nullable Object> Optional<Task<T>> offer(
      RemoteCallable<T> task, Duration timeout) throws InterruptedException {
    Objects.requireNonNull(task, "task");
    return Optional.ofNullable(offered(task, new FutureTaskOf(task), nanos(timeout)));
  }

  @Override
  public Optional<Task<@Nullable Void>> offer(RemoteRunnable task, Duration timeout)
      throws InterruptedException {
    Objects.requireNonNull(task, "task");
    return Optional.ofNullable(offered(task, task, nanos(timeout)));
  }

  @Override
  public <A extends @Nullable Object, T extends @Nullable Object> Optional<Task<T>> offer(
      RemoteFunction<? super A, ? extends T> function, A a, Duration timeout)
      throws InterruptedException {
    Objects.requireNonNull(function, "function");
    return offer(new Bound.Call<A, T>(function, a), timeout);
  }

  @Override
  public <A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>
      Optional<Task<T>> offer(
          RemoteBiFunction<? super A, ? super B, ? extends T> function, A a, B b, Duration timeout)
          throws InterruptedException {
    Objects.requireNonNull(function, "function");
    return offer(new Bound.BiCall<A, B, T>(function, a, b), timeout);
  }

  /** At most what stands for ever, so that a long time is one. */
  private static long nanos(Duration timeout) {
    return TimeUnit.NANOSECONDS.convert(timeout);
  }

  @Override
  public <T extends @Nullable Object> Iterable<Task<T>> asCompleted(
      Collection<? extends Task<T>> tasks) {
    var all = List.<Task<T>>copyOf(tasks);
    return () -> new AsTheyEnd<>(all);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return invokeAll(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    var startNanos = System.nanoTime();
    var limitNanos = Math.max(0, unit.toNanos(timeout));
    var submitted = new ArrayList<Future<T>>(tasks.size());
    var allEnded = false;
    try {
      for (var task : tasks) {
        var next = this.<T>offered(task, limitNanos - (System.nanoTime() - startNanos));
        submitted.add(next == null ? WorkerPool.<T>cancelled() : next);
      }
      for (var task : submitted) {
        try {
          task.get(limitNanos - (System.nanoTime() - startNanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
          return submitted;
        } catch (ExecutionException | CancellationException ended) {
          // That is an outcome, too: the caller finds it in the future.
        }
      }
      allEnded = true;
      return submitted;
    } finally {
      if (!allEnded) {
        submitted.reversed().forEach(task -> task.cancel(true));
      }
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return invokeAny(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("292 years went by", e);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("there is no task to invoke. tasks=0");
    }
    var startNanos = System.nanoTime();
    var limitNanos = Math.max(0, unit.toNanos(timeout));
    var submitted = new ArrayList<Task<T>>(tasks.size());
    var ended = new LinkedBlockingQueue<Task<T>>();
    try {
      for (var task : tasks) {
        var next = this.<T>offered(task, limitNanos - (System.nanoTime() - startNanos));
        if (next == null) {
          throw late(limitNanos);
        }
        submitted.add(next);
        var _ = next.whenComplete((value, failure) -> ended.add(next));
      }
      ExecutionException last = null;
      for (var left = submitted.size(); left > 0; left--) {
        var first = ended.poll(limitNanos - (System.nanoTime() - startNanos), TimeUnit.NANOSECONDS);
        if (first == null) {
          throw late(limitNanos);
        }
        try {
          return first.get();
        } catch (ExecutionException failure) {
          last = failure;
        } catch (CancellationException failure) {
          last = new ExecutionException(failure);
        }
      }
      throw Objects.requireNonNull(last);
    } finally {
      submitted.reversed().forEach(task -> task.cancel(true));
    }
  }

  private static TimeoutException late(long limitNanos) {
    return new TimeoutException("no task ended in time. timeoutNanos=" + limitNanos);
  }

  /** Stands for a task for which there was no room in time. */
  private static <T extends @Nullable Object> Future<T> cancelled() {
    var never = new CompletableFuture<T>();
    never.cancel(false);
    return never;
  }

  private <T extends @Nullable Object> @Nullable Task<T> offered(Callable<T> task, long waitNanos)
      throws InterruptedException {
    Objects.requireNonNull(task, "task");
    return offered(task, new FutureTaskOf(task), waitNanos);
  }

  @Override
  public Pool withRetries(int retries) {
    return withRetries(RetryPolicy.times(retries));
  }

  @Override
  public Pool withRetries(RetryPolicy policy) {
    Objects.requireNonNull(policy, "policy");
    return view(options.withTerms(options.terms().withRetries(policy)));
  }

  @Override
  public Pool withTimeout(Duration timeout) {
    return view(options.withTerms(options.terms().withTimeout(timeout)));
  }

  @Override
  public Pool withDeadline(Duration deadline) {
    return view(options.withTerms(options.terms().withDeadline(deadline)));
  }

  @Override
  public Pool withChunkSize(int items) {
    return view(options.withChunkSize(items));
  }

  @Override
  public Pool withWindow(int items) {
    return view(options.withWindow(items));
  }

  @Override
  public Pool withPriority(int priority) {
    return view(options.withPriority(priority));
  }

  private WorkerPool view(CallOptions newOptions) {
    return new WorkerPool(
        engine, encoder, decoder, desk, callbacks, times, newOptions, true, passport);
  }

  @Override
  public void resize(int workers) {
    desk.resize(PoolBuilder.checkWorkers(workers));
  }

  @Override
  public List<WorkerInfo> workers() {
    return desk.workers();
  }

  @Override
  public List<WorkerStacks> dumpWorkers() {
    return desk.stacks();
  }

  @Override
  public void shutdown() {
    desk.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    var dropped = desk.shutdownNow();
    var originals = new ArrayList<Runnable>();
    for (var batch : dropped) {
      if (batch.job() instanceof TaskJob<?> job && job.original() != null) {
        originals.add(job.original());
      }
    }
    Ledger.failAll(dropped, new CancellationException("the task was dropped by shutdownNow"));
    return originals;
  }

  @Override
  public void terminate() {
    desk.terminate();
  }

  @Override
  public void close() {
    if (!isView) {
      Pool.super.close();
    }
  }

  @Override
  public boolean isShutdown() {
    return desk.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return desk.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return desk.awaitTermination(timeout, unit);
  }

  @Override
  public String toString() {
    return "Pool[workers=%s, shutdown=%b, terminated=%b]"
        .formatted(workers(), isShutdown(), isTerminated());
  }

  @Override
  public <T extends @Nullable Object> Optional<T> reduce(
      RemoteBiFunction<? super T, ? super T, ? extends T> combine, Iterable<? extends T> items) {
    return this.<T>reduction(combine).reduce(items);
  }

  @Override
  public <T extends @Nullable Object> T reduce(
      T identity,
      RemoteBiFunction<? super T, ? super T, ? extends T> combine,
      Iterable<? extends T> items) {
    return this.<T>reduction(combine).reduce(identity, combine, items);
  }

  @Override
  public <T extends @Nullable Object, U extends @Nullable Object> U reduce(
      U identity,
      RemoteBiFunction<? super U, ? super T, ? extends U> accumulate,
      RemoteBiFunction<? super U, ? super U, ? extends U> combine,
      Iterable<? extends T> items) {
    return this.<U>reduction(combine).reduce(identity, accumulate, items);
  }

  private <U extends @Nullable Object> Reduction<U> reduction(
      RemoteBiFunction<? super U, ? super U, ? extends U> combine) {
    Objects.requireNonNull(combine, "combine");
    var groupSize = options.chunkSize();
    var workers = Math.max(1, desk.size());
    return new Reduction<>(groupSize == 0 ? this : withChunkSize(1), combine, workers, groupSize);
  }

  /** What {@link #shutdownNow} gives back for a callable: something to run. */
  private static final class FutureTaskOf extends FutureTask<@Nullable Object> {
    @SuppressWarnings("unchecked") // only run, never asked for its value's type
    FutureTaskOf(Callable<?> task) {
      super((Callable<@Nullable Object>) task);
    }
  }
}
