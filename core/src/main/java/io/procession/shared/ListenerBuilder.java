package io.procession.shared;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/** Says how a {@link Listener} is to be. */
public final class ListenerBuilder extends ConnectionBuilder<ListenerBuilder> {

  private static final int DEFAULT_BACKLOG = 128;

  private int backlog = DEFAULT_BACKLOG;
  private Consumer<? super IOException> refusals = ListenerBuilder::log;

  ListenerBuilder(byte[] key) {
    super(key);
  }

  private static void log(IOException refusal) {
    System.getLogger(Listener.class.getName())
        .log(Level.WARNING, "somebody was not let in: " + refusal);
  }

  @Override
  ListenerBuilder self() {
    return this;
  }

  int backlog() {
    return backlog;
  }

  Consumer<? super IOException> refusals() {
    return refusals;
  }

  /**
   * How many peers may wait to be accepted, those included that are being asked for their proof;
   * 128 by default. The system keeps about as many more waiting.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public ListenerBuilder backlog(int backlog) {
    if (backlog < 1) {
      throw new IllegalArgumentException(
          "a listener needs room for at least one peer. backlog=" + backlog);
    }
    this.backlog = backlog;
    return this;
  }

  /**
   * Hears of each peer that was dropped: {@link io.procession.AuthenticationException} if it has
   * another key, {@link java.net.ProtocolException} if it speaks something else, {@link
   * java.net.SocketTimeoutException} if it said nothing, {@link javax.net.ssl.SSLException} if TLS
   * failed. By default they are written to the system log {@code io.procession.shared.Listener} as
   * warnings.
   *
   * @param refusals is called by several threads at once; may block
   */
  public ListenerBuilder onRefusal(Consumer<? super IOException> refusals) {
    this.refusals = Objects.requireNonNull(refusals, "refusals");
    return this;
  }

  /** Listens at a Unix socket; see {@link #open(SocketAddress)}. */
  public Listener open(Path path) throws IOException {
    return open(UnixDomainSocketAddress.of(path));
  }

  /**
   * Starts to listen. After an exception nothing is left open.
   *
   * <p>The file of a Unix socket is the owner's alone, and is deleted when the listener is closed.
   * One that a killed process left behind is replaced.
   *
   * @param address a {@link UnixDomainSocketAddress}, or an {@link InetSocketAddress}, whose port
   *     may be 0 for any free one
   * @throws BindException if somebody listens there, or it is no place to listen
   * @throws java.nio.file.FileAlreadyExistsException if something else than a socket has that path
   * @throws IOException if it cannot listen there
   */
  public Listener open(SocketAddress address) throws IOException {
    try {
      return switch (address) {
        case UnixDomainSocketAddress unix -> openUnix(unix);
        case InetSocketAddress inet -> openInet(inet);
        default ->
            throw new IllegalArgumentException(
                "this is no address of a Unix or TCP socket. address=" + address);
      };
    } catch (SocketException e) {
      var exception =
          new BindException(
              "it cannot listen there (%s). address=%s".formatted(e.getMessage(), address));
      exception.initCause(e);
      throw exception;
    }
  }

  private Listener openUnix(UnixDomainSocketAddress address) throws IOException {
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return Listener.start(server, SocketFile.bind(server, address, backlog), this);
    } catch (Throwable e) {
      server.close();
      throw e;
    }
  }

  private Listener openInet(InetSocketAddress address) throws IOException {
    if (address.isUnresolved()) {
      throw new UnknownHostException("no host has this name. host=" + address.getHostString());
    }
    var server = ServerSocketChannel.open();
    try {
      return Listener.start(server.bind(address, backlog), null, this);
    } catch (Throwable e) {
      server.close();
      throw e;
    }
  }
}
