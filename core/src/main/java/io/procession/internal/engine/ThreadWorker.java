package io.procession.internal.engine;

import io.procession.internal.call.Invocation;
import io.procession.internal.call.Running;
import io.procession.internal.call.Stacks;
import io.procession.internal.codec.ThrowableCodec;
import io.procession.spi.Codec;
import io.procession.spi.Engine;
import io.procession.spi.Input;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A thread that runs calls, its own or its caller's.
 *
 * <p>It cannot be killed. Instead it is interrupted and given up: it tells nothing more, and ends
 * when the call that it runs does.
 */
final class ThreadWorker implements Engine.Worker {

  /** Calls that were offered. Guarded by the worker. */
  private static final class Offer {

    final long sequence;
    final Engine.Calls calls;
    int next;
    int end;
    long startedNanos = System.nanoTime();

    Offer(long sequence, Engine.Calls calls, int from, int to) {
      this.sequence = sequence;
      this.calls = calls;
      this.next = from;
      this.end = to;
    }
  }

  /** The worker whose own thread it is. */
  private static final ThreadLocal<@Nullable ThreadWorker> CURRENT = new ThreadLocal<>();

  /** Whether there ever was one. */
  private static volatile boolean anyServed;

  private final String name;
  private final Engine.Listener listener;
  private final Codec codec;
  private final boolean copying;
  private final Object telling;
  private final boolean borrowed;

  private final ArrayDeque<Offer> offers = new ArrayDeque<>();
  private @Nullable Thread thread;
  private @Nullable Running running;
  private boolean isRetiring;
  private boolean isDead;

  /**
   * Functions as this worker read them; only of those that came as bytes, and only for its thread.
   */
  private final Map<Engine.Code, @Nullable Object> functions = new WeakHashMap<>();

  ThreadWorker(
      String name,
      Engine.Listener listener,
      Codec codec,
      boolean copying,
      Object telling,
      boolean borrowed) {
    this.name = name;
    this.listener = listener;
    this.codec = codec;
    this.copying = copying;
    this.telling = telling;
    this.borrowed = borrowed;
  }

  /** The worker in whose own thread this is called; null if there is none. */
  static @Nullable ThreadWorker current() {
    return anyServed ? CURRENT.get() : null;
  }

  // From the thread that runs the calls

  /** Runs calls until it is let go. */
  void serve() {
    CURRENT.set(this);
    anyServed = true;
    begin();
    tell(listener::ready);
    for (var offer = next(); offer != null; offer = next()) {
      Thread.currentThread().setContextClassLoader(offer.calls.loader());
      run(offer);
    }
    end();
  }

  @Override
  public void runHere() {
    if (!borrowed) {
      Engine.Worker.super.runHere();
    }
    begin();
    retire();
    for (var offer = next(); offer != null; offer = next()) {
      run(offer);
    }
    end();
  }

  private synchronized void begin() {
    thread = Thread.currentThread();
    running = new Running(thread, borrowed);
  }

  private synchronized @Nullable Offer next() {
    while (!isDead) {
      var first = offers.peekFirst();
      if (first != null || isRetiring) {
        return first;
      }
      try {
        wait();
      } catch (InterruptedException late) {
        // It was meant for a call that has ended.
      }
    }
    return null;
  }

  private void run(Offer offer) {
    var startNanos = System.nanoTime();
    for (var index = claim(offer); index >= 0; index = claim(offer)) {
      Object result = null;
      Throwable failure = null;
      try {
        result = call(offer.calls, index);
      } catch (Throwable thrown) {
        failure = thrown;
      } finally {
        Objects.requireNonNull(running).end();
      }
      settle(offer, index, result, failure, startNanos);
    }
    synchronized (this) {
      offers.remove(offer);
    }
  }

  /** Takes the next call, which runs from now on; -1 if there is none. */
  private synchronized int claim(Offer offer) {
    if (isDead || offer.next >= offer.end) {
      return -1;
    }
    var index = offer.next++;
    offer.startedNanos = System.nanoTime();
    Objects.requireNonNull(running).begin(offer.sequence, index);
    return index;
  }

  private @Nullable Object call(Engine.Calls calls, int index) throws Throwable {
    var code = calls.code();
    var argument = read(calls, index);
    return code == null ? Invocation.call(argument) : Invocation.apply(function(code), argument);
  }

  private @Nullable Object function(Engine.Code code) throws Exception {
    if (code.message() instanceof Engine.Values values) {
      return values.get(0);
    }
    if (!functions.containsKey(code)) {
      functions.put(code, read(code.message(), 0, code.message().byteSize(), code.loader()));
    }
    return functions.get(code);
  }

  private @Nullable Object read(Engine.Calls calls, int index) throws Exception {
    var offsets = calls.offsets();
    var end = index + 1 < offsets.length ? offsets[index + 1] : calls.message().byteSize();
    return read(calls.message(), offsets[index], end, calls.loader());
  }

