package io.procession.internal.engine;

import io.procession.internal.family.Family;
import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcFiles;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.Segment;
import io.procession.internal.wire.Birth;
import io.procession.internal.wire.ChannelLayout;
import io.procession.internal.wire.ElsewhereFrame;
import io.procession.internal.wire.ResultFrame;
import io.procession.internal.wire.RingConsumer;
import io.procession.spi.Engine;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A child JVM, as a worker: its process, and the channel that it shares with this one. */
public final class Child implements Engine.Worker {

  private static final int MOST_AT_ONCE = 1024;
  private static final long RETIRE_GRACE_SECONDS = 5;

  /** What kind of child is wanted. */
  public record Role(boolean daemon, boolean worker) {}

  private volatile String name;
  private final Role role;
  private final ChildEngine engine;
  private final Engine.Listener listener;
  private final Hub hub;
  private final Segment segment;
  private final ChannelLayout channel;
  private final ControlServer control;
  private final Requests requests;
  private final RingConsumer responses;

  /** Guards the process, so that it is not missed between its start and a kill. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Whether this process has killed it, or will once it is started. */
  private volatile boolean killed;

  private final Shortages shortages = new Shortages();

  /** What went wrong here that its end is to be told with. */
  private volatile @Nullable Exception failure;

  private volatile @Nullable JvmProcess process;
  private final CompletableFuture<Long> startedPid = new CompletableFuture<>();

  /** Set when the death is proven. */
  private volatile Engine.@Nullable Exit exit;

  /** Completes when the listener has heard of the end. */
  private final CompletableFuture<@Nullable Void> told = new CompletableFuture<>();

  // Guarded by the hub: one thread at a time reads.
  private boolean wasReady;
  private long lastSequence;
  private boolean ended;
  private @Nullable Throwable damage;

  /** Whether its questions are not listened to any more. By the hub's control thread alone. */
  private boolean isMuted;

  private Child(
      String name,
      Role role,
      ChildEngine engine,
      Engine.Listener listener,
      Hub hub,
      Segment segment) {
    this.name = name;
    this.role = role;
    this.engine = engine;
    this.listener = listener;
    this.hub = hub;
    this.segment = segment;
    var platform = Platform.current();
    this.channel = new ChannelLayout(segment.memory());
    channel.format();
    this.control = new ControlServer(channel, platform.doorbell(channel.controlDoorbell()), engine);
    this.requests =
        new Requests(channel, platform.doorbell(channel.requestDoorbell()), control, engine);
    this.responses = new RingConsumer(channel.responses());
  }

  /**
   * Starts a child; its process comes up later, and {@code listener} hears of it.
   *
   * @throws UncheckedIOException if there is no shared memory
   */
  static Child start(String name, Role role, ChildEngine engine, Engine.Listener listener) {
    var hub = Hub.enter();
    Child child;
    try {
      child = create(name, role, engine, listener, hub);
    } catch (Throwable e) {
      hub.leave();
      throw e;
    }
    hub.add(child);
    engine.starts(child);
    hub.onStarter(child::startProcess);
    return child;
  }

  private static Child create(
      String name, Role role, ChildEngine engine, Engine.Listener listener, Hub hub) {
    Segment segment;
    try {
      segment = Platform.current().createSegment(ChannelLayout.BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "there is no shared memory for a child process; see procession doctor. name=" + name, e);
    }
    try {
      return new Child(name, role, engine, listener, hub, segment);
    } catch (Throwable e) {
      try {
        segment.close();
      } catch (IOException unclosed) {
        e.addSuppressed(unclosed);
      }
      throw e;
    }
  }

  private void startProcess() {
    JvmProcess started;
    try {
      started = JvmProcess.start(engine.launchOptions(name), name, engine.lines());
    } catch (IOException | RuntimeException | Error e) {
      failed(e);
      startedPid.complete(0L);
      end(new Engine.Exit(0, -1, null, false, null, List.of(), failure));
      return;
    }
    lock.lock();
    try {
      process = started;
      if (killed) {
        started.kill();
      }
    } finally {
      lock.unlock();
    }
    startedPid.complete(started.identity().pid());
    try {
      // Listed before its end can be heard of, which takes it off the list.
      hub.guard(started.identity());
      started.tell(birth());
    } catch (IOException | RuntimeException | Error e) {
      // It does not know who it is, or has died already; its end is heard of in either case.
      failed(e);
      started.kill();
    }
    watch(started);
  }

  private void watch(JvmProcess started) {
    try {
      started.onExit(
          () -> {
            if (role.worker) {
              started.killGroup();
            }
          },
          code -> end(death(started, code)));
    } catch (RuntimeException | Error e) {
      // There is no thread to wait for its end, which this one brings about.
      failed(e);
      started.kill();
      end(death(started, started.awaitDeath()));
    }
  }

