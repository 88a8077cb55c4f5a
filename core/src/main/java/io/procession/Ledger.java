package io.procession;

import io.procession.internal.os.ResidentMemory;
import io.procession.spi.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who runs what: every call that was submitted and has not ended is here, either waiting or sent to
 * a worker. A call is in one of these states:
 *
 * <pre>
 *   waiting ──► sent ──► started ──► settled     (told to its job, once)
 *      ▲         │          │
 *      └─────────┘          └──► failed          (its worker died; or waiting again, if it may be retried)
 *   taken back, or its worker died
 * </pre>
 *
 * <p>The worker itself marks a call as started, with one atomic step in the shared memory, and the
 * ledger takes calls back with another: so each knows what the other did, also after a kill.
 */
final class Ledger implements Desk {

  /** A caller looks for results itself if a call takes no longer than this. */
  private static final long ASSISTED_NANOS = 50_000;

  /** A call that should take no time and has not started by then is waiting behind a slow one. */
  private static final long BALANCE_MILLIS = 1;

  /** How soon it looks whether a task waits for what it has submitted, at first and later. */
  private static final long FIRST_LOOK_MILLIS = 1;

  private static final long LAST_LOOK_MILLIS = 64;

  /** How long workers stay that were added for nested tasks. */
  private static final long NESTING_MILLIS = 5000;

  /**
   * The states of a pool.
   *
   * <pre>
   *   RUNNING ──► SHUTDOWN ──► TERMINATED
   *      └──► BROKEN ─────────────►┘
   * </pre>
   */
  private enum State {
    RUNNING,
    SHUTDOWN,
    BROKEN,
    TERMINATED
  }

  private final Engine engine;
  private final String name;
  private final Executor callbacks;
  private final @Nullable Initializing initializing;
  private final Flow flow;
  private final @Nullable CapturedWorkers outputs;
  private final Sight sight;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition terminated = lock.newCondition();
  private boolean willBalance;
  private final Watch watch;
  private final Dispatch dispatch;
  private final CallerRuns callerRuns;
  private final Deadlines deadlines;
  private final Retrying retrying;
  private final MemoryWatch memory;
  private final RestartGuard restarts;
  private final Staff staff;
  private final Nesting nesting;
  private boolean nestingIsWatched;
  private boolean waitingIsWatched;
  private Runnable atEnd = () -> {};
  private State state = State.RUNNING;
  private @Nullable Throwable broken;
  private int workersStarted;
  private final AtomicLong tasks = new AtomicLong(1);

  Ledger(
      Engine engine,
      String name,
      Executor callbacks,
      @Nullable Initializing initializing,
      Supervision supervision,
      StaffPlan plan,
      Provisions provisions) {
    this.engine = engine;
    this.name = name;
    this.callbacks = callbacks;
    this.initializing = initializing;
    this.flow = provisions.flow();
    this.outputs = provisions.outputs();
    this.sight = provisions.sight();
    this.restarts = supervision.restarts();
    var limitBytes = supervision.memoryBytes();
    this.watch = new Watch(name, lock, this::look);
    var lookNanos = limitBytes > 0 ? MemoryWatch.EVERY_NANOS : Watch.NEVER;
    this.dispatch = new Dispatch(watch, lookNanos, this::balanceSoon);
    this.callerRuns = new CallerRuns(lock, dispatch, () -> startWorker(false));
    this.deadlines = new Deadlines(lock, dispatch, watch, supervision.graceNanos());
    this.retrying = new Retrying(lock, dispatch, watch, callbacks, this::endIfDone);
    this.memory = new MemoryWatch(lock, dispatch, limitBytes);
    this.staff = new Staff(plan, dispatch, this::startWorker);
    this.nesting = new Nesting(lock, dispatch, name, staff::wanted, provisions.maxNested());
  }

