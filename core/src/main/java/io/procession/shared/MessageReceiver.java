package io.procession.shared;

import io.procession.internal.wire.ConnectionLayout;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Puts messages together from what comes over a link. */
final class MessageReceiver {

  private static final int READ_AHEAD_BYTES = 1 << 14;

  /** More memory for a message is taken only as its bytes come. */
  private static final int FIRST_BYTES = 1 << 20;

  private final SocketLink link;
  private final int maxBytes;

  /** Whoever has it may read, and touch what follows. */
  private final Semaphore turn = new Semaphore(1);

  /** Somebody asked whether there is a message, and got no answer because another had the turn. */
  private volatile boolean owesAnswer;

  /** What was read and belongs to no message yet; ready to be read from. */
  private final ByteBuffer ahead = ByteBuffer.allocate(READ_AHEAD_BYTES).flip();

  /** The message that is coming, and some room for more of it; null between two. */
  private byte @Nullable [] message;

  /** How many bytes of it have come. */
  private int filled;

  /** How many bytes it will have. */
  private int length;

  private boolean ended;

  /** Why it ended; null if the peer has said that nothing follows. */
  private @Nullable IOException failure;

  MessageReceiver(SocketLink link, int maxBytes) {
    this.link = link;
    this.maxBytes = maxBytes;
  }

  /** Waits for a message and takes it. */
  byte[] take() throws IOException, InterruptedException {
    return take(Long.MAX_VALUE);
  }

  /**
   * Waits for a message and takes it, if it is not too large.
   *
   * @throws IllegalArgumentException if it has more bytes than {@code roomBytes}; it stays
   */
  byte[] take(long roomBytes) throws IOException, InterruptedException {
    turn.acquire();
    try {
      while (!advance()) {
        var _ = link.tryAwaitReadable(Deadline.NEVER);
      }
      var whole = message;
      if (whole == null || !isWhole()) {
        throw endException();
      }
      if (length > roomBytes) {
        throw new IllegalArgumentException(
            "the message is larger than the room for it; it is still there, receive it with more"
                + " room. bytes=%d roomBytes=%d".formatted(length, roomBytes));
      }
      message = null;
      return whole;
    } finally {
      // More messages may have been read ahead.
      release(true);
    }
  }

  /** Whether there is a message, or the end. */
  boolean poll() throws IOException {
    link.checkOpen();
    // If another has the turn, the next message is for that one.
    return turn.tryAcquire() && lookAndRelease();
  }

  boolean poll(Deadline deadline) throws IOException, InterruptedException {
    link.checkOpen();
    if (!turn.tryAcquire(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS)) {
      link.checkOpen();
      return false;
    }
    var isNews = false;
    try {
      var wasReady = isWhole();
      while (!advance()) {
        if (!link.tryAwaitReadable(deadline)) {
          return false;
        }
      }
      isNews = !wasReady;
      return true;
    } finally {
      release(isNews);
    }
  }

  boolean isReady() {
    if (!turn.tryAcquire()) {
      owesAnswer = true;
      // Who had the turn may have given it back before it could see that.
      if (!turn.tryAcquire()) {
        return link.isClosed();
      }
    }
    try {
      return lookAndRelease();
    } catch (IOException e) {
      return true; // who receives meets it, too
    }
  }

  private boolean lookAndRelease() throws IOException {
    var isNews = false;
    try {
      var wasReady = isWhole() || ended;
      var isReady = advance();
      isNews = isReady && !wasReady;
      return isReady;
    } finally {
      release(isNews);
    }
  }

  /**
   * @param isNews whether those who were told that there is no message have to look again
   */
  private void release(boolean isNews) {
    turn.release();
    if (isNews || owesAnswer) {
      owesAnswer = false;
      link.wake();
    }
    if (link.hasWakes()) {
      link.watch();
    }
  }

  private boolean isWhole() {
    return message != null && filled == length;
  }

  /** Reads what is there; gives whether there is a whole message, or the end. */
  private boolean advance() throws IOException {
    link.checkOpen();
    while (!isWhole() && !ended) {
      if (!step()) {
        return false;
      }
    }
    return true;
  }

  /** Goes on by some bytes; false if there are none. */
  private boolean step() throws IOException {
    var current = message;
    if (current == null) {
      if (ahead.remaining() < ConnectionLayout.HEADER_BYTES) {
        return readAhead();
      }
      begin(ahead.getInt());
      return true;
    }
    if (filled == current.length) {
      current = Arrays.copyOf(current, (int) Math.min(length, 2L * current.length));
      message = current;
    }
    var room = current.length - filled;
    if (ahead.hasRemaining()) {
      var count = Math.min(room, ahead.remaining());
      ahead.get(current, filled, count);
      filled += count;
      return true;
    }
    if (room < READ_AHEAD_BYTES) {
      return readAhead();
    }
    var rest = ByteBuffer.wrap(current, filled, room);
    var isSome = read(rest);
    filled = rest.position();
    return isSome;
  }

  private void begin(int bytes) {
    if (bytes < 0 || bytes > maxBytes) {
      end(
          new ProtocolException(
              "the peer announces a message of a size that this end has not allowed. bytes=%d"
                      .formatted(bytes)
                  + " maxMessageBytes="
                  + maxBytes));
      return;
    }
    length = bytes;
    filled = 0;
    message = new byte[Math.min(bytes, FIRST_BYTES)];
  }

  private boolean readAhead() throws IOException {
    ahead.compact();
    try {
      return read(ahead);
    } finally {
      ahead.flip();
    }
  }

  /** Reads what there is; false if that is nothing, true if it is the end. */
  private boolean read(ByteBuffer target) throws IOException {
    try {
      var count = link.transport().read(target);
      if (count < 0) {
        end(null);
      }
      return count != 0;
    } catch (IOException e) {
      link.checkOpen();
      end(e);
      return true;
    }
  }

  private void end(@Nullable IOException reason) {
    ended = true;
    failure = reason;
  }

  private IOException endException() {
    var reason = failure;
    if (reason instanceof SSLException || reason instanceof ProtocolException) {
      return new IOException(
          "the connection cannot go on: %s. address=%s"
              .formatted(reason.getMessage(), link.address()),
          reason);
    }
    var lost = message == null && !ahead.hasRemaining() ? "" : " in the middle of a message";
    var exception =
        new EOFException(
            "the peer has closed the connection%s, or it died. address=%s"
                .formatted(lost, link.address()));
    exception.initCause(reason);
    return exception;
  }
}
