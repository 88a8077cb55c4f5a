package io.procession.testkit.net;

import io.procession.internal.wire.ConnectionLayout;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An end that speaks the protocol byte by byte, as well or as badly as it is told. */
final class Peer implements AutoCloseable {

  private final SocketChannel channel;

  Peer(SocketChannel channel) {
    this.channel = channel;
  }

  static Peer connect(SocketAddress address) throws IOException {
    return new Peer(SocketChannel.open(address));
  }

  void write(byte... bytes) throws IOException {
    var content = ByteBuffer.wrap(bytes);
    while (content.hasRemaining()) {
      var _ = channel.write(content);
    }
  }

  byte[] read(int bytes) throws IOException {
    var content = ByteBuffer.allocate(bytes);
    while (content.hasRemaining()) {
      if (channel.read(content) < 0) {
        throw new EOFException("bytes=" + content.position());
      }
    }
    return content.array();
  }

  /** Reads until the other end closes. */
  void awaitEnd() throws IOException {
    try {
      while (channel.read(ByteBuffer.allocate(1000)) >= 0) {}
    } catch (IOException e) {
      // that is an end, too
    }
  }

  static byte[] greeting(byte role) {
    var nonce = new byte[ConnectionLayout.NONCE_BYTES];
    new Random().nextBytes(nonce);
    return ConnectionLayout.greeting(role, nonce, 1000);
  }

  static byte[] prove(byte[] key, byte role, byte[] connecting, byte[] listening)
      throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    var hash = MessageDigest.getInstance("SHA-256").digest(key);
    mac.init(new SecretKeySpec(hash, "HmacSHA256"));
    return mac.doFinal(ConnectionLayout.proven(role, connecting, listening, new byte[0]));
  }

  /** Greets, proves, and expects to be accepted. */
  void handshake(byte[] key) throws IOException, GeneralSecurityException {
    var ours = greeting(ConnectionLayout.CONNECTING);
    write(ours);
    var theirs = read(ConnectionLayout.GREETING_BYTES);
    write(prove(key, ConnectionLayout.CONNECTING, ours, theirs));
    if (read(1)[0] != ConnectionLayout.ACCEPTED) {
      throw new IOException("refused");
    }
    read(ConnectionLayout.PROOF_BYTES);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
