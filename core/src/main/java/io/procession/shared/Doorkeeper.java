package io.procession.shared;

import java.io.IOException;
import java.net.SocketAddress;
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
final class Doorkeeper implements AutoCloseable {

  /** After a failure of the system to accept, such as too few descriptors. */
  private static final long PAUSE_NANOS = 50_000_000;

  private final ServerSocketChannel server;
  private final SocketAddress address;
  private final @Nullable SocketFile file;
  private final ConnectionSettings settings;
  private final Consumer<? super IOException> refusals;
  private final Predicate<SocketConnection> admission;

  /** One for each peer that is asked, or waits to be accepted. Those without one wait outside. */
  private final Semaphore places;

  private final Set<SocketLink> asked = new HashSet<>();
  private volatile boolean closed;

  /**
   * @param file the file of a Unix socket, to be deleted in the end
   * @param admission takes those who have proved that they have the key; false if it does not
   */
  Doorkeeper(
      ServerSocketChannel server,
      SocketAddress address,
      @Nullable SocketFile file,
      ListenerBuilder builder,
      Predicate<SocketConnection> admission) {
    this.server = server;
    this.address = address;
    this.file = file;
    this.settings = builder.settings();
    this.refusals = builder.refusals();
    this.places = new Semaphore(builder.backlog());
    this.admission = admission;
  }

  void start() {
    Thread.ofVirtual().name("procession-listener").start(this::listen);
  }

  /** A peer was accepted, or is gone. */
  void freePlace() {
    places.release();
  }

  private void listen() {
    while (!closed) {
      places.acquireUninterruptibly();
      try {
        ask(server.accept());
      } catch (IOException e) {
        freePlace();
        if (!closed) {
          tell(new IOException("no connection can be accepted. address=" + address, e));
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private void ask(SocketChannel channel) throws IOException {
    var peer = channel.getRemoteAddress();
    // Who connects over a Unix socket has no address.
    var link = new SocketLink(channel, String.valueOf(peer).isEmpty() ? address : peer);
    synchronized (asked) {
      asked.add(link);
    }
    Thread.ofVirtual().name("procession-handshake").start(() -> ask(link));
    if (closed) {
      link.close();
    }
  }

  private void ask(SocketLink link) {
    var isAdmitted = false;
    try {
      var deadline = Deadline.in(settings.handshakeTimeout());
      isAdmitted = admission.test(Handshake.accept(link, settings, deadline));
    } catch (IOException e) {
      refuse(e);
    } catch (InterruptedException | RuntimeException e) {
      refuse(new IOException("the proof of a peer could not be asked for. address=" + address, e));
    } finally {
      settle(link, isAdmitted);
    }
  }

  private void settle(SocketLink link, boolean isAdmitted) {
    synchronized (asked) {
      asked.remove(link);
    }
    if (!isAdmitted) {
      freePlace();
      closeLink(link);
    }
  }

  private void refuse(IOException reason) {
    if (!closed) {
      tell(reason);
    }
  }

  private void tell(IOException reason) {
    refusals.accept(reason);
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
    closed = true;
    try (server;
        file) {
      List<SocketLink> dropped;
      synchronized (asked) {
        dropped = List.copyOf(asked);
      }
      dropped.forEach(this::closeLink);
    } finally {
      freePlace();
    }
  }
}
