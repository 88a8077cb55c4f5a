package io.procession;

import io.procession.function.RemoteBiConsumer;
import io.procession.function.RemoteConsumer;
import io.procession.function.RemoteRunnable;
import io.procession.function.RemoteTriConsumer;
import io.procession.internal.codec.StandardCodec;
import io.procession.internal.engine.Child;
import io.procession.internal.engine.ChildEngine;
import io.procession.internal.engine.LaunchOptions;
import io.procession.internal.family.Family;
import io.procession.internal.wire.Birth;
import io.procession.spi.Engine;
import io.procession.spi.Waitable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A child process: a JVM like this one, which runs one function and ends.
 *
 * {@snippet :
 * var child = ChildProcess.start(() -> System.out.println("hello from a process"));
 * child.join();
 * }
 *
 * <p>The child has the class path, module path, system properties, locale and time zone of this
 * process. The function travels to it with what it captures; see {@link NotTransferableException}
 * for what cannot. The main of this program does not run there. Its standard output and error are
 * this process's; its standard input is empty. It carries no result: for that there is {@link
 * Pool#submit}.
 *
 * <p><b>Exit codes.</b> 0 when the function returned (and the threads that it left have ended); 1,
 * with the stack trace on stderr, when it threw; n after {@code System.exit(n)}; 128 + n when
 * signal n killed it, which {@link #signal} names.
 *
 * <p><b>Death.</b> When main returns, this process waits for its children and ends the daemon ones;
 * when it dies, by whatever means, all its children die with it, within a second, and so do theirs.
 *
 * <p><b>Memory consistency effects.</b> What happens before {@link #start()} happens before the
 * function runs, as far as it travelled; processes share no objects.
 */
public final class ChildProcess implements Waitable {

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** How long join waits before it looks whether the child can end at all. */
  private static final long WONDER_NANOS = 2_000_000_000;

  private enum State {
    UNSTARTED,
    STARTED,
    /** A process that this one did not start: itself, or its parent. */
    RELATIVE
  }

  private final String name;
  private final boolean daemon;
  private final CompletableFuture<Engine.Exit> exit = new CompletableFuture<>();
  private @Nullable Start plan;
  private volatile State state;
  private volatile @Nullable Child child;
  private final @Nullable ProcessHandle relative;
  private final boolean mayUseSpare;
  private final @Nullable Capture capture;

  /** All that is needed to start it, once. */
  private record Start(LaunchOptions options, ChildEngine engine, Engine.Calls calls) {}

  ChildProcess(
      String name,
      boolean daemon,
      LaunchOptions options,
      ChildOutput output,
      RemoteRunnable call,
      ClassLoader loader) {
    this.name = name;
    this.daemon = daemon;
    this.state = State.UNSTARTED;
    this.relative = null;
    var kept = output instanceof ChildOutput.Captured all ? new Capture(all.mostChars) : null;
    this.capture = kept;
    var lines = kept == null ? output.lines() : kept;
    this.mayUseSpare = lines == null;
    var engine =
        mayUseSpare && Spares.exist(options)
            ? ChildEngine.ofKnown(options)
            : new ChildEngine(options, lines);
    this.plan =
        new Start(options, engine, new CallEncoder(new StandardCodec(), engine).call(call, loader));
  }

  private ChildProcess(String name, boolean daemon, ProcessHandle relative) {
    this.name = name;
    this.daemon = daemon;
    this.state = State.RELATIVE;
    this.relative = relative;
    this.capture = null;
    this.mayUseSpare = false;
  }

  static String nextName() {
    var own = Birth.current();
    var number = COUNT.incrementAndGet();
    return own == null ? "process-" + number : own.name() + "-" + number;
  }

  /** A builder for everything that the short forms leave out. */
  public static ChildProcessBuilder builder() {
    return new ChildProcessBuilder();
  }

  /**
   * Starts a child that runs {@code task}. Returns before the child is up.
   *
   * @throws NotTransferableException if the task cannot travel; nothing was started
   * @throws IllegalStateException if no child can be started here, or if a static initialiser does
   *     it while this process, itself a child, boots
   */
  public static ChildProcess start(RemoteRunnable task) {
    return builder().start(task);
  }

  /** Starts a child that runs {@code task} on {@code a}. */
  public static <A extends @Nullable Object> ChildProcess start(
      RemoteConsumer<? super A> task, A a) {
    return builder().start(task, a);
  }

  /** Starts a child that runs {@code task} on {@code a} and {@code b}. */
  public static <A extends @Nullable Object, B extends @Nullable Object> ChildProcess start(
      RemoteBiConsumer<? super A, ? super B> task, A a, B b) {
    return builder().start(task, a, b);
  }

  /** Starts a child that runs {@code task} on {@code a}, {@code b} and {@code c}. */
  public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      ChildProcess start(RemoteTriConsumer<? super A, ? super B, ? super C> task, A a, B b, C c) {
    return builder().start(task, a, b, c);
  }

  /** A child that {@link #start()} starts. The task is read now: later changes do not travel. */
  public static ChildProcess unstarted(RemoteRunnable task) {
    return builder().unstarted(task);
  }

  /** A child that {@link #start()} starts. */
  public static <A extends @Nullable Object> ChildProcess unstarted(
      RemoteConsumer<? super A> task, A a) {
    return builder().unstarted(task, a);
  }

  /** A child that {@link #start()} starts. */
  public static <A extends @Nullable Object, B extends @Nullable Object> ChildProcess unstarted(
      RemoteBiConsumer<? super A, ? super B> task, A a, B b) {
    return builder().unstarted(task, a, b);
  }

  /** A child that {@link #start()} starts. */
  public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      ChildProcess unstarted(
          RemoteTriConsumer<? super A, ? super B, ? super C> task, A a, B b, C c) {
    return builder().unstarted(task, a, b, c);
  }

  /**
   * Keeps {@code count} processes ready from now on, so that {@link #start} need not wait for a JVM
   * to come up; {@code 0} ends them. Each serves one child that is started with the same options as
   * these (none), has run nothing of this program's before, and is replaced in the background;
   * where none is up, a start goes its usual way. They are not among {@link #activeChildren}, keep
   * nothing alive and end with this process. Each costs the memory of an idle JVM. Returns before
   * they are up; calling it again changes the number.
   *
   * @throws IllegalArgumentException if {@code count} is negative
   * @throws IllegalStateException if no child can be started here
   * @see ChildProcessBuilder#prestart
   */
  public static void prestart(int count) {
    builder().prestart(count);
  }

  /** This process: its name is {@code main} unless it is a child. */
  public static ChildProcess current() {
    var own = Birth.current();
    return own == null
        ? new ChildProcess("main", false, ProcessHandle.current())
        : new ChildProcess(own.name(), own.daemon(), ProcessHandle.current());
  }

  /** The process that started this one; empty unless this is a child. */
  public static Optional<ChildProcess> parent() {
    var own = Birth.current();
    if (own == null) {
      return Optional.empty();
    }
    return ProcessHandle.of(own.parent().pid())
        .map(handle -> new ChildProcess(own.parent().name(), false, handle));
  }

  /** The children that were started here and have not ended, in the order of their starts. */
  public static List<ChildProcess> activeChildren() {
    return Children.active();
  }

  /**
   * Starts the child. Returns before it is up.
   *
   * @return this
   * @throws IllegalStateException if it was started before
   */
  public ChildProcess start() {
    Lineage.checkStart();
    Start starting;
    synchronized (this) {
      if (state != State.UNSTARTED) {
        throw new IllegalStateException(
            "a child process can be started only once; make another with unstarted(…). name="
                + name);
      }
      starting = plan;
      plan = null;
      state = State.STARTED;
    }
    if (starting == null) {
      throw new AssertionError("an unstarted child has a plan");
    }
    var calls = starting.calls;
    var engine = starting.engine;
    Children.add(this);
    try {
      var ear = new Ear(engine, calls);
      var spare = mayUseSpare ? Spares.take(starting.options, name, daemon, ear) : null;
      var started = spare != null ? spare : engine.start(name, new Child.Role(daemon, false), ear);
      child = started;
      started.offer(1, calls, 0, 1);
    } catch (RuntimeException | Error e) {
      var idle = child;
      if (idle == null) {
        calls.message().close();
        engine.close();
      } else {
        // It would wait for its call for ever; its ear closes the rest.
        idle.kill();
      }
      Children.remove(this);
      exit.completeExceptionally(e);
      throw e;
    }
    return this;
  }

  /** Hears of the process, in the engine's thread. */
  private final class Ear implements Engine.Listener {

    private final ChildEngine engine;
    private final Engine.Calls calls;

    Ear(ChildEngine engine, Engine.Calls calls) {
      this.engine = engine;
      this.calls = calls;
    }

    @Override
    public void ready() {}

    @Override
    public void settled(
        long sequence,
        int index,
        boolean failed,
        MemorySegment result,
        Engine.@Nullable Message large,
        long durationNanos) {
      throw new IllegalStateException("a child process has no result. name=" + name);
    }

    @Override
    public void paused() {}

    @Override
    public void exited(Engine.Exit ended) {
      calls.message().close();
      engine.close();
      Children.remove(ChildProcess.this);
      Thread.ofVirtual().name("procession-exited-" + name).start(() -> tellExit(ended));
    }
  }

  private void tellExit(Engine.Exit ended) {
    var cause = ended.cause();
    if (ended.pid() == 0 && cause != null) {
      exit.completeExceptionally(cause);
    } else {
      exit.complete(ended);
    }
  }

  private IllegalStateException notStarted(Throwable cause) {
    return new IllegalStateException(
        "the child process could not be started: %s. name=%s".formatted(cause.getMessage(), name),
        cause);
  }

  /**
   * Waits until the child has ended and its last line of output was passed on. When that takes
   * seconds because the child waits for room in a queue, a warning in the system's log says so.
   *
   * @throws IllegalStateException if it was not started, or could not be, or is this process itself
   * @throws InterruptedException if the thread is interrupted; the child goes on
   */
  public void join() throws InterruptedException {
    awaitExit(null);
  }

  /**
   * Waits until the child has ended, but no longer than {@code timeout}.
   *
   * @return whether it has ended
   * @throws IllegalStateException if it was not started, or could not be, or is this process itself
   * @throws InterruptedException if the thread is interrupted; the child goes on
   */
  public boolean join(Duration timeout) throws InterruptedException {
    return awaitExit(timeout);
  }

  private boolean awaitExit(@Nullable Duration timeout) throws InterruptedException {
    checkStarted("join");
    CompletableFuture<?> end = exit;
    if (relative != null) {
      if (relative.pid() == ProcessHandle.current().pid()) {
        throw new IllegalStateException(
            "a process cannot wait for its own end. pid=" + relative.pid());
      }
      end = relative.onExit();
    }
    try {
      var nanos = timeout == null ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.convert(timeout);
      return awaitExit(end, nanos);
    } catch (ExecutionException failure) {
      throw notStarted(Objects.requireNonNullElse(failure.getCause(), failure));
    }
  }

  private boolean awaitExit(CompletableFuture<?> end, long nanos)
      throws InterruptedException, ExecutionException {
    var start = System.nanoTime();
    var told = false;
    while (true) {
      var left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
      try {
        end.get(told ? left : Math.min(left, WONDER_NANOS), TimeUnit.NANOSECONDS);
        return true;
      } catch (TimeoutException _) {
        if (told || left <= WONDER_NANOS) {
          return false;
        }
        told = tellIfBlocked();
      }
    }
  }

  /** A child that waits for room in a queue will not end before someone takes from the queue. */
  private boolean tellIfBlocked() {
    var started = child;
    var identity = started == null ? null : started.identity();
    if (identity == null) {
      return false;
    }
    var queue = Family.queueBlocking(identity);
    if (queue == 0) {
      return false;
    }
    System.getLogger(ChildProcess.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "join() waits for a child that waits to put into a full queue: take from the queue"
                + " first, then join. child=%s pid=%d queue=%d"
                    .formatted(name, identity.pid(), queue));
    return true;
  }

  private void checkStarted(String what) {
    if (state == State.UNSTARTED) {
      throw new IllegalStateException(
          what + "() needs a process that was started; call start() first. name=" + name);
    }
  }

  /** Whether it has ended; see {@link io.procession.shared.Connection#awaitAny}. */
  @Override
  public boolean isReady() {
    checkStarted("isReady");
    return !isAlive();
  }

  @Override
  public Registration onReady(Runnable wake) {
    checkStarted("onReady");
    CompletableFuture<?> end = relative != null ? relative.onExit() : exit;
    var told = new AtomicReference<@Nullable Runnable>(wake);
    var _ =
        end.whenComplete((_, _) -> {
          var listener = told.get();
          if (listener != null) {
            listener.run();
          }
        });
    return () -> told.set(null);
  }

  /** Whether it was started and has not ended. */
  public boolean isAlive() {
    if (relative != null) {
      return relative.isAlive();
    }
    return state == State.STARTED && !exit.isDone();
  }

  /**
   * Its process id. Right after the start this waits, some milliseconds, until there is one.
   *
   * @throws IllegalStateException if it was not started, or could not be
   */
  public long pid() {
    checkStarted("pid");
    if (relative != null) {
      return relative.pid();
    }
    var started = child;
    var pid = started == null ? 0 : started.awaitPid();
    if (pid == 0) {
      throw new IllegalStateException(
          "the child process could not be started, so it has no pid; join() tells why. name="
              + name);
    }
    return pid;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Whether it is ended when its parent's main returns. */
  public boolean isDaemon() {
    return daemon;
  }

  /**
   * How it ended: see the class comment.
   *
   * @throws IllegalStateException if it has not ended, or was not started by this process
   */
  public int exitCode() {
    var ended = exit.isCompletedExceptionally() ? null : exit.getNow(null);
    if (ended == null) {
      throw new IllegalStateException(
          "the process has no exit code yet; join() it first. name=" + name);
    }
    return ended.code();
  }

  /**
   * What it has written so far to stdout and stderr; all of it, once {@link #join} has returned.
   * Does not wait.
   *
   * @throws IllegalStateException if its output is not captured: {@link
   *     ChildProcessBuilder#output(ChildOutput)}
   */
  public CapturedOutput output() {
    if (capture == null) {
      throw new IllegalStateException(
          "what this process writes is not kept; build it with output(ChildOutput.captured())."
              + " name="
              + name);
    }
    return capture.soFar();
  }

  /**
   * The signal that killed it, such as {@code SIGKILL}; empty if it has not ended or exited by
   * itself.
   */
  public Optional<String> signal() {
    var ended = exit.isCompletedExceptionally() ? null : exit.getNow(null);
    return ended == null ? Optional.empty() : Optional.ofNullable(ended.signal());
  }

  /**
   * Asks it to end, with SIGTERM: its shutdown hooks run. Does nothing if it has ended.
   *
   * @throws IllegalStateException if it was not started, or was not started by this process
   */
  public void terminate() {
    startedHere("terminate").terminate();
  }

  /**
   * Kills it, with SIGKILL, and with it the child processes that it started with this library.
   * Other programs that it started go on; {@link #killTree} ends these too.
   *
   * @throws IllegalStateException if it was not started, or was not started by this process
   */
  public void kill() {
    startedHere("kill").killAlone();
  }

  /**
   * Kills it and every process that it started, whatever that is.
   *
   * @throws IllegalStateException if it was not started, or was not started by this process
   */
  public void killTree() {
    startedHere("killTree").kill();
  }

  private Child startedHere(String what) {
    checkStarted(what);
    var started = child;
    if (started == null) {
      throw new IllegalStateException(
          what + "() is for processes that were started here. name=" + name);
    }
    return started;
  }

  /** Completes with this when it has ended; exceptionally if it could not be started. */
  public CompletableFuture<ChildProcess> onExit() {
    if (relative != null) {
      return relative.onExit().thenApply(ended -> this);
    }
    return exit.thenApply(ended -> this);
  }

  @Override
  public String toString() {
    var how = "unstarted";
    if (relative != null || state == State.STARTED) {
      var ended = exit.isCompletedExceptionally() ? null : exit.getNow(null);
      how =
          ended == null
              ? "alive=" + isAlive()
              : ended.signal() == null ? "exitCode=" + ended.code() : "signal=" + ended.signal();
    }
    return "ChildProcess[name=%s, daemon=%b, %s]".formatted(name, daemon, how);
  }
}
