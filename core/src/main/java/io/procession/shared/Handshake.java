package io.procession.shared;

import static io.procession.internal.wire.ConnectionLayout.ACCEPTED;
import static io.procession.internal.wire.ConnectionLayout.CONNECTING;
import static io.procession.internal.wire.ConnectionLayout.GREETING_BYTES;
import static io.procession.internal.wire.ConnectionLayout.LISTENING;
import static io.procession.internal.wire.ConnectionLayout.PREFIX_BYTES;
import static io.procession.internal.wire.ConnectionLayout.PROOF_BYTES;
import static io.procession.internal.wire.ConnectionLayout.REFUSED;

import io.procession.AuthenticationException;
import io.procession.internal.wire.ConnectionLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * How two ends prove to each other that they have the same key, in the steps that {@link
 * ConnectionLayout} draws. Until then nothing is read but bytes of fixed number.
 */
final class Handshake {

  private final SocketLink link;
  private final Deadline deadline;
  private final SharedKey key;
  private final byte[] binding;
  private final int maxMessageBytes;

  private Handshake(
      SocketLink link, Deadline deadline, ConnectionSettings settings, byte[] binding) {
    this.link = link;
    this.deadline = deadline;
    this.key = settings.key();
    this.binding = binding;
    this.maxMessageBytes = settings.maxMessageBytes();
  }

  /**
   * Makes a connection of a link to a peer that listens.
   *
   * @throws AuthenticationException if the peer has another key
   * @throws java.net.ProtocolException if the peer speaks something else
   * @throws java.net.SocketTimeoutException if it is not done in time
   */
  static SocketConnection connect(SocketLink link, ConnectionSettings settings, Deadline deadline)
      throws IOException, InterruptedException {
    var binding = settings.secure(link, true, deadline);
    var peerMax = new Handshake(link, deadline, settings, binding).connect();
    return new SocketConnection(link, settings, peerMax);
  }

  /** The same with a peer that connects. */
  static SocketConnection accept(SocketLink link, ConnectionSettings settings, Deadline deadline)
      throws IOException, InterruptedException {
    var binding = settings.secure(link, false, deadline);
    var peerMax = new Handshake(link, deadline, settings, binding).accept();
    return new SocketConnection(link, settings, peerMax);
  }

  private int connect() throws IOException, InterruptedException {
    var ours = sendGreeting(CONNECTING);
    var theirs = new byte[GREETING_BYTES];
    var peerMax = receiveGreeting(theirs, LISTENING);
    send(key.prove(CONNECTING, ours, theirs, binding));
    if (receive(1)[0] != ACCEPTED) {
      throw new AuthenticationException(
          "the listener refused this end, because the two have different keys. address="
              + link.address());
    }
    if (!isRight(LISTENING, ours, theirs)) {
      throw new AuthenticationException(
          "the listener could not prove that it has the key. address=" + link.address());
    }
    return peerMax;
  }

  private int accept() throws IOException, InterruptedException {
    var ours = sendGreeting(LISTENING);
    var theirs = new byte[GREETING_BYTES];
    var peerMax = receiveGreeting(theirs, CONNECTING);
    if (!isRight(CONNECTING, theirs, ours)) {
      send(new byte[] {REFUSED});
      throw new AuthenticationException(
          "somebody who connected was refused, because it does not have the key. address="
              + link.address());
    }
    var proof = key.prove(LISTENING, theirs, ours, binding);
    send(ByteBuffer.allocate(1 + PROOF_BYTES).put(ACCEPTED).put(proof).array());
    return peerMax;
  }

  private byte[] sendGreeting(byte role) throws IOException, InterruptedException {
    var greeting = ConnectionLayout.greeting(role, SharedKey.nonce(), maxMessageBytes);
    send(greeting);
    return greeting;
  }

  private int receiveGreeting(byte[] greeting, byte peer) throws IOException, InterruptedException {
    // The first bytes may be all that ever comes from somebody who speaks something else.
    link.readFully(ByteBuffer.wrap(greeting, 0, PREFIX_BYTES), deadline);
    ConnectionLayout.checkPrefix(greeting);
    link.readFully(
        ByteBuffer.wrap(greeting, PREFIX_BYTES, GREETING_BYTES - PREFIX_BYTES), deadline);
    return ConnectionLayout.checkRest(greeting, peer);
  }

  private boolean isRight(byte role, byte[] connecting, byte[] listening)
      throws IOException, InterruptedException {
    var proof = receive(PROOF_BYTES);
    return MessageDigest.isEqual(proof, key.prove(role, connecting, listening, binding));
  }

  private byte[] receive(int bytes) throws IOException, InterruptedException {
    var received = new byte[bytes];
    link.readFully(ByteBuffer.wrap(received), deadline);
    return received;
  }

  private void send(byte[] bytes) throws IOException, InterruptedException {
    link.writeFully(ByteBuffer.wrap(bytes), deadline);
  }
}
