package io.procession.async;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CancellationException;

/**
 * Accepts connections; other tasks of its loop run while it waits. At most one task may accept at a
 * time. Closing wakes it, and it throws {@link ClosedChannelException}.
 *
 * {@snippet :
 * try (var server = LoopServerSocket.bind(address)) {
 *   while (true) {
 *     var socket = server.accept();
 *     loop.createTask(() -> serve(socket));
 *   }
 * }
 * }
 */
public final class LoopServerSocket implements Closeable {

  private final Scheduler scheduler;
  private final ServerSocketChannel channel;

  private LoopServerSocket(Scheduler scheduler, ServerSocketChannel channel) {
    this.scheduler = scheduler;
    this.channel = channel;
  }

  /**
   * Listens at {@code address}, for the loop that runs the caller. Port 0 stands for any that is
   * free.
   *
   * @throws IOException if it cannot; nothing is left open
   * @throws IllegalStateException outside a loop
   */
  public static LoopServerSocket bind(SocketAddress address) throws IOException {
    var scheduler = EventLoop.current().scheduler;
    var channel =
        address instanceof UnixDomainSocketAddress
            ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            : ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.bind(address, 1024);
      return new LoopServerSocket(scheduler, channel);
    } catch (Throwable failure) {
      channel.close();
      throw failure;
    }
  }

  /**
   * Waits for a connection.
   *
   * @throws IOException if there can be none, or the socket is closed
   * @throws CancellationException if the task is cancelled
   */
  public LoopSocket accept() throws IOException {
    var task = scheduler.requireTask("LoopServerSocket.accept");
    while (true) {
      var accepted = channel.accept();
      if (accepted != null) {
        return new LoopSocket(scheduler, accepted);
      }
      scheduler.sockets().await(channel, SelectionKey.OP_ACCEPT, task);
    }
  }

  /** Where it listens. */
  public SocketAddress address() throws IOException {
    return channel.getLocalAddress();
  }

  /** Closes it, not what it accepted; closing twice does nothing. Does not wait. */
  @Override
  public void close() throws IOException {
    scheduler.requireLoop("LoopServerSocket.close");
    scheduler.sockets().closing(channel);
    channel.close();
  }
}
