package io.procession.shared;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Says how a {@link Client} connects. */
public final class ClientBuilder extends ConnectionBuilder<ClientBuilder> {

  private static final long PAUSE_NANOS = 5_000_000;

  ClientBuilder(byte[] key) {
    super(key);
  }

  @Override
  ClientBuilder self() {
    return this;
  }

  /** Connects to a listener's Unix socket; see {@link #connect(SocketAddress)}. */
  public Connection connect(Path path) throws IOException, InterruptedException {
    return connect(UnixDomainSocketAddress.of(path));
  }

  /**
   * Connects to a listener. Waits until both ends have proved that they have the key, but no longer
   * than {@link #handshakeTimeout}. After an exception nothing is left open.
   *
   * @param address a {@link UnixDomainSocketAddress} or an {@link InetSocketAddress}
   * @throws io.procession.AuthenticationException if the listener has another key
   * @throws ConnectException if nobody listens there, or it cannot be reached
   * @throws SocketTimeoutException if it took too long
   * @throws java.net.ProtocolException if something else listens there, or another version
   * @throws javax.net.ssl.SSLException if TLS fails
   * @throws IOException if the connection cannot be made, or ends meanwhile
   * @throws InterruptedException if the thread is interrupted
   */
  public Connection connect(SocketAddress address) throws IOException, InterruptedException {
    var settings = settings();
    var deadline = Deadline.in(settings.handshakeTimeout());
    var link =
        switch (address) {
          case UnixDomainSocketAddress unix -> connectUnix(unix, deadline);
          case InetSocketAddress inet -> connectInet(inet, deadline);
          default ->
              throw new IllegalArgumentException(
                  "this is no address of a Unix or TCP socket. address=" + address);
        };
    try {
      return Handshake.connect(link, settings, deadline);
    } catch (Throwable e) {
      link.close();
      throw e;
    }
  }

  private static SocketLink connectInet(InetSocketAddress address, Deadline deadline)
      throws IOException, InterruptedException {
    if (address.isUnresolved()) {
      throw new UnknownHostException("no host has this name. host=" + address.getHostString());
    }
    var link = new SocketLink(SocketChannel.open(), address);
    try {
      var channel = link.channel();
      for (var done = channel.connect(address); !done; done = channel.finishConnect()) {
        link.awaitConnectable(deadline);
      }
      return link;
    } catch (SocketException e) {
      link.close();
      throw nobody(address, e);
    } catch (Throwable e) {
      link.close();
      throw e;
    }
  }

  /** Where too many wait to be let in, a Unix socket fails instead of waiting: it tries again. */
  private static SocketLink connectUnix(UnixDomainSocketAddress address, Deadline deadline)
      throws IOException, InterruptedException {
    while (true) {
      var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.configureBlocking(false);
        channel.connect(address);
        return new SocketLink(channel, address);
      } catch (SocketException e) {
        channel.close();
        if (e instanceof ConnectException || !Files.isWritable(address.getPath())) {
          throw nobody(address, e);
        }
        pause(deadline, address, e);
      } catch (Throwable e) {
        channel.close();
        throw e;
      }
    }
  }

  private static void pause(Deadline deadline, SocketAddress address, SocketException reason)
      throws SocketTimeoutException, InterruptedException {
    if (deadline.nanosLeft() <= 0) {
      var exception = new SocketTimeoutException("the listener let nobody in. address=" + address);
      exception.initCause(reason);
      throw exception;
    }
    LockSupport.parkNanos(PAUSE_NANOS);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private static ConnectException nobody(SocketAddress address, SocketException reason) {
    var exception =
        new ConnectException(
            "nobody can be reached there (%s). address=%s".formatted(reason.getMessage(), address));
    exception.initCause(reason);
    return exception;
  }
}
