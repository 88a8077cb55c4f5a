package io.procession.shared;

import io.procession.spi.Codec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * What a builder was told.
 *
 * @param tls null: the bytes travel as they are
 * @param handshakeTimeout how long a peer has to prove that it has the key
 * @param maxMessageBytes how many bytes a message to this end may have
 */
record ConnectionSettings(
    SharedKey key,
    @Nullable SSLContext tls,
    @Nullable SSLParameters tlsParameters,
    Duration handshakeTimeout,
    int maxMessageBytes,
    Codec codec) {

  /**
   * Puts TLS between the link and what is said over it, if that is wanted.
   *
   * @return what binds the proof of the key to the TLS session; empty without TLS
   */
  byte[] secure(SocketLink link, boolean isClient, Deadline deadline)
      throws IOException, InterruptedException {
    if (tls == null) {
      return new byte[0];
    }
    // With its name the peer can be checked, if the parameters ask for it.
    var engine =
        isClient && link.address() instanceof InetSocketAddress inet
            ? tls.createSSLEngine(inet.getHostString(), inet.getPort())
            : tls.createSSLEngine();
    if (tlsParameters != null) {
      engine.setSSLParameters(tlsParameters);
    }
    engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    engine.setUseClientMode(isClient);
    var transport = new TlsTransport(link.channel(), engine);
    link.use(transport);
    return transport.handshake(link, deadline);
  }
}