  private <T extends @Nullable Object> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private void withLock(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /** Runs {@code action}, on a thread of the pool's, when the pool has terminated. */
  void atEnd(Runnable action) {
    withLock(() -> atEnd = action);
  }

  void startWorkers() {
    nesting.open();
    if (!engine.runsInCaller()) {
      withLock(staff::adjust);
    } else if (initializing != null) {
      locked(() -> callerRuns.begin(slot -> initializing.batch(new SlotInitialized(slot))))
          .worker()
          .runHere();
    }
  }

  private Slot startWorker(boolean spare) {
    workersStarted++;
    var slot = new Slot(name + "-worker-" + workersStarted);
    slot.output = outputs == null ? null : outputs.open(slot.name);
    slot.isSpare = spare;
    slot.worker = engine.start(slot.name, new WorkerListener(this, slot));
    dispatch.slots().add(slot);
    return slot;
  }

  @Override
  public int size() {
    return locked(staff::wanted);
  }

  @Override
  public void resize(int workers) {
    if (engine.runsInCaller()) {
      throw new UnsupportedOperationException(
          "a pool that runs its tasks in the calling thread has no workers to count. pool=" + name);
    }
    withLock(() -> {
      checkRunning();
      flow.resized(workers - staff.wanted());
      staff.resize(workers);
      dispatch.dispatch();
    });
  }

  // Submitting

  @Override
  public long numbers(int count) {
    return tasks.getAndAdd(count);
  }

  @Override
  public @Nullable CapturedWorkers outputs() {
    return outputs;
  }

  @Override
  public int largestChunk() {
    return flow.largestChunk();
  }

  @Override
  public boolean offer(Batch batch, long waitNanos) throws InterruptedException {
    batch.job().numbered(batch.firstIndex(), batch.size(), batch.firstTask());
    var origin = engine.runsInCaller() ? null : Nesting.here();
    if (origin != null && origin.in(nesting) != null) {
      // The room that it would wait for may be its own.
      submitNested(batch, origin, null);
      return true;
    }
    if (!flow.admit(batch.load(), waitNanos)) {
      return false;
    }
    Slot own;
    lock.lock();
    try {
      checkRunning();
      deadlines.submitted(batch);
      if (!engine.runsInCaller()) {
        dispatch.submit(origin == null ? batch : nesting.begin(batch, origin, null));
        return true;
      }
      own = callerRuns.begin(_ -> batch);
    } catch (RejectedExecutionException e) {
      batch.load().refused();
      throw e;
    } finally {
      lock.unlock();
    }
    callerRuns.run(own, batch);
    return true;
  }

  private void balanceSoon() {
    if (willBalance) {
      return;
    }
    willBalance = true;
    CompletableFuture.delayedExecutor(BALANCE_MILLIS, TimeUnit.MILLISECONDS, callbacks)
        .execute(() ->
            withLock(() -> {
              willBalance = false;
              dispatch.balance();
            }));
  }

  @Override
  public RejectedExecutionException noRoom() {
    return flow.rejection();
  }

  @Override
  public void checkOpen() {
    withLock(this::checkRunning);
  }

  /**
   * Takes calls of a task of this pool, or of another process. A task that runs may submit others
   * also after {@link #shutdown}: the pool waits for all of them.
   *
   * @param origin the task that submits them; null if it is of no pool of this process
   * @param other stands for the process that submits them if that is another, and a worker; else
   *     null
   */
  void submitNested(Batch batch, @Nullable Origin origin, @Nullable Lender other) {
    batch.job().numbered(batch.firstIndex(), batch.size(), batch.firstTask());
    if (engine.runsInCaller()) {
      // The calling thread is in another process.
      var own =
          locked(() -> {
            checkRunning();
            deadlines.submitted(batch);
            return callerRuns.begin(_ -> batch);
          });
      callbacks.execute(() -> callerRuns.run(own, batch));
      return;
    }
    withLock(() -> {
      if (state != State.SHUTDOWN || dispatch.isIdle()) {
        checkRunning();
      }
      var nested = nesting.begin(batch, origin, other);
      deadlines.submitted(nested);
      dispatch.submit(nested);
      lend();
      lookForWaiting(FIRST_LOOK_MILLIS);
    });
  }

  private void lend() {
    while (nesting.needsWorker() && staff.lend()) {
      watchNesting();
    }
  }

  /** Threads do not wait yet when they submit what they will wait for: so it looks again. */
  private void lookForWaiting(long millis) {
    if (waitingIsWatched || !dispatch.hasNestedWaiting() || state == State.TERMINATED) {
      return;
    }
    waitingIsWatched = true;
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, callbacks)
        .execute(() ->
            withLock(() -> {
              waitingIsWatched = false;
              nesting.urge();
              lend();
              lookForWaiting(Math.min(2 * millis, LAST_LOOK_MILLIS));
            }));
  }

  /** Lets workers that were added for nested tasks end, once they had nothing to do for a while. */
  private void watchNesting() {
    if (nestingIsWatched) {
      return;
    }
    nestingIsWatched = true;
    CompletableFuture.delayedExecutor(NESTING_MILLIS, TimeUnit.MILLISECONDS, callbacks)
        .execute(() ->
            withLock(() -> {
              nestingIsWatched = false;
              if (state != State.RUNNING) {
                return;
              }
              for (var slot = nesting.tooMany(); slot != null; slot = nesting.tooMany()) {
                staff.takeBack(slot);
              }
              dispatch.dispatch();
              if (nesting.hasAdded()) {
                watchNesting();
              }
            }));
  }

