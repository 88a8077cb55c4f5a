package io.procession.shared;

import io.procession.internal.family.Family;
import io.procession.internal.family.Heap;
import io.procession.internal.wire.BlockKind;
import io.procession.internal.wire.PipeLayout;
import io.procession.internal.wire.Words;

/**
 * A connection between two processes of a family, through shared memory. Its two ends are {@link
 * Connection}s; each travels, and belongs to whoever holds it.
 *
 * {@snippet :
 * var pipe = SharedPipe.create();
 * var child = ChildProcess.start(end -> end.send("Hello from process!"), pipe.second());
 * System.out.println(pipe.first().receive());
 * }
 *
 * <p>An end is closed for the other one when every process that held it has closed it or has died:
 * then the other end receives what is left, and then the end of the stream. The process that made
 * the pipe need not close the end that it gave away: once that was abroad, and every other process
 * that had it is dead or has closed it, it counts as closed.
 *
 * <p>Between the ends is room for {@value #ROOM_BYTES} bytes, and at least for one message.
 *
 * @param first one end; it sends and receives, or only receives
 * @param second the other end; it sends and receives, or only sends
 */
public record SharedPipe(Connection first, Connection second) implements AutoCloseable {

  /** How many bytes may be on their way before sending waits. */
  public static final long ROOM_BYTES = 1 << 20;

  /** A pipe whose ends both send and receive. */
  public static SharedPipe create() {
    return make(PipeLayout.SENDS | PipeLayout.RECEIVES, PipeLayout.SENDS | PipeLayout.RECEIVES);
  }

  /** A pipe whose first end only receives what its second end only sends. */
  public static SharedPipe createOneWay() {
    return make(PipeLayout.RECEIVES, PipeLayout.SENDS);
  }

  private static SharedPipe make(int firstModes, int secondModes) {
    var family = Family.enter();
    try {
      var heap = family.heap();
      var pipe = heap.allocate(BlockKind.PIPE, PipeLayout.BYTES);
      family.holdNew(pipe);
      for (var side = 0; side < 2; side++) {
        var half = PipeEnd.half(heap.payloadOf(pipe.offset()), side);
        RingState.format(family, pipe, side, half, Long.MAX_VALUE, ROOM_BYTES);
      }
      var first = heap.allocate(BlockKind.PIPE_END, PipeLayout.END_BYTES);
      var second = heap.allocate(BlockKind.PIPE_END, PipeLayout.END_BYTES);
      write(heap, first, pipe, second, 0, firstModes);
      write(heap, second, pipe, first, 1, secondModes);
      try {
        return new SharedPipe(end(first), end(second));
      } finally {
        // Each end holds the pipe by itself.
        family.release(pipe);
      }
    } finally {
      family.leave();
    }
  }

  private static void write(
      Heap heap, Heap.Block end, Heap.Block pipe, Heap.Block peer, int side, int modes) {
    var memory = heap.payloadOf(end.offset());
    Words.setPlain(memory, PipeLayout.PIPE, pipe.offset());
    Words.setPlain(memory, PipeLayout.PIPE_ID, pipe.id());
    Words.setPlain(memory, PipeLayout.PEER, peer.offset());
    Words.setPlain(memory, PipeLayout.PEER_ID, peer.id());
    Words.setPlainInt(memory, PipeLayout.SIDE, side);
    Words.releaseInt(memory, PipeLayout.MODES, modes);
  }

  private static PipeEnd end(Heap.Block block) {
    var family = Family.enter();
    family.holdNew(block);
    return new PipeEnd(new SharedObject.Place(family, block, null));
  }

  /** Closes both ends in this process. */
  @Override
  public void close() {
    ((PipeEnd) first).close();
    ((PipeEnd) second).close();
  }
}
