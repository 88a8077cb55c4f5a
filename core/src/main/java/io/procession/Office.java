package io.procession;

import io.procession.internal.engine.LoaderRegistry;
import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.shared.SharedQueue;
import io.procession.spi.Engine;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a pool takes what other processes ask of it, once it has travelled. One thread serves, and
 * looks each second whether those that submitted are alive: the tasks of the dead are dropped. What
 * cannot be served fails for whoever asked it, and for nobody else.
 */
final class Office {

  private static final long LOOK_MILLIS = 1000;

  /** So that what fails again and again does not keep a core busy. */
  private static final long BRAKE_MILLIS = 10;

  private final Ledger ledger;
  private final Engine engine;
  private final CallEncoder encoder;
  private final ResultDecoder decoder;
  private final String name;
  private final ClassLoader loader;
  private final Map<Long, Client> clients = new HashMap<>();
  private @Nullable SharedQueue<PoolMessage.Request> requests;
  private boolean closed;

  Office(Ledger ledger, Engine engine, CallEncoder encoder, ResultDecoder decoder, String name) {
    this.ledger = ledger;
    this.engine = engine;
    this.encoder = encoder;
    this.decoder = decoder;
    this.name = name;
    var context = Thread.currentThread().getContextClassLoader();
    this.loader = context == null ? ClassLoader.getSystemClassLoader() : context;
  }

  /**
   * Where requests go; opens the office if need be.
   *
   * @throws IllegalStateException if the pool has terminated
   */
  synchronized SharedQueue<PoolMessage.Request> requests() {
    if (closed) {
      throw new IllegalStateException(
          "the pool has terminated, so it cannot be sent to another process. pool=" + name);
    }
    var queue = requests;
    if (queue == null) {
      var opened = SharedQueue.<PoolMessage.Request>create();
      requests = opened;
      queue = opened;
      Thread.ofVirtual().name(name + "-office").start(() -> serve(opened));
    }
    return queue;
  }

  /** The pool has terminated: tells all of them. */
  void close() {
    SharedQueue<PoolMessage.Request> queue;
    synchronized (this) {
      closed = true;
      queue = requests;
    }
    if (queue != null) {
      // What is in it is still taken, and then the server ends.
      queue.shutdown();
    }
  }

