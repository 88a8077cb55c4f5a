package io.procession.shared;

import io.procession.UnreadableElementException;
import io.procession.internal.family.Heap;
import io.procession.internal.wire.PipeLayout;
import io.procession.internal.wire.QueueLayout;
import io.procession.internal.wire.Words;
import io.procession.spi.Input;
import java.io.EOFException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One end of a {@link SharedPipe}. */
final class PipeEnd extends SharedObject implements Connection {

  private final Heap.Block pipe;
  private final Heap.Block peer;
  private final int modes;
  private final ElementRing out;
  private final ElementRing in;

  PipeEnd(Place place) {
    super(place);
    pipe = block(PipeLayout.PIPE, PipeLayout.PIPE_ID);
    peer = block(PipeLayout.PEER, PipeLayout.PEER_ID);
    modes = Words.acquireInt(memory, PipeLayout.MODES);
    var side = Words.plainInt(memory, PipeLayout.SIDE);
    arrived();
    alsoHold(pipe);
    var halves = family.heap().payloadOf(pipe.offset());
    out = new ElementRing(family, pipe, side, half(halves, side), new Over());
    in = new ElementRing(family, pipe, 1 - side, half(halves, 1 - side), new Over());
  }

  static PipeEnd readFrom(Input input) throws IOException {
    return read(input, PipeEnd.class, PipeEnd::new);
  }

  static MemorySegment half(MemorySegment halves, int side) {
    return halves.asSlice(side * PipeLayout.HALF_BYTES, PipeLayout.HALF_BYTES);
  }

  private Heap.Block block(long offset, long id) {
    return new Heap.Block(Words.acquire(memory, offset), Words.acquire(memory, id));
  }

  @Override
  void departing() {
    // Whoever gets it next counts, and nobody before.
    Words.write(memory, PipeLayout.ABROAD, 0);
  }

  @Override
  void arrivedAgain() {
    arrived();
  }

  private void arrived() {
    if (!isMadeHere()) {
      Words.write(memory, PipeLayout.ABROAD, 1);
    }
  }

  /** Ends both directions, for this process. */
  private final class Over implements ElementRing.End {
    @Override
    public boolean isOver() {
      return isClosed() || isPeerGone();
    }

    @Override
    public void suspects(IntConsumer each) {
      family.roster().forEachLiving(each);
    }
  }

  /** Whether nobody has the other end, apart from this process that gave it away. */
  private boolean isPeerGone() {
    var heap = family.heap();
    if (!heap.exists(peer)) {
      return true;
    }
    var abroad = Words.acquire(heap.payloadOf(peer.offset()), PipeLayout.ABROAD) != 0;
    return abroad && !heap.isHeldByOthers(peer);
  }

  @Override
  public boolean canSend() {
    return (modes & PipeLayout.SENDS) != 0;
  }

  @Override
  public boolean canReceive() {
    return (modes & PipeLayout.RECEIVES) != 0;
  }

  private void checkSends() throws ClosedChannelException {
    if (!canSend()) {
      throw new UnsupportedOperationException(
          "this end of a one-way pipe only receives; send at the second end. pipe=" + pipe.id());
    }
    checkNotClosed();
  }

  private void checkReceives() throws ClosedChannelException {
    if (!canReceive()) {
      throw new UnsupportedOperationException(
          "this end of a one-way pipe only sends; receive at the first end. pipe=" + pipe.id());
    }
    checkNotClosed();
  }

  private void checkNotClosed() throws ClosedChannelException {
    if (isClosed()) {
      throw new ClosedHereException("this end of the pipe was closed here. pipe=" + pipe.id());
    }
  }

  @Override
  public void send(@Nullable Object message) throws IOException, InterruptedException {
    checkSends();
    use();
    try (var encoded = Encoded.of(message, family, false)) {
      send(encoded, QueueLayout.OBJECT);
    } finally {
      endUse();
    }
  }

  @Override
  public void sendBytes(MemorySegment bytes) throws IOException, InterruptedException {
    checkSends();
    use();
    try (var encoded = Encoded.ofBytes(bytes, family)) {
      send(encoded, QueueLayout.RAW);
    } finally {
      endUse();
    }
  }

