package io.procession.internal.engine;

import io.procession.internal.os.Doorbell;
import io.procession.internal.os.Segment;
import io.procession.internal.wire.ChannelLayout;
import io.procession.internal.wire.Control;
import io.procession.internal.wire.Link;
import io.procession.internal.wire.RingConsumer;
import io.procession.internal.wire.RingProducer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * The parent's end of a control link: answers a child's questions, and tells it what it must know.
 */
final class ControlServer {

  private final Doorbell doorbell;
  private final ChildEngine engine;
  private final Link link;
  private final ClassSource classes = new ClassSource();

  /** The segments that the child may have mapped. */
  private final Set<Long> known = new HashSet<>();

  /** The segments into which the child may write. */
  private final Map<Long, Segment> leases = new HashMap<>();

  private final ConcurrentLinkedQueue<Segment> returned = new ConcurrentLinkedQueue<>();

  /** Those who wait for stacks, by the number of the question. */
  private final Map<Long, CompletableFuture<String>> stacks = new HashMap<>();

  private long questions;
  private boolean closed;

  ControlServer(ChannelLayout channel, Doorbell doorbell, ChildEngine engine) {
    this.doorbell = doorbell;
    this.engine = engine;
    this.link =
        new Link(new RingProducer(channel.controlDown()), new RingConsumer(channel.controlUp()));
  }

  synchronized boolean hasQuestions() {
    return !closed && link.hasIncoming();
  }

  /** Takes the questions that came; gives whether there were any. */
  boolean answer() {
    boolean any;
    synchronized (this) {
      if (closed) {
        return false;
      }
      any = link.receive(this::received);
      link.pump();
      if (any) {
        // It may wait for the room that this made.
        doorbell.ring();
      }
    }
    releaseReturned();
    return any;
  }

  private void received(int kind, long number, byte[] message) {
    switch (kind) {
      case Control.CLASSES ->
          // A class loader is user code, which may take its time.
          Thread.ofVirtual().name("procession-classes-", 0).start(() -> answer(number, message));
      case Control.LEASE -> lease(number, ByteBuffer.wrap(message).getLong());
      case Control.RETURN -> giveBack(ByteBuffer.wrap(message).getLong());
      case Control.STACKS -> {
        var asked = stacks.remove(number);
        if (asked != null) {
          // Not in this thread, which must not run what depends on it.
          asked.completeAsync(() -> new String(message, StandardCharsets.UTF_8), virtual());
        }
      }
      default -> throw new IllegalStateException("an unknown control message. kind=" + kind);
    }
  }

  private static Executor virtual() {
    return Thread.ofVirtual().name("procession-stacks-", 0)::start;
  }

  private void answer(long number, byte[] request) {
    try {
      send(Control.ANSWER, number, classes.answer(request));
    } catch (RuntimeException | Error e) {
      send(Control.REFUSAL, number, String.valueOf(e).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void lease(long number, long bytes) {
    Segment segment = null;
    try {
      segment = engine.segments().acquire(bytes);
      leases.put(segment.handle().id(), segment);
      known.add(segment.handle().id());
      send(Control.ANSWER, number, Child.encode(segment));
    } catch (IOException | RuntimeException e) {
      send(Control.REFUSAL, number, String.valueOf(e).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void giveBack(long id) {
    var segment = leases.remove(id);
    if (segment != null) {
      returned.add(segment);
    }
  }

  /** Without the lock, because children are told of segments that are not used any more. */
  private void releaseReturned() {
    for (var segment = returned.poll(); segment != null; segment = returned.poll()) {
      engine.segments().release(segment);
    }
  }

  /** What the child wrote into a segment that it had leased. */
  synchronized SharedMessage takeLease(long id, long bytes) {
    var segment = leases.remove(id);
    if (segment == null) {
      throw new IllegalStateException(
          "the child names a segment that it has no lease of. id=" + id);
    }
    return SharedMessage.received(engine.segments(), segment, bytes);
  }

  /**
   * The encoded handle of a segment that the child is about to be told of. It is sent each time,
   * because the child maps a segment only when it starts a call whose arguments lie there.
   */
  synchronized byte[] handleFor(Segment segment) throws IOException {
    known.add(segment.handle().id());
    return Child.encode(segment);
  }

  /** Asks for the stacks of the child's threads. */
  CompletableFuture<String> stacks() {
    var answer = new CompletableFuture<String>();
    synchronized (this) {
      if (!closed) {
        stacks.put(++questions, answer);
        send(Control.DUMP, questions, new byte[0]);
        return answer;
      }
    }
    answer.completeExceptionally(ended());
    return answer;
  }

  private static IllegalStateException ended() {
    return new IllegalStateException("the worker ended before it told its stacks");
  }

  void interrupt(long sequence, int index) {
    send(
        Control.INTERRUPT,
        0,
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(sequence).putInt(index).array());
  }

  void forgetCode(long code) {
    send(Control.FORGET_CODE, 0, ByteBuffer.allocate(Long.BYTES).putLong(code).array());
  }

  synchronized void forgetSegment(long id) {
    if (known.remove(id)) {
      send(Control.FORGET_SEGMENT, 0, ByteBuffer.allocate(Long.BYTES).putLong(id).array());
    }
  }

  private synchronized void send(int kind, long number, byte[] message) {
    if (!closed) {
      link.send(kind, number, message);
      doorbell.ring();
    }
  }

  /** The child is dead: nothing is sent any more, and what it had leased is free. */
  void close() {
    synchronized (this) {
      closed = true;
      stacks.values().forEach(each -> virtual().execute(() -> each.completeExceptionally(ended())));
      stacks.clear();
      returned.addAll(leases.values());
      leases.clear();
    }
    releaseReturned();
  }
}
