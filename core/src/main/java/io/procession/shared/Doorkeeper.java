package io.procession.shared;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks those who knock at a listener for their proof, all at the same time. */
final class Doorkeeper implements SocketWatch.Hearer, AutoCloseable {

  /** After a failure of the system to accept, such as too few descriptors. */
  private static final long PAUSE_NANOS = 50_000_000;

  private final ServerSocketChannel server;
  private final SelectionKey key;
  private final SocketAddress address;
  private final @Nullable SocketFile file;
  private final ConnectionSettings settings;
  private final Consumer<? super IOException> refusals;
  private final Predicate<SocketConnection> admission;

  /** One for each peer that is asked, or waits to be accepted. Those without one wait outside. */
  private final Semaphore places;

  private final Set<SocketLink> asked = new HashSet<>();
  private final Thread listening =
      Thread.ofVirtual().name("procession-listener").unstarted(this::listen);
  private volatile boolean closed;

  /** There may be somebody to be let in. */
  private volatile boolean called;

  /**
   * @param file the file of a Unix socket, to be deleted in the end
   * @param admission takes those who have proved that they have the key; false if it does not
   */
  Doorkeeper(
      ServerSocketChannel server,
      SocketAddress address,
      @Nullable SocketFile file,
      ListenerBuilder builder,
      Predicate<SocketConnection> admission)
      throws IOException {
    this.server = server;
    this.address = address;
    this.file = file;
    this.settings = builder.settings();
    this.refusals = builder.refusals();
    this.places = new Semaphore(builder.backlog());
    this.admission = admission;
    server.configureBlocking(false);
    this.key = SocketWatch.add(server, this);
  }

  void start() {
    listening.start();
  }

  @Override
  public void ready(int operations) {
    called = true;
    LockSupport.unpark(listening);
  }

  @Override
  public void failed(Throwable failure) {
    refuse(
        new IOException(
            "the thread that waits for sockets has failed. address=" + address, failure));
  }

  /** A peer was accepted, or is gone. */
  void freePlace() {
    places.release();
  }

  private void listen() {
    while (!closed) {
      places.acquireUninterruptibly();
      try {
        ask(next());
      } catch (IOException e) {
        freePlace();
        if (!closed) {
          tell(new IOException("no connection can be accepted. address=" + address, e));
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private SocketChannel next() throws IOException {
    while (true) {
      called = false;
      var channel = server.accept();
      if (channel != null) {
        return channel;
      }
      SocketWatch.arm(key, SelectionKey.OP_ACCEPT);
      while (!called && !closed) {
        LockSupport.park(this);
      }
    }
  }

  private void ask(SocketChannel channel) throws IOException {
    var peer = channel.getRemoteAddress();
    // Who connects over a Unix socket has no address.
    var link = new SocketLink(channel, String.valueOf(peer).isEmpty() ? address : peer);
    synchronized (asked) {
      if (closed) {
        link.close();
        return;
      }
      asked.add(link);
    }
    Thread.ofVirtual().name("procession-handshake").start(() -> ask(link));
  }

  private void ask(SocketLink link) {
    var isAdmitted = false;
    try {
      var deadline = Deadline.in(settings.handshakeTimeout());
      var connection = Handshake.accept(link, settings, deadline);
      // From here on it is for who accepts it to close it.
      forget(link);
      isAdmitted = admission.test(connection);
    } catch (IOException e) {
      refuse(e);
    } catch (InterruptedException | RuntimeException e) {
      refuse(new IOException("the proof of a peer could not be asked for. address=" + address, e));
    } finally {
      if (!isAdmitted) {
        forget(link);
        freePlace();
        closeLink(link);
      }
    }
  }

  private void forget(SocketLink link) {
    synchronized (asked) {
      asked.remove(link);
    }
  }

  private void refuse(IOException reason) {
    if (!closed) {
      tell(reason);
    }
  }

  private void tell(IOException reason) {
    try {
      refusals.accept(reason);
    } catch (RuntimeException e) {
      // Whoever hears of refusals must not end the listener.
      var thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  private void closeLink(SocketLink link) {
    try {
      link.close();
    } catch (IOException e) {
      refuse(e);
    }
  }

  /** Drops all who were not admitted. */
  @Override
  public void close() throws IOException {
    try (server;
        file) {
      List<SocketLink> dropped;
      synchronized (asked) {
        closed = true;
        dropped = List.copyOf(asked);
      }
      dropped.forEach(this::closeLink);
    } finally {
      SocketWatch.release(key);
      freePlace();
      LockSupport.unpark(listening);
    }
  }
}