  private void checkRunning() {
    var cause = broken;
    if (cause != null) {
      throw new PoolBrokenException(String.valueOf(cause.getMessage()), cause);
    }
    if (state != State.RUNNING) {
      throw new RejectedExecutionException(
          "the pool was shut down and takes no more tasks; submit before shutdown() or close()."
              + " pool="
              + name);
    }
  }

  @Override
  public void assist(long callNanos, BooleanSupplier enough) {
    if (callNanos > 0 && callNanos <= ASSISTED_NANOS) {
      engine.assist(enough);
    }
  }

  // Ending calls

  @Override
  public void drop(Job job, int first, int last, boolean interrupt) {
    var dropped =
        locked(() -> {
          var taken =
              dispatch.takeOut(
                  job,
                  first,
                  last,
                  (slot, sent) -> dropRunning(slot, sent, first, last, interrupt));
          dispatch.dispatch();
          endIfDone();
          return taken;
        });
    failAll(dropped, new CancellationException("the task was cancelled"));
  }

  /**
   * Sees to it that the call that runs, if it is one of these, is not run again; and, if wanted,
   * interrupts it, and kills its worker if that does not end it.
   */
  private void dropRunning(Slot slot, Slot.Sent sent, int first, int last, boolean interrupt) {
    var index = slot.worker().started(sent.sequence) - 1;
    var number = sent.batch.firstIndex() + index;
    if (number < first || number > last) {
      return;
    }
    sent.dropped = index;
    if (interrupt) {
      deadlines.end(slot, sent, index, null, System.nanoTime());
    }
  }

  /** Does what time has made due; gives how long it is until the next look. */
  private long look(long nowNanos) {
    var late = new ArrayList<Batch>();
    var next =
        locked(() -> {
          dispatch.takeDue(nowNanos);
          var until = deadlines.look(nowNanos, late);
          return Math.min(until, dispatch.aside().untilDue(nowNanos));
        });
    if (!late.isEmpty()) {
      callbacks.execute(() -> tellLate(late));
    }
    return Math.min(next, memory.look(nowNanos));
  }

  private void tellLate(List<Batch> late) {
    for (var batch : late) {
      for (var index = batch.from(); index < batch.to(); index++) {
        var call = batch.part(index, index + 1);
        failAll(
            List.of(call), TaskTimeoutException.neverStarted(batch.terms(), call.firstNumber()));
      }
    }
    withLock(this::endIfDone);
  }

  Retrying retrying() {
    return retrying;
  }

  /** Whether calls of a batch that fail by themselves may be run again. */
  boolean mayRetry(Batch batch) {
    var policy = batch.terms().retries();
    return policy.judges() && policy.allows(batch.attempt());
  }

  /** Tells the jobs of these calls that they failed. */
  static void failAll(List<Batch> batches, Throwable failure) {
    for (var batch : batches) {
      for (var index = batch.from(); index < batch.to(); index++) {
        batch.job().failed(batch.firstIndex() + index, failure);
        batch.settledOne();
      }
    }
  }

  // Ending the pool

  @Override
  public void shutdown() {
    withLock(() -> {
      if (state == State.RUNNING) {
        state = State.SHUTDOWN;
        flow.end();
      }
      endIfDone();
    });
  }

  @Override
  public List<Batch> shutdownNow() {
    return locked(() -> {
      if (state == State.RUNNING) {
        state = State.SHUTDOWN;
        flow.end();
      }
      retrying.end();
      endStarting();
      var taken =
          dispatch.takeOutAll((slot, sent) -> dropRunning(slot, sent, 0, Integer.MAX_VALUE, true));
      endIfDone();
      return taken;
    });
  }

  /** Nothing waits any more for workers that come up: what their initializers do is over. */
  private void endStarting() {
    for (var slot : dispatch.slots()) {
      if (slot.state == WorkerInfo.State.STARTING) {
        slot.dropInitializer();
        slot.state = WorkerInfo.State.ENDING;
        slot.isRetired = true;
        slot.worker().kill();
      }
    }
  }

  @Override
  public void terminate() {
    withLock(() -> {
      if (state == State.RUNNING) {
        state = State.SHUTDOWN;
        flow.end();
      }
    });
    abandon(new CancellationException("the pool was terminated. pool=" + name));
    withLock(() -> {
      while (state != State.TERMINATED) {
        terminated.awaitUninterruptibly();
      }
    });
  }

