package io.procession.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.AuthenticationException;
import io.procession.shared.Client;
import io.procession.shared.Listener;
import io.procession.testkit.NoLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What TLS adds to the key, and how its failures look. */
@NoLeaks
class TlsTest {

  private static final byte[] KEY = {1, 2, 3};
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static SSLContext context;
  private static SSLContext another;

  private final LinkedBlockingQueue<IOException> refusals = new LinkedBlockingQueue<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    context = Certificate.context();
    another = Certificate.context();
  }

  private IOException refusal() throws Exception {
    var refusal = refusals.poll(1, TimeUnit.MINUTES);
    assertThat(refusal).isNotNull();
    return refusal;
  }

  private Listener listener() throws IOException {
    return Listener.builder(KEY).tls(context).onRefusal(refusals::add).open(LOOPBACK);
  }

  private static void talk(Listener listener) throws Exception {
    try (var there = Client.builder(KEY).tls(context).connect(listener.address());
        var here = listener.accept()) {
      there.send("secret");
      assertThat(here.receive()).isEqualTo("secret");
    }
  }

  @Test
  void theKeyIsAskedForWithTlsToo() throws Exception {
    try (var listener = listener()) {
      assertThatThrownBy(
              () -> Client.builder(new byte[] {9}).tls(context).connect(listener.address()))
          .isInstanceOf(AuthenticationException.class);
      assertThat(refusal()).isInstanceOf(AuthenticationException.class);
      talk(listener);
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused() throws Exception {
    try (var listener = listener()) {
      assertThatThrownBy(() -> Client.builder(KEY).tls(another).connect(listener.address()))
          .isInstanceOf(SSLException.class);
      assertThat(refusal()).isInstanceOf(IOException.class);
      talk(listener);
    }
  }

  @Test
  void parametersAreHeeded() throws Exception {
    var parameters = new SSLParameters();
    parameters.setNeedClientAuth(true);
    try (var listener =
        Listener.builder(KEY).tls(context, parameters).onRefusal(refusals::add).open(LOOPBACK)) {
      talk(listener);
      var stranger = SSLContext.getInstance("TLS");
      stranger.init(null, Relay.TRUSTING, null);
      assertThatThrownBy(() -> Client.builder(KEY).tls(stranger).connect(listener.address()))
          .isInstanceOf(IOException.class);
      assertThat(refusal()).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void oneEndWithTlsAndOneWithout() throws Exception {
    try (var listener = listener()) {
      assertThatThrownBy(() -> Client.connect(listener.address(), KEY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does one end use TLS");
      assertThat(refusal()).isInstanceOf(SSLException.class);
    }
    try (var listener = Listener.builder(KEY).onRefusal(refusals::add).open(LOOPBACK)) {
      assertThatThrownBy(() -> Client.builder(KEY).tls(context).connect(listener.address()))
          .isInstanceOf(IOException.class);
      assertThat(refusal())
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("does one end use TLS");
    }
  }

  /** It has a certificate that the client trusts, and passes on every byte: but has no key. */
  @Test
  void somebodyInBetweenIsFoundOut() throws Exception {
    try (var listener = listener();
        var relay = Relay.to((InetSocketAddress) listener.address(), context)) {
      assertThatThrownBy(() -> Client.builder(KEY).tls(context).connect(relay.address()))
          .isInstanceOf(AuthenticationException.class);
      assertThat(refusal()).isInstanceOf(AuthenticationException.class);
      assertThat(listener.accept(Duration.ZERO)).isEmpty();
    }
  }

  /** Somebody in between, for one connection. */
  private static final class Relay implements AutoCloseable {

    static final TrustManager[] TRUSTING = {
      new X509ExtendedTrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
          return new X509Certificate[0];
        }
      }
    };

    private final SSLServerSocket server;
    private final ArrayList<Thread> threads = new ArrayList<>();

    private Relay(SSLServerSocket server) {
      this.server = server;
    }

    static Relay to(InetSocketAddress target, SSLContext context) throws IOException {
      var socket = context.getServerSocketFactory().createServerSocket(0, 1, LOOPBACK.getAddress());
      var relay = new Relay((SSLServerSocket) socket);
      relay.start(() -> {
        try (var near = relay.server.accept();
            var far =
                context.getSocketFactory().createSocket(target.getAddress(), target.getPort())) {
          var back = Thread.ofPlatform().start(() -> relay.pass(far, near));
          relay.pass(near, far);
          back.join();
        } catch (IOException | InterruptedException e) {
          // the end of it
        }
      });
      return relay;
    }

    private void start(Runnable task) {
      threads.add(Thread.ofPlatform().start(task));
    }

    private void pass(Socket from, Socket to) {
      try (from;
          to) {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException e) {
        // the end of it
      }
    }

    InetSocketAddress address() {
      return (InetSocketAddress) server.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
      server.close();
      try {
        for (var thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