  /** How it ended; whatever goes wrong here, its end is told. */
  private Engine.Exit death(JvmProcess started, int code) {
    try {
      Family.died(started.identity());
      hub.unguard(started.identity());
    } catch (RuntimeException | Error e) {
      failed(e);
    }
    try {
      var exiting = channel.state() == ChannelLayout.EXITING;
      var ready = channel.state() != ChannelLayout.BOOTING;
      var death = started.exit(code, exiting, ready, failure);
      return death.of(shortages.of(death, channel, killed));
    } catch (RuntimeException | Error e) {
      failed(e);
      var pid = started.identity().pid();
      return new Engine.Exit(pid, code, null, false, null, started.lastLines(), failure);
    }
  }

  private void failed(Throwable e) {
    var first = failure;
    if (first == null) {
      failure =
          e instanceof Exception exception
              ? exception
              : new IllegalStateException("this process lacks what a child process needs: " + e, e);
    } else if (!first.equals(e)) {
      first.addSuppressed(e);
    }
  }

  /** The death is proven: has it told, by the hub's thread, and then gives all memory back. */
  private void end(Engine.Exit death) {
    exit = death;
    hub.ringResponses();
    var _ =
        told.thenRunAsync(
            this::closeSegment, Thread.ofVirtual().name("procession-close-" + name)::start);
  }

  private Birth birth() throws IOException {
    var self = Platform.current().self();
    var ancestors = new ArrayList<Birth.Ancestor>();
    var current = Birth.current();
    if (current != null) {
      ancestors.addAll(current.ancestors());
    }
    ancestors.add(
        new Birth.Ancestor(current == null ? "main" : current.name(), self.pid(), self.start()));
    return new Birth(
        name,
        role.daemon,
        role.worker,
        ancestors,
        encode(segment),
        encode(hub.page()),
        hub.familyHandle());
  }