  private void breakDown(Throwable failure) {
    var isFirst =
        locked(() -> {
          if (state == State.BROKEN || state == State.TERMINATED) {
            return false;
          }
          state = State.BROKEN;
          broken = failure;
          flow.end();
          return true;
        });
    if (isFirst) {
      sight.broken(failure);
      abandon(failure);
    }
  }

  /** Fails every call that has not ended, and kills the workers. */
  private void abandon(Throwable failure) {
    var abandoned =
        locked(() -> {
          retrying.end();
          var all = dispatch.abandon();
          for (var slot : dispatch.slots()) {
            slot.state = WorkerInfo.State.ENDING;
            slot.isRetired = true;
            slot.worker().kill();
          }
          endIfDone();
          return all;
        });
    failAll(abandoned, failure);
  }

  /** Lets the workers end if nothing is left to do, and the pool with the last of them. */
  private void endIfDone() {
    staff.endIdle();
    if (state == State.RUNNING || state == State.TERMINATED) {
      return;
    }
    if (dispatch.isIdle()) {
      for (var slot : dispatch.slots()) {
        if (slot.state != WorkerInfo.State.ENDING) {
          slot.state = WorkerInfo.State.ENDING;
          slot.isRetired = true;
          slot.worker().retire();
        }
      }
    }
    // One that has just died may leave calls for its successor.
    if (dispatch.slots().isEmpty() && dispatch.isIdle()) {
      state = State.TERMINATED;
      watch.end();
      nesting.close();
      terminated.signalAll();
      callbacks.execute(atEnd);
      callbacks.execute(sight::terminated);
      engine.close();
    }
  }

  @Override
  public boolean isShutdown() {
    return locked(() -> state != State.RUNNING);
  }

