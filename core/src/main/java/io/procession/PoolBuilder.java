package io.procession;

import io.procession.function.RemoteRunnable;
import io.procession.internal.engine.ChildEngine;
import io.procession.internal.engine.ChildLines;
import io.procession.internal.engine.LaunchOptions;
import io.procession.internal.wire.OutputMark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Says how the workers of a {@link Pool} of processes are to be. Every method returns this builder.
 */
public final class PoolBuilder {

  /** The share of the memory that the heaps of all workers together may have. */
  private static final double HEAP_PERCENT = 50;

  private static final AtomicInteger COUNT = new AtomicInteger();

  int workers = Runtime.getRuntime().availableProcessors();
  @Nullable String name;
  final List<String> jvmArguments = new ArrayList<>();
  final Map<String, String> environment = new HashMap<>();
  @Nullable Path directory;
  long heapBytes;
  @Nullable RemoteRunnable initializer;
  int retries;
  int chunkSize;
  int maxNested = 8;
  private ChildOutput output = ChildOutput.inherited();
  private long inFlightBytes = Runtime.getRuntime().maxMemory();
  private long backlog = Flow.FOREVER;

  PoolBuilder() {}

  /**
   * How many workers; one for each available processor by default.
   *
   * @throws IllegalArgumentException if {@code workers} is not positive
   */
  public PoolBuilder workers(int workers) {
    if (workers < 1) {
      throw new IllegalArgumentException(
          "a pool needs at least one worker; ask for 1 or more, or leave the number out to get one"
              + " for each processor. workers="
              + workers);
    }
    this.workers = workers;
    return this;
  }

  /** The pool's name; its workers are called {@code <name>-worker-1}, {@code -2} and so on. */
  public PoolBuilder name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Adds options for the workers' JVMs, such as {@code -Xss4m} or {@code -Dkey=value}. */
  public PoolBuilder jvmArguments(String... arguments) {
    jvmArguments.addAll(List.of(arguments));
    return this;
  }

  /**
   * Sets an environment variable of the workers, which otherwise have this process's environment.
   */
  public PoolBuilder environment(String key, String value) {
    environment.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /** The workers' working directory; this process's by default. */
  public PoolBuilder directory(Path directory) {
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
    this.heapBytes = checkHeap(heapBytes);
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
    this.retries = CallOptions.checkRetries(retries);
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
   * How many workers may be added for tasks that wait for tasks of the same pool; 8 by default. A
   * pool travels into its tasks, as a handle, and a worker whose task uses it may have to wait:
   * then another one is started in its stead, which ends some seconds after it was last needed.
   * Where this limit is reached and all workers may be waiting, a nested task ends with {@link
   * java.util.concurrent.RejectedExecutionException}, whose message shows which task waits for
   * which.
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
    this.output = Objects.requireNonNull(output, "output");
    return this;
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
    return new Flow(poolName, inFlightBytes, backlog == Flow.FOREVER ? backlog : backlog + workers);
  }

  LaunchOptions launch(@Nullable CapturedWorkers outputs) {
    var arguments = new ArrayList<>(jvmArguments);
    if (outputs != null) {
      arguments.add("-D" + OutputMark.PROPERTY + "=" + outputs.mark());
    }
    var processors = Runtime.getRuntime().availableProcessors();
    return LaunchOptions.of(ChildEngine.MAIN)
        .withJvmArguments(arguments)
        .withEnvironment(environment)
        .withDirectory(directory)
        .withMaxHeapBytes(heapBytes)
        .withMaxHeapPercent(HEAP_PERCENT / workers)
        .withProcessors(Math.max(1, processors / workers));
  }

  /**
   * Starts the pool.
   *
   * @throws NotTransferableException if the initializer cannot travel
   * @throws IllegalStateException if no child JVM can be started here; the message says why
   */
  public Pool build() {
    var poolName = name == null ? "pool-" + COUNT.incrementAndGet() : name;
    return WorkerPool.start(this, poolName);
  }
}