  private @Nullable Object read(Engine.Message message, long from, long to, ClassLoader loader)
      throws Exception {
    return switch (message) {
      case Engine.Values values -> values.get((int) from);
      case Engine.Encoded encoded -> {
        var bytes = encoded.bytes().asSlice(from, to - from);
        yield codec.read(new Input(bytes, loader));
      }
    };
  }

  private void settle(
      Offer offer,
      int index,
      @Nullable Object result,
      @Nullable Throwable failure,
      long startNanos) {
    if (!copying) {
      var value = Engine.Values.of(failure == null ? result : failure);
      settled(offer, index, failure != null, MemorySegment.NULL, value, startNanos);
      return;
    }
    var message = new HeapMessage();
    var failed = failure != null;
    try {
      if (failure != null) {
        ThrowableCodec.write(failure, message);
      } else {
        codec.write(result, message);
      }
    } catch (Throwable unsendable) {
      // The result cannot travel: that is how the call ends.
      message = new HeapMessage();
      ThrowableCodec.write(unsendable, message);
      failed = true;
    }
    settled(offer, index, failed, message.bytes(), message, startNanos);
  }

  private void settled(
      Offer offer,
      int index,
      boolean failed,
      MemorySegment bytes,
      Engine.Message message,
      long startNanos) {
    var durationNanos = isLast(offer, index) ? Math.max(1, System.nanoTime() - startNanos) : 0;
    tell(() -> {
      listener.settled(offer.sequence, index, failed, bytes, message, durationNanos);
      listener.paused();
    });
  }

  private synchronized boolean isLast(Offer offer, int index) {
    return index + 1 >= offer.end;
  }

  private void tell(Runnable news) {
    synchronized (telling) {
      // One that was given up has nothing to tell.
      if (!isGivenUp()) {
        news.run();
      }
    }
  }

  private synchronized boolean isGivenUp() {
    return isDead;
  }

  private void end() {
    synchronized (this) {
      if (isDead) {
        return;
      }
      isDead = true;
    }
    tellExit();
  }

  private void tellExit() {
    synchronized (telling) {
      listener.exited(new Engine.Exit(pid(), 0, null, true, null, List.of(), null));
    }
  }

  // From other threads

  @Override
  public String name() {
    return name;
  }

  @Override
  public long pid() {
    return ThreadEngine.PID;
  }

  @Override
  public synchronized boolean offer(long sequence, Engine.Calls calls, int from, int to) {
    if (isDead) {
      return false;
    }
    offers.addLast(new Offer(sequence, calls, from, to));
    notifyAll();
    return true;
  }

  @Override
  public synchronized int withdraw(long sequence, int keep) {
    var offer = find(sequence);
    if (offer == null) {
      return Integer.MAX_VALUE;
    }
    offer.end = (int) Math.min(offer.end, (long) offer.next + keep);
    return offer.end;
  }

  @Override
  public synchronized int started(long sequence) {
    var offer = find(sequence);
    return offer == null ? Integer.MAX_VALUE : offer.next;
  }

  @Override
  public synchronized long startedNanos(long sequence) {
    var offer = find(sequence);
    return offer == null ? System.nanoTime() : offer.startedNanos;
  }

  @Override
  public CompletableFuture<String> stacks() {
    Thread runner;
    synchronized (this) {
      runner = thread;
    }
    return runner == null
        ? CompletableFuture.failedFuture(new IllegalStateException("it has not begun"))
        : CompletableFuture.completedFuture(Stacks.of(runner));
  }

  @Override
  public boolean mayBeBlocked() {
    Thread runner;
    synchronized (this) {
      runner = thread;
    }
    return runner != null && isForOthers(LockSupport.getBlocker(runner));
  }

  /** Not where it sleeps, or waits for a file or a connection, or for a lock, such as ours. */
  private static boolean isForOthers(@Nullable Object blocker) {
    if (blocker == null) {
      return false;
    }
    var kind = blocker.getClass().getEnclosingClass();
    return !ReentrantLock.class.equals(kind) && !ReentrantReadWriteLock.class.equals(kind);
  }

  /** Null if all of it has ended. */
  private @Nullable Offer find(long sequence) {
    for (var offer : offers) {
      if (offer.sequence == sequence) {
        return offer;
      }
    }
    return null;
  }

  @Override
  public synchronized void interrupt(long sequence, int index) {
    if (running != null) {
      running.interrupt(sequence, index);
    }
  }

  @Override
  public synchronized void retire() {
    isRetiring = true;
    notifyAll();
  }

  @Override
  public void kill() {
    synchronized (this) {
      if (isDead) {
        return;
      }
      isDead = true;
      if (running != null) {
        running.interrupt();
      }
      notifyAll();
    }
    // Not in this thread: it may hold locks that whoever hears this needs.
    Thread.ofVirtual().name(name + "-exit").start(this::tellExit);
  }
}
