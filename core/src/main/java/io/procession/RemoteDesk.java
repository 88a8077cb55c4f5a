package io.procession;

import io.procession.internal.codec.StandardCodec;
import io.procession.internal.codec.ThrowableCodec;
import io.procession.internal.engine.HeapMessage;
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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  /** How long a question and its answer are under way at the most. */
  private static final long TRIP_NANOS = TimeUnit.SECONDS.toNanos(1);

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

  /** Held, so that as long as this hears for it nobody makes a second one. */
  private @Nullable WorkerPool pool;

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
            own == null
                ? List.of()
                : own.ancestors().reversed().stream().map(Birth.Ancestor::pid).toList(),
            replies));
    Thread.ofVirtual().name(name + "-replies").start(this::hear);
  }

  /** Which pool of this process this is the desk of. Guarded by the lock of {@link Passport}. */
  void of(WorkerPool own) {
    pool = own;
  }

  /** The pool whose desk this is. */
  @Nullable WorkerPool pool() {
    return pool;
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
          while (!requests.offer(request, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            // There is no room, and if the owner has died there never will be.
            checkOpen();
          }
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

  /** Says what is of no interest once the owner has ended. */
  private void tell(PoolMessage.Request request) {
    try {
      send(request);
    } catch (RejectedExecutionException _) {
      // Then there is nothing left to forget or to drop.
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
              ((Engine.Encoded) calls.message()).bytes().toArray(ValueLayout.JAVA_BYTE),
              calls.offsets(),
              encoded(batch.terms()),
              batch.priority()));
    } catch (RuntimeException | Error e) {
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
    if (!isNew) {
      return;
    }
    try {
      var bytes = ((Engine.Encoded) code.message()).bytes().toArray(ValueLayout.JAVA_BYTE);
      send(new PoolMessage.Function(client, code.id(), loader(code.loader()), bytes));
    } catch (RuntimeException | Error e) {
      synchronized (codes) {
        codes.remove(code.id());
      }
      throw e;
    }
  }

  private static byte[] encoded(Terms terms) {
    try (var message = new HeapMessage()) {
      new StandardCodec().write(terms, message);
      return message.toBytes();
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
      tell(new PoolMessage.Forget(client, code.id()));
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
        tell(new PoolMessage.Drop(client, sequence, from, last - batch.firstIndex(), interrupt));
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
    } catch (InterruptedException | RuntimeException | Error e) {
      // Whose call it was is not known, so all that are open may wait for it.
      over =
          new PoolBrokenException(
              "what the process says whose pool this is cannot be taken here any more: %s. pool=%s pid=%d"
                  .formatted(e, name, owner.pid()),
              e);
      Passport.forget(this);
    } finally {
      flow.end();
      end();
    }
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
      case PoolMessage.Unanswered unanswered -> {
        var question = questions.remove(unanswered.number());
        if (question != null) {
          var loader = ClassLoader.getSystemClassLoader();
          question.completeExceptionally(failure(unanswered.failure(), loader));
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
    batch.job().numbered(batch.firstIndex() + ended.index(), 1, ended.task());
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
    batch.job().numbered(batch.firstIndex() + failed.index(), 1, failed.task());
    var failure = failure(failed.failure(), batch.calls().loader());
    batch.job().failed(batch.firstIndex() + failed.index(), failure);
    batch.settledOne();
  }

  private static Throwable failure(byte[] encoded, ClassLoader loader) {
    try {
      return ThrowableCodec.read(new Input(MemorySegment.ofArray(encoded), loader));
    } catch (IOException e) {
      return e;
    }
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
    var ended = new ArrayList<Long>();
    for (var sequence : List.copyOf(batches.keySet())) {
      var handed = batches.remove(sequence);
      if (handed != null) {
        ended.add(sequence);
        var open = handed.open.stream().mapToObj(index -> handed.batch.part(index, index + 1));
        Ledger.failAll(open.toList(), reason);
      }
    }
    questions.values().forEach(question -> question.complete(true));
    // If the owner lives, it runs them for nobody.
    for (var sequence : ended) {
      tell(new PoolMessage.Drop(client, sequence, 0, Integer.MAX_VALUE, true));
    }
  }

  // The pool as a whole

  private CompletableFuture<Object> ask(PoolMessage.Question question, long nanos) {
    var number = numbers.getAndIncrement();
    var answer = new CompletableFuture<Object>();
    questions.put(number, answer);
    var _ = answer.whenComplete((_, _) -> questions.remove(number));
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

  /** Asks and waits for the answer, as long as the owner lives. */
  private Object answer(PoolMessage.Question question) {
    try {
      return ask(question, 0).join();
    } catch (CompletionException e) {
      throw BulkCall.unchecked(Objects.requireNonNull(e.getCause()));
    }
  }

  @Override
  @SuppressWarnings("unchecked") // what the owner answers to this question
  public List<WorkerInfo> workers() {
    return answer(PoolMessage.Question.WORKERS) instanceof List<?> list
        ? (List<WorkerInfo>) list
        : List.of();
  }

  @Override
  @SuppressWarnings("unchecked") // what the owner answers to this question
  public List<WorkerStacks> stacks() {
    return answer(PoolMessage.Question.STACKS) instanceof List<?> list
        ? (List<WorkerStacks>) list
        : List.of();
  }

  @Override
  public boolean isShutdown() {
    return (Boolean) answer(PoolMessage.Question.IS_SHUTDOWN);
  }

  @Override
  public boolean isTerminated() {
    return (Boolean) answer(PoolMessage.Question.IS_TERMINATED);
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    var nanos = unit.toNanos(timeout);
    var answer = ask(PoolMessage.Question.AWAIT_TERMINATION, nanos);
    try {
      var limit = Math.min(nanos, Long.MAX_VALUE - TRIP_NANOS) + TRIP_NANOS;
      return (Boolean) answer.get(limit, TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      // The owner lives, but is stopped, or has too much else to do.
      return false;
    } catch (ExecutionException e) {
      throw BulkCall.unchecked(Objects.requireNonNull(e.getCause()));
    } finally {
      answer.cancel(false);
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
