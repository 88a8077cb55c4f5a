package io.procession.shared;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Bytes to and from the peer, as many as go without waiting. One thread at a time reads, and one
 * writes.
 */
sealed interface Transport permits Transport.Plain, TlsTransport {

  /** Reads what is there: 0 if that is nothing now, -1 if nothing will come any more. */
  int read(ByteBuffer target) throws IOException;

  /** Takes some bytes; gives how many. */
  int write(ByteBuffer source) throws IOException;

  /** Whether all that was taken has been handed to the operating system. */
  boolean flush() throws IOException;

  /** Tells the peer that no more will be written, if that goes without waiting. */
  void writeEnd() throws IOException;

  /** As the channel has them. */
  record Plain(SocketChannel channel) implements Transport {

    /** The JDK copies what it writes into memory of this size. */
    private static final int MOST_AT_ONCE = 1 << 17;

    @Override
    public int read(ByteBuffer target) throws IOException {
      var limit = target.limit();
      target.limit(target.position() + Math.min(target.remaining(), MOST_AT_ONCE));
      try {
        return channel.read(target);
      } finally {
        target.limit(limit);
      }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      var limit = source.limit();
      source.limit(source.position() + Math.min(source.remaining(), MOST_AT_ONCE));
      try {
        return channel.write(source);
      } finally {
        source.limit(limit);
      }
    }

    @Override
    public boolean flush() {
      return true;
    }

    @Override
    public void writeEnd() {
      // closing the channel says it
    }
  }
}