  /** As {@link #beginUse}, with a connection's exception. */
  private void use() throws ClosedChannelException {
    try {
      beginUse();
    } catch (IllegalStateException e) {
      checkNotClosed();
      throw e;
    }
  }

  private void send(Encoded encoded, int type) throws IOException, InterruptedException {
    switch (out.put(encoded, type, Long.MAX_VALUE, true)) {
      case DONE -> {
        // It is on its way.
      }
      case INTERRUPTED -> throw interrupted();
      default -> {
        checkNotClosed();
        throw new IOException(
            "nobody has the other end of the pipe any more: it was closed, or its process died."
                + " pipe="
                + pipe.id());
      }
    }
  }

  private static InterruptedException interrupted() {
    Thread.interrupted();
    return new InterruptedException("interrupted while waiting in a pipe");
  }

  private Taken take(long mostBytes) throws IOException, InterruptedException {
    checkReceives();
    use();
    ElementRing.Take take;
    try {
      take = in.take(false, mostBytes, Long.MAX_VALUE, true);
    } finally {
      endUse();
    }
    return switch (take.outcome()) {
      case DONE -> {
        if (take.taken() == null) {
          throw new IllegalArgumentException(
              "the message is larger than the room for it; it is still there, receive it with more"
                  + " room. bytes=%d roomBytes=%d".formatted(take.bytes(), mostBytes));
        }
        yield take.taken();
      }
      case INTERRUPTED -> throw interrupted();
      default -> {
        checkNotClosed();
        throw new EOFException(
            "nobody has the other end of the pipe any more: it was closed, or its process died."
                + " pipe="
                + pipe.id());
      }
    };
  }

  private void giveBack(Taken taken) {
    var block = taken.block();
    if (block != null) {
      family.release(block);
    }
  }

  @Override
  public @Nullable Object receive() throws IOException, InterruptedException {
    var taken = take(Long.MAX_VALUE);
    var input = taken.input(true);
    try {
      var object = taken.decode(family, input);
      if (input.remaining() != 0) {
        throw new InvalidObjectException(
            "a message is no object: something follows it. bytes=%d rest=%d"
                .formatted(taken.bytes().byteSize(), input.remaining()));
      }
      return object;
    } catch (UnreadableElementException e) {
      var failure = new InvalidObjectException("a message cannot be read here: " + e.getMessage());
      failure.initCause(e.getCause());
      throw failure;
    } finally {
      input.settle();
      giveBack(taken);
    }
  }

  @Override
  public byte[] receiveBytes() throws IOException, InterruptedException {
    var taken = take(Long.MAX_VALUE);
    try {
      return taken.bytes().toArray(ValueLayout.JAVA_BYTE);
    } finally {
      giveBack(taken);
    }
  }

  @Override
  public long receiveBytesInto(MemorySegment target) throws IOException, InterruptedException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException(
          "the bytes cannot be moved to memory that is read-only. target=" + target);
    }
    var taken = take(target.byteSize());
    try {
      MemorySegment.copy(taken.bytes(), 0, target, 0, taken.bytes().byteSize());
      return taken.bytes().byteSize();
    } finally {
      giveBack(taken);
    }
  }

  @Override
  public boolean poll() throws IOException {
    checkReceives();
    return in.isReady(false);
  }

  @Override
  public boolean poll(Duration timeout) throws IOException, InterruptedException {
    checkReceives();
    var deadline = Deadline.in(timeout);
    use();
    try {
      return await(deadline);
    } finally {
      endUse();
    }
  }

  private boolean await(Deadline deadline) throws IOException, InterruptedException {
    while (true) {
      switch (in.awaitReady(deadline.nanosLeft())) {
        case INTERRUPTED -> throw interrupted();
        case TIMED_OUT -> {
          return false;
        }
        default -> {
          checkNotClosed();
          if (in.isReady(false)) {
            return true;
          }
        }
      }
    }
  }

  @Override
  public boolean isReady() {
    return isClosed() || in.isReady(false);
  }

  @Override
  public Registration onReady(Runnable wake) {
    return in.onReady(false, Objects.requireNonNull(wake, "wake"));
  }

  /** Closes this end in this process; what was sent still arrives. */
  @Override
  public void close() {
    super.close();
  }
}
