package io.procession;

import io.procession.spi.Engine;
import io.procession.spi.Output;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An engine whose workers do what a test says, in the test's thread. */
final class FakeEngine implements Engine {

  final List<FakeWorker> workers = new CopyOnWriteArrayList<>();

  @Override
  public Message message() {
    return new HeapMessage();
  }

  @Override
  public FakeWorker start(String name, Listener listener) {
    var worker = new FakeWorker(name, listener);
    workers.add(worker);
    return worker;
  }

  @Override
  public void forget(Code code) {}

  @Override
  public void assist(BooleanSupplier enough) {}

  @Override
  public void close() {}

  /** A message on the heap. */
  static final class HeapMessage extends Output implements Engine.Encoded {

    boolean closed;

    HeapMessage() {
      super(MemorySegment.ofArray(new byte[64]));
    }

    /** One that has this size. */
    static HeapMessage of(int bytes) {
      var message = new HeapMessage();
      message.reserve(bytes);
      return message;
    }

    @Override
    protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
      var larger = MemorySegment.ofArray(new byte[Math.toIntExact(2 * neededBytes)]);
      MemorySegment.copy(memory, 0, larger, 0, usedBytes);
      return larger;
    }

    @Override
    public Output output() {
      return this;
    }

    @Override
    public MemorySegment bytes() {
      return written();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** A worker that runs a call when the test says so. */
  static final class FakeWorker implements Worker {

    private static final class Offered {
      final long sequence;
      int next;
      int end;

      Offered(long sequence, int from, int to) {
        this.sequence = sequence;
        this.next = from;
        this.end = to;
      }
    }

    private final String name;
    final Listener listener;
    private final ArrayDeque<Offered> offered = new ArrayDeque<>();
    private @Nullable Offered running;
    private boolean dead;
    final List<String> told = new ArrayList<>();

    FakeWorker(String name, Listener listener) {
      this.name = name;
      this.listener = listener;
    }

    /** Starts the next call; false if there is none. */
    synchronized boolean begin() {
      if (dead) {
        return false;
      }
      while (!offered.isEmpty() && offered.getFirst().next >= offered.getFirst().end) {
        offered.removeFirst();
      }
      running = offered.peekFirst();
      if (running != null) {
        running.next++;
      }
      return running != null;
    }

    /** Ends the call that runs. */
    void end() {
      var ended = Objects.requireNonNull(running);
      running = null;
      var index = ended.next - 1;
      var isLast = index + 1 == ended.end;
      listener.settled(
          ended.sequence, index, false, MemorySegment.ofArray(new byte[1]), null, isLast ? 1 : 0);
      listener.paused();
    }

    /** Runs the next call from its start to its end; false if there is none. */
    boolean run() {
      if (!begin()) {
        return false;
      }
      end();
      return true;
    }

    /** Tells of its death; whatever is offered afterwards is refused. */
    void die() {
      synchronized (this) {
        dead = true;
      }
      listener.exited(new Exit(pid(), 137, "SIGKILL", true, null, List.of(), null));
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long pid() {
      return 1000 + Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
    }

    @Override
    public synchronized boolean offer(long sequence, Calls calls, int from, int to) {
      if (dead) {
        return false;
      }
      offered.addLast(new Offered(sequence, from, to));
      return true;
    }

    private synchronized @Nullable Offered find(long sequence) {
      for (var each : offered) {
        if (each.sequence == sequence) {
          return each;
        }
      }
      return null;
    }

    @Override
    public synchronized int withdraw(long sequence, int keep) {
      var found = find(sequence);
      if (found == null) {
        return Integer.MAX_VALUE;
      }
      found.end = Math.min(found.end, found.next + keep);
      return found.end;
    }

    @Override
    public long startedNanos(long sequence) {
      return 0;
    }

    @Override
    public synchronized int started(long sequence) {
      var found = find(sequence);
      return found == null ? Integer.MAX_VALUE : found.next;
    }

    @Override
    public void interrupt(long sequence, int index) {
      told.add("interrupt");
    }

    @Override
    public void retire() {
      told.add("retire");
      Thread.startVirtualThread(
          () -> listener.exited(new Exit(pid(), 0, null, true, null, List.of(), null)));
    }

    @Override
    public void kill() {
      told.add("kill");
      Thread.startVirtualThread(this::die);
    }
  }
}