  private void serve(SharedQueue<PoolMessage.Request> queue) {
    var lookedNanos = System.nanoTime();
    try (queue) {
      while (true) {
        try {
          var request = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          if (request != null) {
            serve(request);
          }
          if (System.nanoTime() - lookedNanos > TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
            lookedNanos = System.nanoTime();
            dropTheDead();
          }
        } catch (QueueClosedException _) {
          return;
        } catch (RuntimeException | Error e) {
          System.getLogger(Office.class.getName())
              .log(
                  System.Logger.Level.WARNING,
                  "a request of another process could not be served. pool=" + name,
                  e);
          TimeUnit.MILLISECONDS.sleep(BRAKE_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    } finally {
      clients.values().forEach(Client::end);
    }
  }

  private void serve(PoolMessage.Request request) {
    if (request instanceof PoolMessage.Join join) {
      try {
        clients.put(join.client(), new Client(join));
      } catch (RuntimeException | Error e) {
        // It would wait for answers for ever; so it is told that none come.
        join.replies().close();
        throw e;
      }
      return;
    }
    var client = clients.get(request.client());
    if (client == null) {
      // It was found dead, and this is what it had still asked.
      return;
    }
    switch (request) {
      case PoolMessage.Join _ -> throw new AssertionError("it was served above");
      case PoolMessage.Function function -> client.define(function);
      case PoolMessage.Forget forget -> client.forget(forget.code());
      case PoolMessage.Submit submit -> client.submit(submit);
      case PoolMessage.Drop drop -> client.drop(drop);
      case PoolMessage.Ask ask -> client.ask(ask);
    }
  }

  private void dropTheDead() {
    var platform = Platform.current();
    for (var client : List.copyOf(clients.values())) {
      if (platform.isDead(client.identity)) {
        clients.remove(client.join.client());
        client.died();
      }
    }
  }

  /** A process to which the pool travelled. */
  private final class Client {

    private final PoolMessage.Join join;
    private final ProcessIdentity identity;
    private final Mailer mailer;
    private final Lender lender = new Lender();

    /** It and those that it descends from, up to this process. */
    private final List<Long> pids;

    private final Map<Long, Engine.Code> codes = new HashMap<>();

    /** Functions that could not be kept, and why. */
    private final Map<Long, Throwable> lost = new HashMap<>();

    /** Those that have not ended; guarded by itself. */
    private final Map<Long, NestedJob> jobs = new HashMap<>();

    Client(PoolMessage.Join join) {
      this.join = join;
      this.identity = new ProcessIdentity(join.pid(), join.start());
      this.pids = descent(join);
      this.mailer = new Mailer(name + "-to-" + join.name(), join.replies());
    }

    private static List<Long> descent(PoolMessage.Join join) {
      var own = Platform.current().self().pid();
      var pids = new ArrayList<>(List.of(join.pid()));
      join.ancestors().stream().takeWhile(pid -> pid != own).forEach(pids::add);
      return List.copyOf(pids);
    }

    /** The loader that knows the classes: by the child's number for it, else the pool's own. */
    private ClassLoader loader(int id) {
      if (id == LoaderRegistry.APPLICATION) {
        return ClassLoader.getSystemClassLoader();
      }
      var known = join.child() ? LoaderRegistry.shared().loader(id) : null;
      return known == null ? loader : known;
    }

    void define(PoolMessage.Function function) {
      try {
        var code = encoder.encodedCode(function.bytes(), loader(function.loader()));
        codes.put(function.code(), code);
      } catch (RuntimeException | OutOfMemoryError e) {
        // Its calls come next, and fail with it.
        lost.put(function.code(), e);
      }
    }

    private Engine.@Nullable Code code(long id) {
      var known = codes.get(id);
      if (known == null && id != 0) {
        throw new RejectedExecutionException(
            "the pool could not take the function; the cause says why. pool=" + name, lost.get(id));
      }
      return known;
    }

    void forget(long code) {
      lost.remove(code);
      var known = codes.remove(code);
      if (known != null) {
        engine.forget(known);
      }
    }

    void submit(PoolMessage.Submit submit) {
      var sequence = submit.sequence();
      var count = submit.offsets().length;
      var theirs = loader(submit.loader());
      var job =
          new NestedJob(
              sequence,
              count,
              submit.priority(),
              decoder,
              theirs,
              mailer::send,
              () -> ended(sequence));
      synchronized (jobs) {
        jobs.put(sequence, job);
      }
      Batch batch;
      try {
        batch = batch(submit, job, theirs);
      } catch (IOException | ClassNotFoundException | RuntimeException | Error e) {
        // There is no memory for them, say. Others are served all the same.
        for (var index = 0; index < count; index++) {
          job.failed(index, e);
        }
        return;
      }
      try {
        ledger.submitNested(batch, Nesting.of(pids), join.worker() ? lender : null);
      } catch (RejectedExecutionException e) {
        Ledger.failAll(List.of(batch), e);
      } catch (RuntimeException | Error e) {
        // They were taken, but the worker that they may need cannot be started.
        job.refuse(e);
        ledger.drop(job, 0, Integer.MAX_VALUE, false);
      }
    }

    private Batch batch(PoolMessage.Submit submit, NestedJob job, ClassLoader theirs)
        throws IOException, ClassNotFoundException {
      Terms terms = decoder.value(MemorySegment.ofArray(submit.terms()), null, theirs);
      var code = code(submit.code());
      var calls = encoder.encodedCalls(code, theirs, submit.bytes(), submit.offsets());
      return Batch.of(job, calls, 0, ledger.numbers(submit.offsets().length), terms.fromNow());
    }

    private void ended(long sequence) {
      synchronized (jobs) {
        jobs.remove(sequence);
      }
    }

    private @Nullable NestedJob job(long sequence) {
      synchronized (jobs) {
        return jobs.get(sequence);
      }
    }

    void drop(PoolMessage.Drop drop) {
      var job = job(drop.sequence());
      if (job != null) {
        ledger.drop(job, drop.first(), drop.last(), drop.interrupt());
      }
    }

    void ask(PoolMessage.Ask ask) {
      try {
        Thread.ofVirtual().name(name + "-question").start(() -> mailer.send(reply(ask)));
      } catch (RuntimeException | Error e) {
        mailer.send(new PoolMessage.Unanswered(ask.number(), NestedJob.encoded(e)));
      }
    }

    private PoolMessage.Reply reply(PoolMessage.Ask ask) {
      try {
        return new PoolMessage.Answer(ask.number(), answer(ask));
      } catch (RuntimeException | Error e) {
        return new PoolMessage.Unanswered(ask.number(), NestedJob.encoded(e));
      }
    }

    private Object answer(PoolMessage.Ask ask) {
      return switch (ask.question()) {
        case WORKERS -> ledger.workers();
        case STACKS -> ledger.stacks();
        case IS_SHUTDOWN -> ledger.isShutdown();
        case IS_TERMINATED -> ledger.isTerminated();
        case AWAIT_TERMINATION -> awaitTermination(ask.nanos());
      };
    }

    private boolean awaitTermination(long nanos) {
      try {
        return ledger.awaitTermination(nanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts this thread", e);
      }
    }

    /** Nobody wants its tasks any more. */
    void died() {
      mailer.close();
      List<NestedJob> open;
      synchronized (jobs) {
        open = List.copyOf(jobs.values());
      }
      open.forEach(job -> ledger.drop(job, 0, Integer.MAX_VALUE, true));
      codes.values().forEach(engine::forget);
    }

    void end() {
      mailer.send(new PoolMessage.Over());
      mailer.close();
    }
  }
}
