package io.procession;

import io.procession.internal.codec.ThrowableCodec;
import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.wire.Birth;
import io.procession.internal.wire.StandIn;
import io.procession.shared.SharedQueue;
import io.procession.spi.Engine;
import io.procession.spi.Input;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A pool in a process to which it travelled: passes calls on to the pool's owner, and tells the
 * jobs what comes back. Asks each second whether the owner is alive.
 */
final class RemoteDesk implements Desk {

  private static final long LOOK_MILLIS = 1000;
  private static final long FIRST_MEASURE = 1;

  private final String name;
  private final int workers;
  private final ProcessIdentity owner;
  private final SharedQueue<PoolMessage.Request> requests;
  private final SharedQueue<PoolMessage.Reply> replies = SharedQueue.create();
  private final long client = ThreadLocalRandom.current().nextLong();
  private final AtomicLong numbers = new AtomicLong(FIRST_MEASURE);
  private final Map<Long, Handed> batches = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<Object>> questions = new ConcurrentHashMap<>();
  private final Set<Long> codes = new HashSet<>();
  private final Flow flow;
  private volatile @Nullable RuntimeException over;

  /** What was handed to the owner, and which of its calls are open. */
  private record Handed(Batch batch, BitSet open) {

    static Handed of(Batch batch) {
      var open = new BitSet();
      open.set(0, batch.size());
      return new Handed(batch, open);
    }

    /** A call has ended; false if it had before. */
    boolean end(int index) {
      var wasOpen = open.get(index);
      open.clear(index);
      return wasOpen;
    }

    boolean hasEnded() {
      return open.isEmpty();
    }
  }

  RemoteDesk(
      String name, int workers, ProcessIdentity owner, SharedQueue<PoolMessage.Request> requests) {
    this.name = name;
    this.workers = workers;
    this.owner = owner;
    this.requests = requests;
    this.flow = new Flow(name, Runtime.getRuntime().maxMemory(), Flow.FOREVER);
    var own = Birth.current();
    var self = Platform.current().self();
    send(
        new PoolMessage.Join(
            client,
            own == null ? "main" : own.name(),
            own != null && own.worker(),
            isChild(),
            self.pid(),
            self.start(),
            replies));
    Thread.ofVirtual().name(name + "-replies").start(this::hear);
  }

  private boolean isChild() {
    var own = Birth.current();
    return own != null
        && own.parent().pid() == owner.pid()
        && own.parent().start() == owner.start();
  }

