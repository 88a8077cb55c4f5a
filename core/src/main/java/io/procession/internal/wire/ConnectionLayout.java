package io.procession.internal.wire;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * What the two ends of a connection over a socket say to each other. Numbers are big-endian.
 *
 * <pre>
 *   connecting end                                   listening end
 *     │ ── greeting ──►                  ◄── greeting ── │      both at once
 *     │ ── proof, 32 bytes ──►                           │
 *     │                            ◄── verdict, 1 byte ──│      0 ends the connection
 *     │                          ◄── proof, 32 bytes ────│
 *     │ ◄── messages ──►                                 │
 *
 *   greeting
 *     0 │ magic, 8 bytes
 *     8 │ version, int
 *    12 │ role, byte: 1 the connecting end, 2 the listening end
 *    13 │ nonce, 32 random bytes
 *    45 │ how many bytes a message to this end may have, int
 *    49
 *
 *   proof = HMAC-SHA-256, with the SHA-256 of the shared key as its key, of:
 *     0 │ magic, 8 bytes
 *     8 │ role of the end that gives the proof, byte
 *     9 │ greeting of the connecting end
 *    58 │ greeting of the listening end
 *   107 │ channel binding, 32 bytes with TLS (tls-exporter of RFC 9266), else none
 *
 *   message
 *     0 │ number of bytes, int
 *     4 │ bytes: what the codec made of an object, or as they were given
 * </pre>
 *
 * <p>The role in the proof keeps the one end's from passing as the other's; both nonces keep an old
 * one from passing as new; the binding keeps one that was made for another TLS session from passing
 * in this. The listening end proves nothing to somebody who has not proved that it has the key.
 *
 * <p>Magic and version stay where they are in all versions.
 */
public final class ConnectionLayout {

  /** Raised with each change of what is drawn above. */
  public static final int VERSION = 1;

  public static final byte CONNECTING = 1;
  public static final byte LISTENING = 2;

  public static final byte REFUSED = 0;
  public static final byte ACCEPTED = 1;

  /** "process" and a byte that no text has. */
  public static final long MAGIC = 0x70726F63657373FFL;

  public static final int VERSION_AT = 8;
  public static final int ROLE_AT = 12;
  public static final int NONCE_AT = 13;
  public static final int NONCE_BYTES = 32;
  public static final int MAX_MESSAGE_AT = 45;
  public static final int GREETING_BYTES = 49;

  /** So much of a greeting tells whether the rest can be understood. */
  public static final int PREFIX_BYTES = 12;

  public static final int PROOF_BYTES = 32;
  public static final int BINDING_BYTES = 32;
  public static final int HEADER_BYTES = 4;

  /** The label of the channel binding; RFC 9266, section 4.1. */
  public static final String BINDING_LABEL = "EXPORTER-Channel-Binding";

  /** A greeting. */
  public static byte[] greeting(byte role, byte[] nonce, int maxMessageBytes) {
    return ByteBuffer.allocate(GREETING_BYTES)
        .putLong(MAGIC)
        .putInt(VERSION)
        .put(role)
        .put(nonce, 0, NONCE_BYTES)
        .putInt(maxMessageBytes)
        .array();
  }

  /**
   * Looks at the first {@link #PREFIX_BYTES} of what should be a greeting.
   *
   * @throws ProtocolException if the peer speaks something else, or another version
   */
  public static void checkPrefix(byte[] greeting) throws ProtocolException {
    var content = ByteBuffer.wrap(greeting);
    var magic = content.getLong(0);
    if (magic != MAGIC) {
      throw new ProtocolException(
          "the peer does not speak the protocol of these connections; does one end use TLS and the"
              + " other not? firstBytes=0x%016x".formatted(magic));
    }
    var version = content.getInt(VERSION_AT);
    if (version != VERSION) {
      throw new ProtocolException(
          "the peer speaks another version of the protocol; use the same version of the library at"
              + " both ends. peer=%d here=%d".formatted(version, VERSION));
    }
  }

  /**
   * Looks at the rest of a greeting.
   *
   * @param peer the role that the peer must have
   * @return how many bytes a message to the peer may have
   * @throws ProtocolException if the peer has another role, or allows nothing
   */
  public static int checkRest(byte[] greeting, byte peer) throws ProtocolException {
    var content = ByteBuffer.wrap(greeting);
    var role = content.get(ROLE_AT);
    if (role != peer) {
      throw new ProtocolException(
          "the peer has the wrong role, as if it were talking to itself. role=%d expected=%d"
              .formatted(role, peer));
    }
    var maxMessageBytes = content.getInt(MAX_MESSAGE_AT);
    if (maxMessageBytes < 1) {
      throw new ProtocolException("the peer takes no messages. maxMessageBytes=" + maxMessageBytes);
    }
    return maxMessageBytes;
  }

  /** What a proof is made of. */
  public static byte[] proven(byte role, byte[] connecting, byte[] listening, byte[] binding) {
    return ByteBuffer.allocate(Long.BYTES + 1 + 2 * GREETING_BYTES + binding.length)
        .putLong(MAGIC)
        .put(role)
        .put(connecting)
        .put(listening)
        .put(binding)
        .array();
  }

  private ConnectionLayout() {}
}
