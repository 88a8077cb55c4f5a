package io.procession.testkit.net;

import io.procession.shared.Client;
import io.procession.shared.ClientBuilder;
import io.procession.shared.Listener;
import io.procession.shared.ListenerBuilder;
import io.procession.testkit.contract.ConnectionContract.Ends;
import io.procession.testkit.contract.ConnectionEndContract;
import io.procession.testkit.contract.ConnectionMessageContract;
import io.procession.testkit.contract.ConnectionWaitContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

/** Connections over sockets keep the contract of connections, with TLS and without. */
class SocketConnectionTest {

  private static final byte[] KEY = {1, 2, 3};
  private static final SocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static Ends unix(ListenerBuilder listens, ClientBuilder connects) throws Exception {
    var directory = Files.createTempDirectory("connection");
    try {
      return ends(UnixDomainSocketAddress.of(directory.resolve("s")), listens, connects);
    } finally {
      Files.delete(directory);
    }
  }

  private static Ends ends(SocketAddress address, ListenerBuilder listens, ClientBuilder connects)
      throws Exception {
    try (var listener = listens.open(address)) {
      var connecting = connects.connect(listener.address());
      return new Ends(connecting, listener.accept());
    }
  }

  private static Ends unix() throws Exception {
    return unix(Listener.builder(KEY), Client.builder(KEY));
  }

  private static Ends tcp() throws Exception {
    return ends(LOOPBACK, Listener.builder(KEY), Client.builder(KEY));
  }

  private static Ends tls(SSLContext context) throws Exception {
    return ends(LOOPBACK, Listener.builder(KEY).tls(context), Client.builder(KEY).tls(context));
  }

  private static Ends tlsOverUnix(SSLContext context) throws Exception {
    return unix(Listener.builder(KEY).tls(context), Client.builder(KEY).tls(context));
  }

  @Nested
  class MessagesOverUnix extends ConnectionMessageContract {
    @Override
    protected Ends connect() throws Exception {
      return unix();
    }
  }

  @Nested
  class MessagesOverTcp extends ConnectionMessageContract {
    @Override
    protected Ends connect() throws Exception {
      return tcp();
    }
  }

  @Nested
  class EndOverUnix extends ConnectionEndContract {
    @Override
    protected Ends connect() throws Exception {
      return unix();
    }
  }

  @Nested
  class EndOverTcp extends ConnectionEndContract {
    @Override
    protected Ends connect() throws Exception {
      return tcp();
    }
  }

  @Nested
  class WaitOverUnix extends ConnectionWaitContract {
    @Override
    protected Ends connect() throws Exception {
      return unix();
    }
  }

  @Nested
  class WaitOverTcp extends ConnectionWaitContract {
    @Override
    protected Ends connect() throws Exception {
      return tcp();
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class MessagesOverTls extends ConnectionMessageContract {
    private SSLContext context;

    @BeforeAll
    void makeCertificate() throws Exception {
      context = Certificate.context();
    }

    @Override
    protected Ends connect() throws Exception {
      return tls(context);
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class EndOverTls extends ConnectionEndContract {
    private SSLContext context;

    @BeforeAll
    void makeCertificate() throws Exception {
      context = Certificate.context();
    }

    @Override
    protected Ends connect() throws Exception {
      return tls(context);
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class WaitOverTls extends ConnectionWaitContract {
    private SSLContext context;

    @BeforeAll
    void makeCertificate() throws Exception {
      context = Certificate.context();
    }

    @Override
    protected Ends connect() throws Exception {
      return tls(context);
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class MessagesOverTlsOverUnix extends ConnectionMessageContract {
    private SSLContext context;

    @BeforeAll
    void makeCertificate() throws Exception {
      context = Certificate.context();
    }

    @Override
    protected Ends connect() throws Exception {
      return tlsOverUnix(context);
    }
  }
}
