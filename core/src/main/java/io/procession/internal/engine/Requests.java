package io.procession.internal.engine;

import io.procession.internal.os.Doorbell;
import io.procession.internal.wire.AdoptionFrame;
import io.procession.internal.wire.CallsFrame;
import io.procession.internal.wire.ChannelLayout;
import io.procession.internal.wire.CodeFrame;
import io.procession.internal.wire.ElsewhereFrame;
import io.procession.internal.wire.Request;
import io.procession.internal.wire.RingProducer;
import io.procession.spi.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What this process writes into the channel of one child, and what of it may still be taken back.
 * After {@link #close} nothing is written or read any more: the memory may go. No method waits.
 */
final class Requests {

  /** A request that the child may still be busy with; it ends at {@code position} of the ring. */
  private record Outstanding(long sequence, long position, CallsFrame frame, int end) {}

  private final ChannelLayout channel;
  private final Doorbell doorbell;
  private final ControlServer control;
  private final ChildEngine engine;

  /** Guards what is below; never held while anything is waited for. */
  private final ReentrantLock lock = new ReentrantLock();

  private final RingProducer ring;
  private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();
  private final Set<Long> codes = new HashSet<>();
  private boolean closed;

  Requests(ChannelLayout channel, Doorbell doorbell, ControlServer control, ChildEngine engine) {
    this.channel = channel;
    this.doorbell = doorbell;
    this.control = control;
    this.engine = engine;
    this.ring = new RingProducer(channel.requests());
  }

  /** Tells a child that was started in advance who it is; gives false if it cannot be told. */
  boolean adopt(String name, boolean daemon) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      var encoded = AdoptionFrame.encode(name);
      var record = ring.claim(Request.ADOPTION, AdoptionFrame.bytes(encoded));
      if (record == null) {
        return false;
      }
      new AdoptionFrame(record).write(encoded, daemon);
      ring.publish();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** See {@link Engine.Worker#offer}. */
  boolean offer(long sequence, Engine.Calls calls, int from, int to) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      var code = calls.code();
      if (code != null && !codes.contains(code.id())) {
        if (!sendCode(code)) {
          return false;
        }
        codes.add(code.id());
      }
      if (!sendCalls(sequence, calls, from, to)) {
        return false;
      }
      doorbell.ring();
      return true;
    } catch (Throwable e) {
      // Half a request must not be published with the next one.
      ring.abandon();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private boolean sendCode(Engine.Code code) {
    var message = (SharedMessage) code.message();
    var bytes = message.bytes();
    var elsewhere = elsewhere(message, 0, bytes.byteSize());
    var length = elsewhere == null ? bytes.byteSize() : elsewhere.bytes();
    var record = ring.claim(Request.CODE, CodeFrame.HEAD_BYTES + length);
    if (record == null) {
      return false;
    }
    var frame = new CodeFrame(record);
    var place = elsewhere == null ? CallsFrame.INLINE : CallsFrame.ELSEWHERE;
    frame.write(code.id(), engine.loaderId(code.loader()), place);
    writeBody(frame.body(), elsewhere, bytes);
    ring.publish();
    return true;
  }

  private boolean sendCalls(long sequence, Engine.Calls calls, int from, int to) {
    var message = (SharedMessage) calls.message();
    var bytes = message.bytes();
    var offsets = calls.offsets();
    var start = offsets[from];
    var end = to < offsets.length ? offsets[to] : bytes.byteSize();
    var count = to - from;
    var elsewhere = elsewhere(message, start, end - start);
    var length = elsewhere == null ? end - start : elsewhere.bytes();
    var record = ring.claim(Request.CALLS, CallsFrame.headBytes(count) + length);
    if (record == null) {
      return false;
    }
    var frame = new CallsFrame(record);
    var code = calls.code();
    frame.write(
        sequence,
        code == null ? 0 : code.id(),
        engine.loaderId(calls.loader()),
        elsewhere == null ? CallsFrame.INLINE : CallsFrame.ELSEWHERE,
        from,
        count);
    for (var i = from; i < to - 1; i++) {
      frame.setLength(i - from, (int) (offsets[i + 1] - offsets[i]));
    }
    writeBody(frame.body(), elsewhere, bytes.asSlice(start, end - start));
    outstanding.addLast(new Outstanding(sequence, ring.position(), frame, to));
    ring.publish();
    return true;
  }

  private @Nullable ElsewhereFrame elsewhere(SharedMessage message, long offset, long size) {
    var used = message.segment();
    if (used == null) {
      return null;
    }
    try {
      return new ElsewhereFrame(used.handle().id(), offset, size, control.handleFor(used));
    } catch (IOException e) {
      throw new UncheckedIOException("a handle cannot be encoded", e);
    }
  }

  private static void writeBody(
      MemorySegment body, @Nullable ElsewhereFrame elsewhere, MemorySegment bytes) {
    if (elsewhere == null) {
      body.copyFrom(bytes);
    } else {
      elsewhere.write(body);
    }
  }

  /** See {@link Engine.Worker#withdraw}. */
  int withdraw(long sequence, int keep) {
    lock.lock();
    try {
      var found = find(sequence);
      if (found == null || isReleased(found)) {
        return Integer.MAX_VALUE;
      }
      return found.frame.withdraw(keep);
    } finally {
      lock.unlock();
    }
  }

  /** See {@link Engine.Worker#started}. */
  int started(long sequence) {
    lock.lock();
    try {
      var found = find(sequence);
      if (found == null) {
        return Integer.MAX_VALUE;
      }
      // Where the child has released the request, it has started all of it that was left to it.
      return isReleased(found) ? found.end : found.frame.started();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Outstanding find(long sequence) {
    for (var each : outstanding) {
      if (each.sequence == sequence) {
        return each;
      }
    }
    return null;
  }

  private boolean isReleased(Outstanding request) {
    return closed || ring.releasedPosition() >= request.position;
  }

  /** Everything before {@code sequence} is done with. */
  void forgetBefore(long sequence) {
    lock.lock();
    try {
      while (!outstanding.isEmpty() && outstanding.getFirst().sequence < sequence) {
        outstanding.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /** See {@link Engine.Worker#startedNanos}. */
  long startedNanos(long sequence) {
    lock.lock();
    try {
      var found = find(sequence);
      return found == null || isReleased(found) ? System.nanoTime() : found.frame.stamp();
    } finally {
      lock.unlock();
    }
  }

  /** The stacks of all threads of the child; null if it has ended. */
  @Nullable CompletableFuture<String> stacks() {
    lock.lock();
    try {
      return closed ? null : control.stacks();
    } finally {
      lock.unlock();
    }
  }

  void interrupt(long sequence, int index) {
    lock.lock();
    try {
      if (!closed) {
        control.interrupt(sequence, index);
      }
    } finally {
      lock.unlock();
    }
  }

  void forgetCode(long code) {
    lock.lock();
    try {
      if (!closed && codes.remove(code)) {
        control.forgetCode(code);
      }
    } finally {
      lock.unlock();
    }
  }

  void forgetSegment(long id) {
    lock.lock();
    try {
      if (!closed) {
        control.forgetSegment(id);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Asks the child to end when it has done all; gives false if it cannot be asked. */
  boolean retire() {
    lock.lock();
    try {
      if (closed || !ring.offer(Request.RETIRE)) {
        return false;
      }
      doorbell.ring();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the child does not serve yet. */
  boolean isBooting() {
    lock.lock();
    try {
      return !closed && channel.state() == ChannelLayout.BOOTING;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** The child has ended; from now on its memory is not touched. */
  void close() {
    lock.lock();
    try {
      closed = true;
      outstanding.clear();
    } finally {
      lock.unlock();
    }
  }
}