  static byte[] encode(Segment segment) throws IOException {
    var bytes = new ByteArrayOutputStream();
    segment.handle().encode(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  // As a worker

  @Override
  public String name() {
    return name;
  }

  @Override
  public long pid() {
    var started = process;
    return started == null ? 0 : started.identity().pid();
  }

  /** Its process id, once it was started, which takes milliseconds; 0 if it could not be. */
  public long awaitPid() {
    return startedPid.join();
  }

  /** The identity of the process; null while there is none. */
  public @Nullable ProcessIdentity identity() {
    var started = process;
    return started == null ? null : started.identity();
  }

  /**
   * Tells a child that was started in advance who it is; nothing must have been offered to it.
   *
   * @return false if it is dead
   */
  public boolean adopt(String newName, boolean daemon) {
    if (exit != null || !requests.adopt(newName, daemon)) {
      return false;
    }
    name = newName;
    return true;
  }

  @Override
  public boolean offer(long sequence, Engine.Calls calls, int from, int to) {
    return requests.offer(sequence, calls, from, to);
  }

  @Override
  public int withdraw(long sequence, int keep) {
    return requests.withdraw(sequence, keep);
  }

  @Override
  public int started(long sequence) {
    return requests.started(sequence);
  }

  @Override
  public long startedNanos(long sequence) {
    return requests.startedNanos(sequence);
  }

  @Override
  public void interrupt(long sequence, int index) {
    requests.interrupt(sequence, index);
  }

  @Override
  public CompletableFuture<String> stacks() {
    var stacks = requests.stacks();
    return stacks != null
        ? stacks
        : CompletableFuture.failedFuture(
            new IllegalStateException("the worker has ended. name=" + name));
  }

  @Override
  public String silence() {
    if (process == null) {
      return "its process is not started yet";
    }
    if (requests.isClosed()) {
      return "it has ended";
    }
    if (requests.isBooting()) {
      return "it is still coming up";
    }
    return ProcFiles.isStopped(pid())
        ? "its process is stopped, by SIGSTOP or a debugger"
        : "it is busy or starved";
  }

  @Override
  public long memoryBytes() {
    var pid = pid();
    return pid == 0 ? 0 : ProcFiles.privateBytes(pid);
  }

  void forgetCode(long code) {
    requests.forgetCode(code);
  }

  void forgetSegment(long id) {
    requests.forgetSegment(id);
  }

  @Override
  public void retire() {
    // One that still boots has nothing to lose, and would take a while to see the request.
    if (requests.isBooting() || !requests.retire()) {
      kill();
      return;
    }
    // Not in the common pool: the user's code may block that.
    CompletableFuture.delayedExecutor(
            RETIRE_GRACE_SECONDS,
            TimeUnit.SECONDS,
            Thread.ofVirtual().name("procession-retire-" + name)::start)
        .execute(this::killIfAlive);
  }

  private void killIfAlive() {
    if (exit == null) {
      kill();
    }
  }

  @Override
  public void kill() {
    killed = true;
    withProcess(JvmProcess::killTree);
  }

  /** Kills the process alone. */
  public void killAlone() {
    killed = true;
    withProcess(JvmProcess::kill);
  }

  /** Asks the process to end, with SIGTERM. */
  public void terminate() {
    withProcess(JvmProcess::terminate);
  }

  private void withProcess(java.util.function.Consumer<JvmProcess> action) {
    lock.lock();
    try {
      var started = process;
      if (started == null) {
        killed = true;
      } else if (exit == null) {
        action.accept(started);
      }
    } finally {
      lock.unlock();
    }
  }

  Hub hub() {
    return hub;
  }

  // In the hub's threads

  boolean hasResponses() {
    if (ended) {
      return false;
    }
    return exit != null || (damage == null && hasWritten());
  }

  private boolean hasWritten() {
    try {
      return !responses.isEmpty() || (!wasReady && channel.state() == ChannelLayout.READY);
    } catch (RuntimeException | Error _) {
      // The memory is damaged, as whoever reads it finds out.
      return true;
    }
  }

  /** Tells the listener what came; gives whether anything did. Throws nothing. */
  boolean readResponses() {
    try {
      return readAll();
    } catch (RuntimeException | Error e) {
      damaged(e);
      return true;
    }
  }

  private boolean readAll() {
    if (ended) {
      return false;
    }
    // Read before the ring: what the dead had published is there then.
    var death = exit;
    if (damage == null && !wasReady && channel.state() != ChannelLayout.BOOTING) {
      wasReady = true;
      listener.ready();
    }
    if (drain()) {
      return true;
    }
    if (death == null) {
      return false;
    }
    tellEnd(death);
    return true;
  }

  /** Tells the listener what calls ended; gives whether any did. Throws nothing. */
  boolean drain() {
    if (ended || damage != null) {
      return false;
    }
    try {
      if (responses.drain(this::settled, MOST_AT_ONCE) == 0) {
        return false;
      }
    } catch (RuntimeException | Error e) {
      damaged(e);
    }
    try {
      listener.paused();
    } catch (RuntimeException | Error e) {
      damaged(e);
    }
    return true;
  }

  /**
   * The child destroyed the memory that we share, or there is no memory here for what it says, or
   * whoever listens failed. Either way its results are lost, and only its own; this thread must go
   * on for the others.
   */
  private void damaged(Throwable e) {
    if (ended) {
      Hub.log("the end of a child process was not taken well", e);
      return;
    }
    damage = e;
    killForGood(e);
  }

  private void killForGood(Throwable reason) {
    try {
      kill();
    } catch (RuntimeException | Error e) {
      if (!e.equals(reason)) { // the JVM throws one OutOfMemoryError again and again
        reason.addSuppressed(e);
      }
    }
  }

  private void settled(int kind, MemorySegment memory, long offset, int bytes) {
    var frame = new ResultFrame(memory.asSlice(offset, bytes));
    var sequence = frame.sequence();
    if (sequence != lastSequence) {
      lastSequence = sequence;
      requests.forgetBefore(sequence);
    }
    SharedMessage large = null;
    var result = frame.body();
    if (frame.elsewhere()) {
      var place = ElsewhereFrame.read(frame.body());
      large = control.takeLease(place.segment(), place.size());
      result = large.bytes();
    }
    listener.settled(sequence, frame.index(), frame.failed(), result, large, frame.durationNanos());
  }

  private void tellEnd(Engine.Exit death) {
    ended = true;
    var cause = damage;
    try {
      listener.exited(
          cause == null
              ? death
              : new Engine.Exit(
                  death.pid(),
                  death.code(),
                  death.signal(),
                  death.wasReady(),
                  death.errorFile(),
                  death.lastLines(),
                  new IllegalStateException("the results of a worker could not be taken", cause),
                  death.shortage()));
    } finally {
      giveBack();
    }
  }

  private void giveBack() {
    requests.close();
    engine.ended(this);
    try {
      control.close();
    } finally {
      told.complete(null);
    }
  }

  private void closeSegment() {
    try {
      segment.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a channel could not be given back. name=" + name, e);
    } finally {
      hub.remove(this);
    }
  }

  boolean hasQuestions() {
    try {
      return !isMuted && control.hasQuestions();
    } catch (RuntimeException | Error _) {
      // The memory is damaged, as whoever answers finds out.
      return true;
    }
  }

  /** Answers the questions that came; gives whether there were any. Throws nothing. */
  boolean answer() {
    if (isMuted) {
      return false;
    }
    try {
      return control.answer();
    } catch (RuntimeException | Error e) {
      // As where results cannot be taken: only this child must go.
      isMuted = true;
      failed(e);
      killForGood(e);
      return true;
    }
  }
}
