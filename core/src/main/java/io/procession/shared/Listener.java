package io.procession.shared;

import io.procession.spi.Waitable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits for connections from other processes, of this machine over a Unix socket, or of any over
 * TCP. Both ends must have the same key, and prove it to each other, before anything that they send
 * is decoded.
 *
 * {@snippet :
 * try (var listener = Listener.open(Path.of("/run/jobs.socket"), key)) {
 *   while (true) {
 *     var connection = listener.accept();
 *     Thread.startVirtualThread(() -> serve(connection));
 *   }
 * }
 * }
 *
 * <p>The key keeps strangers out. Without {@linkplain ConnectionBuilder#tls TLS} it does not keep
 * anybody on the way from reading or changing what is sent: over networks that others use, use
 * both. Whoever has the key can run code in this process; see {@link ConnectionBuilder#codec}.
 *
 * <p>Each peer that connects is asked for its proof in a thread of its own, so that nobody waits
 * for one that says nothing. A peer that fails is told why, as far as it can be, and dropped; the
 * listener goes on.
 *
 * <p>A listener is {@linkplain Waitable ready} if {@link #accept()} would not wait. Any number of
 * threads may use it.
 */
public final class Listener implements Waitable, AutoCloseable {

  private final SocketAddress address;
  private final Doorkeeper doorkeeper;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<SocketConnection> waiting = new ArrayDeque<>();
  private final List<Runnable> wakes = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private Listener(ServerSocketChannel server, @Nullable SocketFile file, ListenerBuilder builder)
      throws IOException {
    this.address = server.getLocalAddress();
    this.doorkeeper = new Doorkeeper(server, address, file, builder, this::admit);
  }

  static Listener start(
      ServerSocketChannel server, @Nullable SocketFile file, ListenerBuilder builder)
      throws IOException {
    var listener = new Listener(server, file, builder);
    listener.doorkeeper.start();
    return listener;
  }

  /** A listener whose settings are yet to be said. */
  public static ListenerBuilder builder(byte[] key) {
    return new ListenerBuilder(key);
  }

  /**
   * Listens at a Unix socket; see {@link ListenerBuilder#open(Path)}.
   *
   * @throws IllegalArgumentException if the key is empty
   */
  public static Listener open(Path path, byte[] key) throws IOException {
    return builder(key).open(path);
  }

  /**
   * Listens at a Unix or TCP socket; see {@link ListenerBuilder#open(SocketAddress)}.
   *
   * @throws IllegalArgumentException if the key is empty
   */
  public static Listener open(SocketAddress address, byte[] key) throws IOException {
    return builder(key).open(address);
  }

  /** Where it listens, with the port that it has. */
  public SocketAddress address() {
    return address;
  }

  /**
   * Waits for a peer that has the key.
   *
   * @throws java.nio.channels.ClosedChannelException if the listener is closed, also meanwhile
   * @throws InterruptedException if the thread is interrupted; nothing was accepted
   */
  public Connection accept() throws IOException, InterruptedException {
    return accept(Deadline.NEVER).orElseThrow();
  }

  /**
   * Waits for a peer that has the key, but no longer than {@code timeout}.
   *
   * @return empty if none came in time
   * @throws java.nio.channels.ClosedChannelException if the listener is closed, also meanwhile
   * @throws InterruptedException if the thread is interrupted; nothing was accepted
   */
  public Optional<Connection> accept(Duration timeout) throws IOException, InterruptedException {
    return accept(Deadline.in(timeout));
  }

  private Optional<Connection> accept(Deadline deadline) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (closed) {
          throw new ClosedHereException("this listener is closed. address=" + address);
        }
        var connection = waiting.poll();
        if (connection != null) {
          doorkeeper.freePlace();
          return Optional.of(connection);
        }
        var left = deadline.nanosLeft();
        if (left <= 0) {
          return Optional.empty();
        }
        var _ = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A peer has proved that it has the key; false if it is too late for that. */
  private boolean admit(SocketConnection connection) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      waiting.add(connection);
      changed.signal();
    } finally {
      lock.unlock();
    }
    wakes.forEach(Runnable::run);
    return true;
  }

  @Override
  public boolean isReady() {
    lock.lock();
    try {
      return closed || !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Registration onReady(Runnable wake) {
    wakes.add(wake);
    return () -> wakes.remove(wake);
  }

  /** Whether it was closed. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Ends listening, wakes all who wait, and deletes the file of a Unix socket. Peers that were not
   * accepted yet are dropped; connections that were go on. Does not wait. Closing twice does
   * nothing.
   *
   * @throws IOException if the system reports a failure, say because the file cannot be deleted; it
   *     is closed all the same
   */
  @Override
  public void close() throws IOException {
    List<SocketConnection> dropped;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      dropped = List.copyOf(waiting);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    wakes.forEach(Runnable::run);
    try {
      for (var connection : dropped) {
        connection.close();
      }
    } finally {
      doorkeeper.close();
    }
  }

  @Override
  public String toString() {
    return "Listener[address=%s, closed=%b]".formatted(address, closed);
  }
}
