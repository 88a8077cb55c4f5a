package io.procession.shared;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A socket for which threads can wait, be interrupted and time out without harm to it. One thread
 * at a time waits to read, and one to write.
 */
final class SocketLink implements AutoCloseable {

  private final SocketChannel channel;
  private final SocketAddress address;
  private final SelectionKey key;
  private final Gate reading = new Gate();
  private final Gate writing = new Gate();
  private final List<Runnable> wakes = new CopyOnWriteArrayList<>();
  private volatile Transport transport;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable Throwable failure;

  /**
   * @param channel belongs to the link from now on
   * @param address the other end, for messages
   */
  SocketLink(SocketChannel channel, SocketAddress address) throws IOException {
    this.channel = channel;
    this.address = address;
    this.transport = new Transport.Plain(channel);
    try {
      channel.configureBlocking(false);
      if (address instanceof InetSocketAddress) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      }
      this.key = SocketWatch.add(channel, new Hearer());
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /** A thread waits here for one direction. */
  private static final class Gate {
    private volatile boolean open;
    private volatile @Nullable Thread waiter;

    void open() {
      open = true;
      LockSupport.unpark(waiter);
    }
  }

  private final class Hearer implements SocketWatch.Hearer {

    @Override
    public void ready(int operations) {
      if ((operations & ~SelectionKey.OP_READ) != 0) {
        writing.open();
      }
      if ((operations & SelectionKey.OP_READ) != 0) {
        reading.open();
        wake();
      }
    }

    @Override
    public void failed(Throwable reason) {
      failure = reason;
      reading.open();
      writing.open();
      wake();
    }
  }

  SocketChannel channel() {
    return channel;
  }

  SocketAddress address() {
    return address;
  }

  Transport transport() {
    return transport;
  }

  void use(TlsTransport tls) {
    transport = tls;
  }

  boolean isClosed() {
    return closed.get();
  }

  /**
   * Waits until there may be something to read.
   *
   * @throws SocketTimeoutException if there is not in time
   * @throws ClosedHereException if the link was closed meanwhile
   */
  void awaitReadable(Deadline deadline) throws IOException, InterruptedException {
    awaitOrFail(reading, SelectionKey.OP_READ, deadline);
  }

  /** The same for writing. */
  void awaitWritable(Deadline deadline) throws IOException, InterruptedException {
    awaitOrFail(writing, SelectionKey.OP_WRITE, deadline);
  }

  /** The same for being connected. */
  void awaitConnectable(Deadline deadline) throws IOException, InterruptedException {
    awaitOrFail(writing, SelectionKey.OP_CONNECT, deadline);
  }

  private void awaitOrFail(Gate gate, int operation, Deadline deadline)
      throws IOException, InterruptedException {
    if (!await(gate, operation, deadline)) {
      throw new SocketTimeoutException("the peer did not answer in time. address=" + address);
    }
    checkOpen();
  }

  /**
   * Waits until there may be something to read, or the link is closed.
   *
   * @return false if the time was over
   */
  boolean tryAwaitReadable(Deadline deadline) throws IOException, InterruptedException {
    return await(reading, SelectionKey.OP_READ, deadline);
  }

  private boolean await(Gate gate, int operation, Deadline deadline)
      throws IOException, InterruptedException {
    gate.open = false;
    gate.waiter = Thread.currentThread();
    try {
      SocketWatch.arm(key, operation);
      while (!gate.open && !closed.get() && failure == null) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        var left = deadline.nanosLeft();
        if (left <= 0) {
          return false;
        }
        LockSupport.parkNanos(this, left);
      }
    } finally {
      gate.waiter = null;
    }
    checkWatched();
    return true;
  }

  /** Fails if the link was closed, or nobody waits for its socket any more. */
  void checkOpen() throws IOException {
    if (closed.get()) {
      throw new ClosedHereException("this connection is closed. address=" + address);
    }
    checkWatched();
  }

  private void checkWatched() throws IOException {
    var reason = failure;
    if (reason != null) {
      throw new IOException(
          "the thread that waits for sockets has failed. address=" + address, reason);
    }
  }

  /** Fills {@code target}; {@link EOFException} if the peer ends before. */
  void readFully(ByteBuffer target, Deadline deadline) throws IOException, InterruptedException {
    while (target.hasRemaining()) {
      var count = transport.read(target);
      if (count < 0) {
        throw new EOFException(
            "the peer closed the connection before both had proved their key; does one end use TLS"
                + " and the other not? address="
                + address);
      }
      if (count == 0) {
        awaitReadable(deadline);
      }
    }
  }

  void writeFully(ByteBuffer source, Deadline deadline) throws IOException, InterruptedException {
    while (source.hasRemaining()) {
      if (transport.write(source) == 0) {
        awaitWritable(deadline);
      }
    }
    flush(deadline);
  }

  void flush(Deadline deadline) throws IOException, InterruptedException {
    while (!transport.flush()) {
      awaitWritable(deadline);
    }
  }

  /** {@code wake} is called each time something may have come, once {@link #watch} asked for it. */
  void addWake(Runnable wake) {
    wakes.add(wake);
  }

  void removeWake(Runnable wake) {
    wakes.remove(wake);
  }

  boolean hasWakes() {
    return !wakes.isEmpty();
  }

  void wake() {
    wakes.forEach(Runnable::run);
  }

  /** Calls the wakes when something comes. */
  void watch() {
    SocketWatch.arm(key, SelectionKey.OP_READ);
  }

  /** Closes the socket and wakes all who wait for it; closing twice does nothing. */
  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      channel.close();
    } finally {
      SocketWatch.release(key);
      reading.open();
      writing.open();
      wake();
    }
  }
}
