package io.procession.shared;

import io.procession.internal.codec.StandardCodec;
import io.procession.spi.Codec;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a connection at either of its ends. Every setting returns this builder.
 *
 * @param <B> the kind of builder
 */
public abstract sealed class ConnectionBuilder<B extends ConnectionBuilder<B>>
    permits ListenerBuilder, ClientBuilder {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final int DEFAULT_MAX_MESSAGE_BYTES = 1 << 30;

  /** Arrays cannot have quite as many bytes as an int can count. */
  private static final int MOST_MESSAGE_BYTES = Integer.MAX_VALUE - 64;

  private final SharedKey key;
  private @Nullable SSLContext tls;
  private @Nullable SSLParameters tlsParameters;
  private Duration handshakeTimeout = DEFAULT_TIMEOUT;
  private int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
  private Codec codec = new StandardCodec();

  ConnectionBuilder(byte[] key) {
    this.key = new SharedKey(key);
  }

  abstract B self();

  ConnectionSettings settings() {
    return new ConnectionSettings(
        key, tls, tlsParameters, handshakeTimeout, maxMessageBytes, codec);
  }

  /**
   * Encrypts the connection with TLS 1.3; by default it is not encrypted. The other end must do so,
   * too. The proof of the key is bound to the TLS session: somebody between the two ends who has
   * not got the key is found out whatever certificates {@code tls} trusts.
   */
  public B tls(SSLContext tls) {
    this.tls = Objects.requireNonNull(tls, "tls");
    return self();
  }

  /**
   * Encrypts the connection with TLS 1.3, with {@code parameters} for cipher suites, client
   * certificates, or the check of host names. Their protocols are not regarded.
   */
  public B tls(SSLContext tls, SSLParameters parameters) {
    this.tlsParameters = Objects.requireNonNull(parameters, "parameters");
    return tls(tls);
  }

  /**
   * How long the other end has to prove that it has the key, TLS included; 10 seconds by default.
   * For the end that connects this is the time for connecting as well.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public B handshakeTimeout(Duration timeout) {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException(
          "a time-out must be positive. handshakeTimeout=" + timeout);
    }
    this.handshakeTimeout = timeout;
    return self();
  }

  /**
   * How many bytes a message to this end may have; 1 GiB by default. The other end learns it while
   * the connection is made, and refuses to send more.
   *
   * @throws IllegalArgumentException if it is not positive, or more than an array can have
   */
  public B maxMessageBytes(int bytes) {
    if (bytes < 1 || bytes > MOST_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "this is no size that a message can have; give 1 to %d. maxMessageBytes=%d"
              .formatted(MOST_MESSAGE_BYTES, bytes));
    }
    this.maxMessageBytes = bytes;
    return self();
  }

  /**
   * How objects become bytes; the other end must have the same. The default takes what tasks may
   * carry, and so lets whoever has the key run code here: a lambda is an object, too. Where that is
   * too much, give a codec that reads less, or send bytes only.
   */
  public B codec(Codec codec) {
    this.codec = Objects.requireNonNull(codec, "codec");
    return self();
  }
}
