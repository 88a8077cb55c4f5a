package io.procession;

import io.procession.function.RemoteBiConsumer;
import io.procession.function.RemoteConsumer;
import io.procession.function.RemoteRunnable;
import io.procession.function.RemoteTriConsumer;
import io.procession.internal.engine.ChildEngine;
import io.procession.internal.engine.LaunchOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says how a {@link ChildProcess} is to be. Every setting returns this builder. */
public final class ChildProcessBuilder {

  private @Nullable String name;
  private boolean daemon;
  private final List<String> jvmArguments = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private @Nullable Path directory;
  private long heapBytes;
  private ChildOutput output = ChildOutput.inherited();

  ChildProcessBuilder() {}

  /** The child's name; {@code process-1}, {@code process-2} and so on by default. */
  public ChildProcessBuilder name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Whether the child is ended when this process's main returns, instead of waited for. */
  public ChildProcessBuilder daemon(boolean daemon) {
    this.daemon = daemon;
    return this;
  }

  /** Adds options for the child's JVM, such as {@code -Xmx1g} or {@code -Dkey=value}. */
  public ChildProcessBuilder jvmArguments(String... arguments) {
    jvmArguments.addAll(List.of(arguments));
    return this;
  }

  /** Sets an environment variable of the child, which otherwise has this process's environment. */
  public ChildProcessBuilder environment(String key, String value) {
    environment.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /** The child's working directory; this process's by default. */
  public ChildProcessBuilder directory(Path directory) {
    this.directory = Objects.requireNonNull(directory, "directory");
    return this;
  }

  /**
   * The child's largest heap, in bytes; the JVM's own choice by default.
   *
   * @throws IllegalArgumentException if it is less than 2 MiB
   */
  public ChildProcessBuilder heapBytes(long heapBytes) {
    this.heapBytes = PoolBuilder.checkHeap(heapBytes);
    return this;
  }

  /** What becomes of what the child writes; it inherits this process's streams by default. */
  public ChildProcessBuilder output(ChildOutput output) {
    this.output = Objects.requireNonNull(output, "output");
    return this;
  }

  /**
   * Keeps {@code count} processes with these options ready, whatever their name and whether they
   * are daemons; see {@link ChildProcess#prestart}. They serve children whose output is inherited.
   *
   * @throws IllegalArgumentException if {@code count} is negative
   * @throws IllegalStateException if no child can be started here
   */
  public void prestart(int count) {
    Spares.prestart(options(), count);
  }

  /** Starts a child that runs {@code task}; see {@link ChildProcess#start(RemoteRunnable)}. */
  public ChildProcess start(RemoteRunnable task) {
    return started(unstarted(task));
  }

  /** Starts a child that runs {@code task} on {@code a}. */
  public <A extends @Nullable Object> ChildProcess start(RemoteConsumer<? super A> task, A a) {
    return started(unstarted(task, a));
  }

  /** Starts a child that runs {@code task} on {@code a} and {@code b}. */
  public <A extends @Nullable Object, B extends @Nullable Object> ChildProcess start(
      RemoteBiConsumer<? super A, ? super B> task, A a, B b) {
    return started(unstarted(task, a, b));
  }

  /** Starts a child that runs {@code task} on {@code a}, {@code b} and {@code c}. */
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      ChildProcess start(RemoteTriConsumer<? super A, ? super B, ? super C> task, A a, B b, C c) {
    return started(unstarted(task, a, b, c));
  }

  /** A child that {@link ChildProcess#start()} starts. */
  public ChildProcess unstarted(RemoteRunnable task) {
    Objects.requireNonNull(task, "task");
    return make(task, task);
  }

  /** A child that {@link ChildProcess#start()} starts. */
  public <A extends @Nullable Object> ChildProcess unstarted(RemoteConsumer<? super A> task, A a) {
    Objects.requireNonNull(task, "task");
    return make(new Bound.Run<A>(task, a), task);
  }

  /** A child that {@link ChildProcess#start()} starts. */
  public <A extends @Nullable Object, B extends @Nullable Object> ChildProcess unstarted(
      RemoteBiConsumer<? super A, ? super B> task, A a, B b) {
    Objects.requireNonNull(task, "task");
    return make(new Bound.BiRun<A, B>(task, a, b), task);
  }

  /** A child that {@link ChildProcess#start()} starts. */
  public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      ChildProcess unstarted(
          RemoteTriConsumer<? super A, ? super B, ? super C> task, A a, B b, C c) {
    Objects.requireNonNull(task, "task");
    return make(new Bound.TriRun<A, B, C>(task, a, b, c), task);
  }

  private static ChildProcess started(ChildProcess child) {
    child.start();
    return child;
  }

  private LaunchOptions options() {
    return LaunchOptions.of(ChildEngine.MAIN)
        .withJvmArguments(jvmArguments)
        .withEnvironment(environment)
        .withDirectory(directory)
        .withMaxHeapBytes(heapBytes);
  }

  private ChildProcess make(RemoteRunnable call, Object function) {
    var chosen = name == null ? ChildProcess.nextName() : name;
    return new ChildProcess(chosen, daemon, options(), output, call, WorkerPool.loaderOf(function));
  }
}
