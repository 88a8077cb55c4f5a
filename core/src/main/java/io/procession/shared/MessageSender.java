package io.procession.shared;

import io.procession.internal.wire.ConnectionLayout;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/** Sends messages, one after the other, each whole. */
final class MessageSender {

  /** Up to this size a message is copied behind its header, to be sent in one piece. */
  private static final int COPIED_BYTES = 1 << 16;

  private final SocketLink link;
  private final int maxBytes;

  /** Whoever has it may write. It is no lock, because another thread may go on and release it. */
  private final Semaphore turn = new Semaphore(1);

  /**
   * @param maxBytes how many bytes a message may have
   */
  MessageSender(SocketLink link, int maxBytes) {
    this.link = link;
    this.maxBytes = maxBytes;
  }

  int maxBytes() {
    return maxBytes;
  }

  /** The same number, if a message may have so many bytes. */
  int check(long bytes) {
    if (bytes > maxBytes) {
      throw HeapOutput.tooLarge(bytes, maxBytes);
    }
    return (int) bytes;
  }

  void send(MemorySegment bytes) throws IOException, InterruptedException {
    var length = check(bytes.byteSize());
    if (length > COPIED_BYTES) {
      var header = ByteBuffer.allocate(ConnectionLayout.HEADER_BYTES).putInt(0, length);
      send(header, bytes.asByteBuffer());
      return;
    }
    var frame = new byte[ConnectionLayout.HEADER_BYTES + length];
    MemorySegment.copy(
        bytes, ValueLayout.JAVA_BYTE, 0, frame, ConnectionLayout.HEADER_BYTES, length);
    send(ByteBuffer.wrap(frame).putInt(0, length));
  }

  /** Sends the parts of one message. */
  void send(ByteBuffer... parts) throws IOException, InterruptedException {
    turn.acquire();
    var isOver = true;
    try {
      link.checkOpen();
      while (!write(parts)) {
        try {
          link.awaitWritable(Deadline.NEVER);
        } catch (InterruptedException e) {
          if (parts[0].position() == 0) {
            throw e;
          }
          finish(parts);
          isOver = false;
          Thread.currentThread().interrupt();
          return;
        }
      }
    } catch (RuntimeException | Error e) {
      if (parts[0].position() > 0) {
        // The peer must not take what follows for the rest of this message.
        link.close();
      }
      throw e;
    } finally {
      if (isOver) {
        turn.release();
      }
    }
  }

  /** Writes what goes without waiting; gives whether that is all. */
  private boolean write(ByteBuffer... parts) throws IOException {
    try {
      var transport = link.transport();
      for (var part : parts) {
        while (part.hasRemaining()) {
          if (transport.write(part) == 0) {
            return false;
          }
        }
      }
      return transport.flush();
    } catch (IOException e) {
      link.checkOpen();
      throw new IOException(
          "the peer has closed the connection, or it died: nothing can be sent. address="
              + link.address(),
          e);
    }
  }

  /** Lets another thread send the rest of a message whose sender was interrupted. */
  private void finish(ByteBuffer... parts) {
    var rest = copyOfRest(parts);
    Thread.ofVirtual()
        .name("procession-send")
        .start(() -> {
          try {
            while (!write(rest)) {
              link.awaitWritable(Deadline.NEVER);
            }
          } catch (IOException | InterruptedException e) {
            // nobody interrupts this thread, and the next who sends meets the same failure
          } finally {
            turn.release();
          }
        });
  }

  private static ByteBuffer copyOfRest(ByteBuffer... parts) {
    var bytes = 0;
    for (var part : parts) {
      bytes += part.remaining();
    }
    var rest = ByteBuffer.allocate(bytes);
    for (var part : parts) {
      rest.put(part);
    }
    return rest.flip();
  }

  /** Closes the link, and tells the peer before, unless a message is being sent. */
  void close() throws IOException {
    var hasTurn = turn.tryAcquire();
    try (link) {
      if (hasTurn) {
        writeEnd();
      }
    } finally {
      if (hasTurn) {
        turn.release();
      }
    }
  }

  private void writeEnd() {
    try {
      link.transport().writeEnd();
    } catch (IOException e) {
      // there is nobody to tell it to
    }
  }
}