  @Override
  public boolean isTerminated() {
    return locked(() -> state == State.TERMINATED);
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    var nanos = unit.toNanos(timeout);
    lock.lockInterruptibly();
    try {
      while (state != State.TERMINATED) {
        if (nanos <= 0) {
          return false;
        }
        nanos = terminated.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<WorkerInfo> workers() {
    var infos = locked(() -> dispatch.slots().stream().map(Slot::info).toList());
    return infos.stream()
        .map(info -> info.withResidentBytes(ResidentMemory.bytes(info.pid())))
        .toList();
  }

  /** Some figures of the pool as a whole. */
  record Counts(String pool, String state, long waiting, long bytesInFlight, int workers) {}

  Counts counts() {
    return locked(() ->
        new Counts(
            name, state.name(), dispatch.waitingCalls(), flow.bytes(), dispatch.slots().size()));
  }

  Sight sight() {
    return sight;
  }

  @Override
  public List<WorkerStacks> stacks() {
    Map<String, WorkerStacks.Asked> all =
        locked(() -> {
          var workers = new LinkedHashMap<String, WorkerStacks.Asked>();
          for (var slot : dispatch.slots()) {
            workers.put(slot.name, new WorkerStacks.Asked(slot.worker(), slot.runningTask()));
          }
          return workers;
        });
    return WorkerStacks.of(all);
  }

  // What the workers' listeners tell, in the engine's thread

  /** A worker is up. */
  void ready(Slot slot) {
    var first = initializing;
    if (first == null) {
      new SlotInitialized(slot).succeeded();
    } else {
      // What it has captured is encoded, in which the user's code has a part.
      callbacks.execute(() -> initialize(slot, first));
    }
  }

  private void initialize(Slot slot, Initializing first) {
    var initialized = new SlotInitialized(slot);
    Batch batch;
    try {
      batch = first.batch(initialized);
    } catch (RuntimeException | Error e) {
      initialized.failed(e);
      return;
    }
    var isSent =
        locked(() ->
            dispatch.slots().contains(slot)
                && slot.state == WorkerInfo.State.STARTING
                && dispatch.send(slot, batch));
    if (!isSent) {
      batch.settledOne();
    }
  }

  /** A worker works from now on; gives what is to be told of it. */
  private WorkerInfo open(Slot slot) {
    staff.opened(slot);
    var opened = slot.info();
    dispatch.dispatch();
    endIfDone();
    return opened;
  }

  /** What was sent to a worker under this number; null if it was taken out. */
  Slot.@Nullable Sent find(Slot slot, long sequence) {
    return locked(() -> {
      var sent = dispatch.find(slot, sequence);
      if (sent == null || sent.batch.firstTask() != 0) { // an initializer is no proof
        slot.hasStartedCalls = true;
        restarts.reset();
      }
      return sent;
    });
  }

  /** A worker has run all that was sent to it under one number. */
  void done(Slot slot, Slot.Sent sent) {
    lock.lock();
    try {
      slot.sent.remove(sent);
      slot.movedNanos = System.nanoTime();
      slot.roomAgain();
      if (slot.takesWork()) {
        slot.refresh();
        if (state == State.RUNNING) {
          staff.served(slot);
        }
        dispatch.dispatch();
      }
      endIfDone();
    } finally {
      lock.unlock();
    }
  }

  /** A worker that had no room may have some. */
  void roomAgain(Slot slot) {
    withLock(() -> {
      slot.roomAgain();
      dispatch.dispatch();
    });
  }

  /** A worker is dead. */
  void exited(Slot slot, Engine.Exit exit) {
    if (outputs != null) {
      outputs.close(slot.name);
    }
    var last = locked(slot::info);
    sight.workerEnded(slot, last, locked(slot::wasLetGo), exit);
    var crashed =
        locked(() -> {
          if (slot.state == WorkerInfo.State.STARTING) {
            // Its successor runs it again.
            slot.dropInitializer();
          }
          return setAside(dispatch.bury(slot));
        });
    crashed.forEach(
        (aside, dead) -> retrying.died(aside, death(slot, exit, dead), !dead.wasDropped()));
    var failure =
        locked(() -> {
          var unexpected = slot.state != WorkerInfo.State.ENDING;
          var futile = unexpected && !slot.hasStartedCalls ? restarts.died(exit) : null;
          if (futile == null && (state == State.RUNNING ? unexpected : hasMoreToRun())) {
            futile = replaceWorker();
          }
          dispatch.dispatch();
          endIfDone();
          return futile;
        });
    if (failure != null) {
      callbacks.execute(() -> breakDown(failure));
    }
  }

  /** Whether a pool that was shut down needs workers still, also in the place of dismissed ones. */
  private boolean hasMoreToRun() {
    return state == State.SHUTDOWN && !retrying.isOver() && dispatch.hasWaiting();
  }

  /** Starts a worker in the place of a dead one; gives why the pool must end if that cannot be. */
  private @Nullable PoolBrokenException replaceWorker() {
    try {
      if (state == State.RUNNING) {
        staff.adjust();
      } else {
        staff.adjustLast();
      }
      return null;
    } catch (RuntimeException e) {
      return new PoolBrokenException(
          "a worker that died cannot be replaced, so the pool gave up: %s. pool=%s"
              .formatted(e.getMessage(), name),
          e);
    }
  }

  /** Until it is told how they ended, the pool cannot end. */
  private Map<Aside.Call, Dispatch.Crashed> setAside(List<Dispatch.Crashed> crashed) {
    var calls = new LinkedHashMap<Aside.Call, Dispatch.Crashed>();
    crashed.forEach(dead -> calls.put(retrying.setAside(dead.call()), dead));
    return calls;
  }

  /** Why a call did not end that a dead worker was running. */
  private static RuntimeException death(Slot slot, Engine.Exit exit, Dispatch.Crashed dead) {
    var ending = slot.ending;
    var crash = WorkerDeath.of(slot, exit, dead.call().firstNumber());
    if (ending == null || ending.limit == null || !ending.isOf(dead.sent(), dead.call().from())) {
      return crash;
    }
    var timeout =
        new TaskTimeoutException(
            slot.name, exit.pid(), dead.call().firstNumber(), ending.limit, ending.stacks());
    if (!ending.isKilled()) {
      // It died in its grace time, otherwise.
      timeout.initCause(crash);
    }
    return timeout;
  }

  /** Opens a slot once its worker is initialized. */
  private final class SlotInitialized implements Initializing.Initialized {

    private final Slot slot;

    SlotInitialized(Slot slot) {
      this.slot = slot;
    }

    @Override
    public void succeeded() {
      var opened = locked(() -> slot.state == WorkerInfo.State.STARTING ? open(slot) : null);
      if (opened != null) {
        // Without the lock: the flight recorder has locks of its own, and calls the pool with them.
        sight.workerStarted(opened);
      }
    }

    @Override
    public void failed(Throwable failure) {
      var end =
          new PoolBrokenException(
              "the initializer failed in a worker, so the pool gave up: %s. pool=%s"
                  .formatted(failure, name),
              failure);
      if (engine.runsInCaller()) {
        breakDown(end);
      } else {
        callbacks.execute(() -> breakDown(end));
      }
    }
  }
}
