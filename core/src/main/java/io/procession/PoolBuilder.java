package io.procession;

import io.procession.function.RemoteRunnable;
import io.procession.internal.engine.ChildEngine;
import io.procession.internal.engine.ChildLines;
import io.procession.internal.engine.LaunchOptions;
import io.procession.internal.engine.ThreadEngine;
import io.procession.internal.wire.OutputMark;
import io.procession.spi.Codec;
import io.procession.spi.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Says how the workers of a {@link Pool} are to be: processes, unless {@link #threads}, {@link
 * #virtualThreads} or {@link #inline} is called. Every method but {@link #build} returns this
 * builder.
 */
public final class PoolBuilder {

  /** The share of the memory that the heaps of all workers together may have. */
  private static final double HEAP_PERCENT = 50;

  /** Enough to wait for many things at once, and no flood to whatever they wait for. */
  private static final int VIRTUAL_THREADS = 256;

  private static final AtomicInteger COUNT = new AtomicInteger();

  private ThreadEngine.@Nullable Kind threads;
  private boolean copying;

  /** What was called that only processes have. */
  private final Set<String> forProcesses = new TreeSet<>();

  private int workers;
  @Nullable String name;
  final List<String> jvmArguments = new ArrayList<>();
  final Map<String, String> environment = new HashMap<>();
  @Nullable Path directory;
  long heapBytes;
  @Nullable RemoteRunnable initializer;
  private int spares;
  private long recycleTasks;
  private @Nullable Duration recycleAge;
  private long recycleBytes;
  Terms terms = Terms.NONE;
  int chunkSize;
  long graceNanos = TimeUnit.SECONDS.toNanos(1);
  long memoryBytes;
  int mostDeaths;
  Duration deathPeriod = Duration.ZERO;
  int maxNested = 8;
  @Nullable PoolListener listener;
  private @Nullable Path status;
  private ChildOutput output = ChildOutput.inherited();
  private long inFlightBytes = Runtime.getRuntime().maxMemory();
  private long backlog = Flow.FOREVER;

  PoolBuilder() {}

  /**
   * The workers are platform threads of this process. Then everything is as it is with processes,
   * but for this:
   *
   * <ul>
   *   <li>Functions, arguments and results are the objects themselves, unless {@link #copying} says
   *       otherwise; they need not be able to travel.
   *   <li>What crashes or ends the process ends all of it; there is no {@link
   *       WorkerCrashedException}.
   *   <li>A thread cannot be killed. A task that is cancelled, or outlives its time, is
   *       interrupted; if that does not end it within the {@linkplain #grace grace}, its thread is
   *       given up: it ends when the task does, and another takes its place.
   * </ul>
   *
   * <p>The threads are daemons, and do not inherit thread locals.
   */
  public PoolBuilder threads() {
    threads = ThreadEngine.Kind.PLATFORM;
    return this;
  }

  /** As {@link #threads}, but with virtual threads: at most 256, if nothing else is said. */
  public PoolBuilder virtualThreads() {
    threads = ThreadEngine.Kind.VIRTUAL;
    return this;
  }

  /**
   * Each call runs in the thread that submits it, one after the other, before the method returns:
   * for debugging. A stream runs an item when its result is wanted. As with {@link #threads}, but
   * cancelling from another thread only interrupts; and an interrupt of the calling thread is the
   * task's.
   */
  public PoolBuilder inline() {
    threads = ThreadEngine.Kind.CALLER;
    return this;
  }

  /**
   * Workers that are threads get copies of functions and arguments, and give copies of results,
   * made as they are for processes: so what could not travel to a process fails here, too, in the
   * same way. Processes do this anyway.
   */
  public PoolBuilder copying() {
    copying = true;
    return this;
  }

  /**
   * How many workers; by default one for each available processor, or 256 virtual threads.
   *
   * @throws IllegalArgumentException if {@code workers} is not positive
   */
  public PoolBuilder workers(int workers) {
    this.workers = checkWorkers(workers);
    return this;
  }

  static int checkWorkers(int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException(
          "a pool needs at least one worker; ask for 1 or more, or leave the number out to get one"
              + " for each processor. workers="
              + workers);
    }
    return workers;
  }

  /**
   * How many workers more are kept ready, with their initializer run, to take the place of one that
   * dies, is recycled, or is asked for by {@link Pool#resize}; 0 by default. Each costs the memory
   * of an idle JVM; one that was used is replaced in the background.
   *
   * @throws IllegalArgumentException if {@code spares} is negative
   */
  public PoolBuilder spares(int spares) {
    if (spares < 0) {
      throw new IllegalArgumentException(
          "the number of spare workers must not be negative. spares=" + spares);
    }
    this.spares = spares;
    return this;
  }

  /**
   * Replaces each worker after it has ended {@code tasks} tasks (items of a {@code map} count
   * each); never by default. Its successor is started before it goes, and it works until that is
   * up: so it may end some tasks more, and nobody waits. What runs in it, and what was queued at
   * it, is unharmed.
   *
   * @throws IllegalArgumentException if {@code tasks} is not positive
   */
  public PoolBuilder recycleAfterTasks(long tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException(
          "a worker must run at least one task before it is replaced; leave this out to keep it."
              + " tasks="
              + tasks);
    }
    this.recycleTasks = tasks;
    return this;
  }

  /**
   * Replaces each worker when a task ends in it after this age, as {@link #recycleAfterTasks} does;
   * never by default. One that is idle is let be.
   *
   * @throws IllegalArgumentException if {@code age} is not positive
   */
  public PoolBuilder recycleAfter(Duration age) {
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException(
          "the age at which a worker is replaced must be positive. age=" + age);
    }
    this.recycleAge = age;
    return this;
  }

  /**
   * Replaces each worker when a task ends in it and the memory that it alone uses has reached
   * {@code bytes}, as {@link #recycleAfterTasks} does; never by default. The memory is looked at
   * some times a second; where the system does not tell it (only Linux does), nothing happens.
   *
   * @throws IllegalArgumentException if {@code bytes} is not positive
   */
  public PoolBuilder recycleAtBytes(long bytes) {
    forProcesses.add("recycleAtBytes");
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "the memory at which a worker is replaced must be positive. bytes=" + bytes);
    }
    this.recycleBytes = bytes;
    return this;
  }

  StaffPlan staff() {
    return new StaffPlan(workers(), spares, recycleTasks, recycleAge, recycleBytes);
  }

  /** The pool's name; its workers are called {@code <name>-worker-1}, {@code -2} and so on. */
  public PoolBuilder name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Adds options for the workers' JVMs, such as {@code -Xss4m} or {@code -Dkey=value}. */
  public PoolBuilder jvmArguments(String... arguments) {
    forProcesses.add("jvmArguments");
    jvmArguments.addAll(List.of(arguments));
    return this;
  }

  /**
   * Sets an environment variable of the workers, which otherwise have this process's environment.
   */
  public PoolBuilder environment(String key, String value) {
    forProcesses.add("environment");
    environment.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /** The workers' working directory; this process's by default. */
  public PoolBuilder directory(Path directory) {
    forProcesses.add("directory");
    this.directory = Objects.requireNonNull(directory, "directory");
    return this;
  }

  /**
   * The largest heap of each worker, in bytes; by default a share of the machine's memory that lets
   * all workers fit.
   *
   * @throws IllegalArgumentException if it is less than 2 MiB
   */
  public PoolBuilder heapBytes(long heapBytes) {
    forProcesses.add("heapBytes");
    this.heapBytes = checkHeap(heapBytes);
    return this;
  }

  /**
   * How much memory each worker may use in all, in bytes. The limits of its JVM, for heap,
   * metaspace and direct buffers, are derived from it, so that as a rule a task that needs too much
   * meets one of them; {@link #heapBytes} and {@link #jvmArguments} may set others. What else the
   * process uses, for native code, threads or compiled code, is watched while it has work, ten
   * times a second: if it has more than this, it is killed. In either case the task ends with
   * {@link WorkerOutOfMemoryException}.
   *
   * <p>What processes share, and files that are mapped, do not count; nor do processes that tasks
   * start. Where there is no {@code /proc} only the JVM's limits hold.
   *
   * @throws IllegalArgumentException if it is less than 128 MiB
   */
  public PoolBuilder memoryBytes(long memoryBytes) {
    forProcesses.add("memoryBytes");
    this.memoryBytes = MemoryPlan.check(memoryBytes);
    return this;
  }

  static long checkHeap(long heapBytes) {
    if (heapBytes < 2 << 20) {
      throw new IllegalArgumentException(
          "a JVM needs a heap of at least 2 MiB. heapBytes=" + heapBytes);
    }
    return heapBytes;
  }

  /**
   * Runs once in each worker before its first task. If it throws, the pool breaks with its
   * exception as the cause.
   */
  public PoolBuilder initializer(RemoteRunnable initializer) {
    this.initializer = Objects.requireNonNull(initializer, "initializer");
    return this;
  }

  /**
   * How often a task is run again if the worker that ran it died; 0 by default. Its effects may
   * then happen more than once.
   *
   * @throws IllegalArgumentException if {@code retries} is negative
   */
  public PoolBuilder retries(int retries) {
    return retries(RetryPolicy.times(retries));
  }

  /** Which failed tasks are run again, how often and when; none by default. */
  public PoolBuilder retries(RetryPolicy policy) {
    this.terms = terms.withRetries(Objects.requireNonNull(policy, "policy"));
    return this;
  }

  /**
   * How long a task may run, unless a view says something else, see {@link Pool#withTimeout}; by
   * default there is no limit.
   *
   * @throws IllegalArgumentException if {@code timeout} is not positive
   */
  public PoolBuilder timeout(Duration timeout) {
    this.terms = terms.withTimeout(timeout);
    return this;
  }

  /**
   * How long a task that was interrupted, because it took too long or was cancelled, may take to
   * end before it is killed with its worker; a second by default. With 0 it is killed at once.
   *
   * @throws IllegalArgumentException if {@code grace} is negative
   */
  public PoolBuilder grace(Duration grace) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException(
          "a task cannot be killed before it is interrupted; give 0 or more. grace=" + grace);
    }
    this.graceNanos = Math.min(TimeUnit.NANOSECONDS.convert(grace), Terms.LONGEST_NANOS);
    return this;
  }

  /**
   * How often workers may die in vain, one after the other, before the pool gives up and breaks:
   * more than {@code deaths} times within {@code period}. A death is in vain if the worker had
   * started no task; one in a task is that task's outcome. By default a pool gives up after the
   * third worker that exited by itself, or the twentieth that was killed, if no task has ended
   * meanwhile.
   *
   * @throws IllegalArgumentException if {@code deaths} is negative, or {@code period} not positive
   */
  public PoolBuilder restartIntensity(int deaths, Duration period) {
    forProcesses.add("restartIntensity");
    if (deaths < 0 || !period.isPositive()) {
      throw new IllegalArgumentException(
          "a pool bears 0 or more deaths within some time. deaths=%d period=%s"
              .formatted(deaths, period));
    }
    this.mostDeaths = deaths;
    this.deathPeriod = period;
    return this;
  }

  /**
   * How many items of a {@code map} are sent at a time; by default it adapts to how long they take.
   *
   * @throws IllegalArgumentException if {@code items} is not positive
   */
  public PoolBuilder chunkSize(int items) {
    this.chunkSize = CallOptions.checkChunkSize(items);
    return this;
  }

  int workers() {
    if (workers > 0) {
      return workers;
    }
    if (threads == ThreadEngine.Kind.CALLER) {
      return 0;
    }
    return threads == ThreadEngine.Kind.VIRTUAL
        ? VIRTUAL_THREADS
        : Runtime.getRuntime().availableProcessors();
  }

  /** How many items a stream may have between its ends; 0: it adapts. */
  int window() {
    return threads == ThreadEngine.Kind.CALLER ? 1 : 0;
  }

  Engine engine(Codec codec, @Nullable CapturedWorkers outputs) {
    if (threads == null) {
      Lineage.checkStart();
      return new ChildEngine(launch(outputs), outputs == null ? lines() : outputs);
    }
    if (!forProcesses.isEmpty()) {
      throw new IllegalStateException(
          "the workers of this pool are threads of this process, and cannot have what only a"
              + " process has; leave it out, or build a pool of processes. engine=%s options=%s"
                  .formatted(threads.label(), forProcesses));
    }
    if (threads == ThreadEngine.Kind.CALLER && workers > 0) {
      throw new IllegalStateException(
          "a pool that runs its tasks in the calling thread has no workers to count; leave the"
              + " number out. engine=%s workers=%d".formatted(threads.label(), workers));
    }
    return new ThreadEngine(threads, codec, copying);
  }

  /**
   * How many bytes of functions and arguments may be on their way to the workers or in their hands;
   * by default as many as this JVM's heap may have. Beyond that {@code submit} and the calls over
   * many items wait for tasks to end, and {@code execute} is rejected. What is larger than this is
   * sent when nothing else is in flight.
   *
   * @throws IllegalArgumentException if {@code bytes} is not positive
   */
  public PoolBuilder inFlightBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "a pool must be able to send something: ask for 1 byte or more. inFlightBytes=" + bytes);
    }
    this.inFlightBytes = bytes;
    return this;
  }

  /**
   * How many tasks may wait beyond those that the workers run; any number by default. When so many
   * wait, {@code submit} waits for a task to end, {@code execute} is rejected, and {@link
   * Pool#offer} waits as long as it is told. Items of a {@code map} are tasks, too.
   *
   * @throws IllegalArgumentException if {@code tasks} is negative
   */
  public PoolBuilder backlog(int tasks) {
    if (tasks < 0) {
      throw new IllegalArgumentException(
          "a number of tasks that may wait is 0 or more; leave it out for any number. backlog="
              + tasks);
    }
    this.backlog = tasks;
    return this;
  }

  /**
   * How many workers may be added for tasks that wait for tasks of the same pool, be it through
   * tasks of other pools; 8 by default. A pool travels into its tasks, as a handle, and a worker
   * whose task uses it may have to wait: then another one is started in its stead, which runs what
   * such tasks wait for and nothing else, and ends some seconds after it was last needed. A thread
   * has another one in its stead once it does wait. Where this limit is reached and all workers may
   * be waiting, a nested task ends with {@link java.util.concurrent.RejectedExecutionException},
   * whose message shows which task waits for which.
   *
   * <p>Tasks of other pools are known to be nested where this process has made these pools, or they
   * run in processes that descend from a worker.
   *
   * @throws IllegalArgumentException if {@code workers} is negative
   */
  public PoolBuilder maxNested(int workers) {
    if (workers < 0) {
      throw new IllegalArgumentException(
          "a number of workers to add is 0 or more. maxNested=" + workers);
    }
    this.maxNested = workers;
    return this;
  }

  /** What becomes of what the workers write; they inherit this process's streams by default. */
  public PoolBuilder output(ChildOutput output) {
    forProcesses.add("output");
    this.output = Objects.requireNonNull(output, "output");
    return this;
  }

  /** Who hears of what happens in the pool: workers that start and die, tasks that end. */
  public PoolBuilder listener(PoolListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Has the pool write what it is doing into a file, some times a second, for {@link
   * io.procession.status.PoolStatus#read} and the command {@code procession status}. The file is
   * made, or overwritten, by {@link #build}, which throws {@link java.io.UncheckedIOException} if
   * that cannot be done. It stays when the pool ends, or dies.
   */
  public PoolBuilder status(Path file) {
    this.status = Objects.requireNonNull(file, "file");
    return this;
  }

  @Nullable StatusWriter status(String poolName, Ledger ledger, Sight sight) {
    return status == null ? null : StatusWriter.start(poolName, ledger, sight, status);
  }

  @Nullable CapturedWorkers capturedWorkers() {
    return output instanceof ChildOutput.Captured captured
        ? new CapturedWorkers(captured.mostChars)
        : null;
  }

  @Nullable ChildLines lines() {
    return output.lines();
  }

  Flow flow(String poolName) {
    return new Flow(
        poolName, inFlightBytes, backlog == Flow.FOREVER ? backlog : backlog + workers());
  }

  private LaunchOptions launch(@Nullable CapturedWorkers outputs) {
    var processors = Runtime.getRuntime().availableProcessors();
    var count = workers();
    var arguments = new ArrayList<String>();
    if (memoryBytes > 0) {
      arguments.addAll(MemoryPlan.of(memoryBytes, heapBytes).jvmArguments());
    }
    arguments.addAll(jvmArguments);
    if (outputs != null) {
      arguments.add("-D" + OutputMark.PROPERTY + "=" + outputs.mark());
    }
    return LaunchOptions.of(ChildEngine.MAIN)
        .withJvmArguments(arguments)
        .withEnvironment(environment)
        .withDirectory(directory)
        .withMaxHeapBytes(heapBytes)
        .withMaxHeapPercent(HEAP_PERCENT / count)
        .withProcessors(Math.max(1, processors / count));
  }

  Supervision supervision(String poolName) {
    var restarts = new RestartGuard(poolName, mostDeaths, deathPeriod);
    return new Supervision(graceNanos, memoryBytes, restarts);
  }

  /**
   * Starts the pool.
   *
   * @throws IllegalArgumentException if the heap is not smaller than all the memory of a worker
   * @throws NotTransferableException if the initializer cannot travel
   * @throws IllegalStateException if no child JVM can be started here, or if an option makes no
   *     sense for these workers; the message says why
   */
  public Pool build() {
    var poolName = name == null ? "pool-" + COUNT.incrementAndGet() : name;
    return WorkerPool.start(this, poolName);
  }
}