  private void send(PoolMessage.Request request) {
    var interrupted = false;
    try {
      while (true) {
        try {
          requests.put(request);
          return;
        } catch (InterruptedException e) {
          // It takes microseconds, and half of what belongs together must not be missing.
          interrupted = true;
        }
      }
    } catch (QueueClosedException e) {
      throw new RejectedExecutionException(
          "the pool was shut down and takes no more tasks. pool=" + name, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // Calls

  @Override
  public void checkOpen() {
    var end = over;
    if (end != null) {
      throw new RejectedExecutionException(end.getMessage(), end);
    }
  }

  @Override
  public int largestChunk() {
    return flow.largestChunk();
  }

  @Override
  public long numbers(int count) {
    return numbers.getAndAdd(count);
  }

  @Override
  public boolean offer(Batch batch, long waitNanos) throws InterruptedException {
    checkOpen();
    if (!flow.admit(batch.load(), waitNanos)) {
      return false;
    }
    var sequence = batch.firstTask();
    var calls = batch.calls();
    var code = calls.code();
    batches.put(sequence, Handed.of(batch));
    try {
      if (code != null) {
        define(code);
      }
      send(
          new PoolMessage.Submit(
              client,
              sequence,
              code == null ? 0 : code.id(),
              loader(calls.loader()),
              calls.message().bytes().toArray(ValueLayout.JAVA_BYTE),
              calls.offsets(),
              batch.terms(),
              batch.priority()));
    } catch (RuntimeException e) {
      if (batches.remove(sequence) == null) {
        // The end came meanwhile, and its job was told.
        return true;
      }
      batch.load().refused();
      throw e;
    }
    if (over != null) {
      end();
    }
    return true;
  }

  private void define(Engine.Code code) {
    boolean isNew;
    synchronized (codes) {
      isNew = codes.add(code.id());
    }
    if (isNew) {
      var bytes = code.message().bytes().toArray(ValueLayout.JAVA_BYTE);
      send(new PoolMessage.Function(client, code.id(), loader(code.loader()), bytes));
    }
  }

  /** The owner's number of the loader, if it has one. */
  private static int loader(ClassLoader loader) {
    if (loader instanceof StandIn standIn) {
      return standIn.id();
    }
    return ClassLoader.getSystemClassLoader().equals(loader) ? 0 : -1;
  }

  /** The function will not be used again. */
  void forget(Engine.Code code) {
    boolean isKnown;
    synchronized (codes) {
      isKnown = codes.remove(code.id());
    }
    if (isKnown && over == null) {
      send(new PoolMessage.Forget(client, code.id()));
    }
    code.message().close();
  }

  @Override
  public RejectedExecutionException noRoom() {
    return flow.rejection();
  }

  @Override
  public void drop(Job job, int first, int last, boolean interrupt) {
    batches.forEach((sequence, handed) -> {
      var batch = handed.batch;
      if (batch.has(job, first, last) && over == null) {
        var from = Math.max(0, first - batch.firstIndex());
        send(new PoolMessage.Drop(client, sequence, from, last - batch.firstIndex(), interrupt));
      }
    });
  }

  @Override
  public void assist(long callNanos, BooleanSupplier enough) {}

  @Override
  public @Nullable CapturedWorkers outputs() {
    return null;
  }

  // Replies

  private void hear() {
    try (replies) {
      while (over == null) {
        var reply = replies.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (reply != null) {
          hear(reply);
        } else if (Platform.current().isDead(owner)) {
          over =
              new PoolBrokenException(
                  "the process whose pool this is has died. pool=%s pid=%d"
                      .formatted(name, owner.pid()),
                  new IllegalStateException("the owner's death is proven"));
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
    flow.end();
    end();
  }

  private void hear(PoolMessage.Reply reply) {
    switch (reply) {
      case PoolMessage.Replies replies -> replies.all().forEach(this::hear);
      case PoolMessage.Ended ended -> ended(ended);
      case PoolMessage.Failed failed -> failed(failed);
      case PoolMessage.Retried retried -> {
        var handed = batches.get(retried.sequence());
        if (handed != null) {
          handed.batch.job().retried(handed.batch.firstIndex() + retried.index());
        }
      }
      case PoolMessage.Took took -> {
        var handed = batches.get(took.sequence());
        if (handed != null) {
          handed.batch.job().took(took.calls(), took.nanos());
        }
      }
      case PoolMessage.Answer answer -> {
        var question = questions.remove(answer.number());
        if (question != null) {
          question.complete(answer.value());
        }
      }
      case PoolMessage.Over _ ->
          over =
              new RejectedExecutionException(
                  "the pool was shut down and takes no more tasks. pool=" + name);
    }
  }

  private void ended(PoolMessage.Ended ended) {
    var batch = end(ended.sequence(), ended.index());
    if (batch == null) {
      return;
    }
    var result = MemorySegment.ofArray(ended.bytes());
    var worker = new DistantWorker(ended.worker(), ended.pid());
    batch.job().settled(batch.firstIndex() + ended.index(), ended.failed(), result, null, worker);
    batch.job().paused();
    batch.settledOne();
  }

  private void failed(PoolMessage.Failed failed) {
    var batch = end(failed.sequence(), failed.index());
    if (batch == null) {
      return;
    }
    Throwable failure;
    try {
      var bytes = MemorySegment.ofArray(failed.failure());
      failure = ThrowableCodec.read(new Input(bytes, batch.calls().loader()));
    } catch (IOException e) {
      failure = e;
    }
    batch.job().failed(batch.firstIndex() + failed.index(), failure);
    batch.settledOne();
  }

  /** A call has ended: gives what it is of; null if nobody waits for it any more. */
  private @Nullable Batch end(long sequence, int index) {
    var handed = batches.get(sequence);
    if (handed == null || !handed.end(index)) {
      return null;
    }
    if (handed.hasEnded()) {
      batches.remove(sequence);
    }
    return handed.batch;
  }

  /** Nothing more comes: fails all that is open. */
  private void end() {
    var reason = over;
    if (reason == null) {
      throw new AssertionError("it is over");
    }
    for (var sequence : List.copyOf(batches.keySet())) {
      var handed = batches.remove(sequence);
      if (handed != null) {
        var open = handed.open.stream().mapToObj(index -> handed.batch.part(index, index + 1));
        Ledger.failAll(open.toList(), reason);
      }
    }
    questions.values().forEach(question -> question.complete(true));
  }

  // The pool as a whole

  private CompletableFuture<Object> ask(PoolMessage.Question question, long nanos) {
    var number = numbers.getAndIncrement();
    var answer = new CompletableFuture<Object>();
    questions.put(number, answer);
    try {
      send(new PoolMessage.Ask(client, number, question, nanos));
    } catch (RejectedExecutionException e) {
      answer.complete(true);
    }
    if (over != null) {
      answer.complete(true);
    }
    return answer;
  }

  @Override
  @SuppressWarnings("unchecked") // what the owner answers to this question
  public List<WorkerInfo> workers() {
    return ask(PoolMessage.Question.WORKERS, 0).join() instanceof List<?> list
        ? (List<WorkerInfo>) list
        : List.of();
  }

  @Override
  @SuppressWarnings("unchecked") // what the owner answers to this question
  public List<WorkerStacks> stacks() {
    return ask(PoolMessage.Question.STACKS, 0).join() instanceof List<?> list
        ? (List<WorkerStacks>) list
        : List.of();
  }

  @Override
  public boolean isShutdown() {
    return (Boolean) ask(PoolMessage.Question.IS_SHUTDOWN, 0).join();
  }

  @Override
  public boolean isTerminated() {
    return (Boolean) ask(PoolMessage.Question.IS_TERMINATED, 0).join();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      return (Boolean) ask(PoolMessage.Question.AWAIT_TERMINATION, unit.toNanos(timeout)).get();
    } catch (ExecutionException e) {
      throw new AssertionError("a question is always answered", e);
    }
  }

  @Override
  public int size() {
    return workers;
  }

  @Override
  public void resize(int newWorkers) {
    throw notHere("resize");
  }

  @Override
  public void shutdown() {
    throw notHere("shutdown");
  }

  @Override
  public List<Batch> shutdownNow() {
    throw notHere("shutdownNow");
  }

  @Override
  public void terminate() {
    throw notHere("terminate");
  }

  private UnsupportedOperationException notHere(String what) {
    return new UnsupportedOperationException(
        "a pool is resized and ended by the process that made it; %s() is not for others. pool=%s pid=%d"
            .formatted(what, name, owner.pid()));
  }
}
