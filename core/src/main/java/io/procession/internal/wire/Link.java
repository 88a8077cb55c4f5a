package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Messages of any size over a pair of rings, in pieces. Any thread may send; one thread at a time
 * moves what was sent into the ring, as far as there is room, and receives. Nothing blocks.
 *
 * <pre>
 *    a piece:   0 │ number, long │ size of the whole, int │ offset, int │ bytes … │
 * </pre>
 */
public final class Link {

  private static final long HEAD = 16;
  private static final long FLOWING = -1;

  private final RingProducer out;
  private final RingConsumer in;
  private final ArrayDeque<Outgoing> outgoing = new ArrayDeque<>();
  private final Map<Long, byte[]> incoming = new HashMap<>();

  /** How far the other side had read when there was no room; {@link #FLOWING} if there is. */
  private volatile long fullPosition = FLOWING;

  /** Hears of whole messages. */
  public interface Receiver {
    void received(int kind, long number, byte[] message);
  }

  private static final class Outgoing {
    final int kind;
    final long number;
    final byte[] message;
    int sent;

    Outgoing(int kind, long number, byte[] message) {
      this.kind = kind;
      this.number = number;
      this.message = message;
    }
  }

  public Link(RingProducer out, RingConsumer in) {
    this.out = out;
    this.in = in;
  }

  /** Queues a message and moves it into the ring if there is room. */
  public void send(int kind, long number, byte[] message) {
    synchronized (outgoing) {
      outgoing.addLast(new Outgoing(kind, number, message));
      pump();
    }
  }

  /**
   * Moves what is queued into the ring, as far as there is room; gives whether something is left.
   */
  public boolean pump() {
    synchronized (outgoing) {
      while (!outgoing.isEmpty()) {
        var next = outgoing.getFirst();
        var most = out.maximumPayload() - HEAD;
        var bytes = (int) Math.min(most, next.message.length - next.sent);
        var released = out.releasedPosition();
        var record = out.claim(next.kind, HEAD + bytes);
        if (record == null) {
          fullPosition = released;
          return true;
        }
        record.set(ValueLayout.JAVA_LONG, 0, next.number);
        record.set(ValueLayout.JAVA_INT, 8, next.message.length);
        record.set(ValueLayout.JAVA_INT, 12, next.sent);
        MemorySegment.copy(next.message, next.sent, record, ValueLayout.JAVA_BYTE, HEAD, bytes);
        Seam.at(Step.PIECE_WRITTEN);
        out.publish();
        Seam.at(Step.PIECE_PUBLISHED);
        next.sent += bytes;
        if (next.sent == next.message.length) {
          outgoing.removeFirst();
        }
      }
      fullPosition = FLOWING;
      return false;
    }
  }

  /** Whether pieces came, or what is queued has room that it had not. */
  public boolean hasWork() {
    return hasIncoming() || hasNewRoom();
  }

  private boolean hasIncoming() {
    return !in.isEmpty();
  }

  private boolean hasNewRoom() {
    var full = fullPosition;
    return full != FLOWING && out.releasedPosition() != full;
  }

  /** Takes the pieces that came; gives whether there were any. */
  public boolean receive(Receiver receiver) {
    return in.drain(
            (kind, memory, offset, bytes) -> accept(kind, memory.asSlice(offset, bytes), receiver),
            Integer.MAX_VALUE)
        > 0;
  }

  private void accept(int kind, MemorySegment record, Receiver receiver) {
    var number = record.get(ValueLayout.JAVA_LONG, 0);
    var size = record.get(ValueLayout.JAVA_INT, 8);
    var offset = record.get(ValueLayout.JAVA_INT, 12);
    var bytes = (int) (record.byteSize() - HEAD);
    var whole = offset == 0 ? new byte[size] : incoming.get(number);
    if (whole == null) {
      throw new IllegalStateException(
          "a piece of a message came without its beginning. number=%d offset=%d"
              .formatted(number, offset));
    }
    MemorySegment.copy(record, ValueLayout.JAVA_BYTE, HEAD, whole, offset, bytes);
    if (offset + bytes == size) {
      incoming.remove(number);
      receiver.received(kind, number, whole);
    } else if (offset == 0) {
      incoming.put(number, whole);
    }
  }
}
