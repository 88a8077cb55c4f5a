package io.procession.async;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CancellationException;

/**
 * A connection over a socket, whose reads and writes let other tasks of its loop run while they
 * wait. At most one task may read at a time, and one write. Closing it wakes both, which then throw
 * {@link ClosedChannelException}. A task that is cancelled while it waits leaves the connection as
 * it is.
 */
public final class LoopSocket implements Closeable {

  private final Scheduler scheduler;
  private final SocketChannel channel;

  LoopSocket(Scheduler scheduler, SocketChannel channel) throws IOException {
    this.scheduler = scheduler;
    this.channel = channel;
    channel.configureBlocking(false);
  }

  /**
   * Connects to {@code address}, for the loop that runs the caller. Looking a host name up, which
   * making the address does, is not part of it; that belongs in {@link EventLoop#toThread}.
   *
   * @throws IOException if it cannot; nothing is left open
   * @throws CancellationException if the task is cancelled; nothing is left open
   */
  public static LoopSocket connect(SocketAddress address) throws IOException {
    var scheduler = EventLoop.current().scheduler;
    var task = scheduler.requireTask("LoopSocket.connect");
    var channel = open(address);
    try {
      var socket = new LoopSocket(scheduler, channel);
      if (!channel.connect(address)) {
        while (!channel.finishConnect()) {
          scheduler.sockets().await(channel, SelectionKey.OP_CONNECT, task);
        }
      }
      return socket;
    } catch (Throwable failure) {
      scheduler.sockets().closing(channel);
      channel.close();
      throw failure;
    }
  }

  private static SocketChannel open(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }

  /**
   * Reads what there is, up to the room in {@code buffer}; waits until there is something.
   *
   * @return how many bytes; -1 if the peer will send no more
   * @throws IOException if the connection broke, or is closed
   * @throws CancellationException if the task is cancelled; nothing was read then
   */
  public int read(ByteBuffer buffer) throws IOException {
    var task = scheduler.requireTask("LoopSocket.read");
    while (true) {
      var count = channel.read(buffer);
      if (count != 0 || !buffer.hasRemaining()) {
        return count;
      }
      scheduler.sockets().await(channel, SelectionKey.OP_READ, task);
    }
  }

  /**
   * Fills {@code buffer}; waits until it is full.
   *
   * @throws EOFException if the peer sent less
   * @throws IOException if the connection broke, or is closed
   * @throws CancellationException if the task is cancelled; the buffer has what was read until then
   */
  public void readFully(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (read(buffer) < 0) {
        throw new EOFException(
            "the peer sent less than was asked for. missing=" + buffer.remaining());
      }
    }
  }

  /**
   * Writes all that remains in {@code buffer}; waits while the peer does not read.
   *
   * @throws IOException if the connection broke, or is closed
   * @throws CancellationException if the task is cancelled; some of it may have been written then,
   *     as the buffer's position tells
   */
  public void write(ByteBuffer buffer) throws IOException {
    var task = scheduler.requireTask("LoopSocket.write");
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        scheduler.sockets().await(channel, SelectionKey.OP_WRITE, task);
      }
    }
  }

  /** Tells the peer that no more will be sent. */
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** The channel, for its addresses and options. It must stay non-blocking. */
  public SocketChannel channel() {
    return channel;
  }

  /** Closes the connection; closing twice does nothing. Does not wait. */
  @Override
  public void close() throws IOException {
    scheduler.requireLoop("LoopSocket.close");
    scheduler.sockets().closing(channel);
    channel.close();
  }
}
