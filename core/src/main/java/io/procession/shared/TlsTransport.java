package io.procession.shared;

import io.procession.internal.wire.ConnectionLayout;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** TLS 1.3 between the bytes of a connection and those of its channel. */
final class TlsTransport implements Transport {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;

  /** From the peer and not decrypted yet; ready to be read from. */
  private final ByteBuffer sealedIn;

  /** From the peer and decrypted; ready to be read from. */
  private final ByteBuffer openIn;

  /** For the peer, encrypted; ready to be read from. */
  private final ByteBuffer sealedOut;

  TlsTransport(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    var session = engine.getSession();
    sealedIn = ByteBuffer.allocate(2 * session.getPacketBufferSize()).flip();
    openIn = ByteBuffer.allocate(session.getApplicationBufferSize()).flip();
    sealedOut = ByteBuffer.allocate(2 * session.getPacketBufferSize()).flip();
  }

  /**
   * Agrees with the peer.
   *
   * @return what only the two ends of this session can know
   */
  byte[] handshake(SocketLink link, Deadline deadline) throws IOException, InterruptedException {
    try {
      engine.beginHandshake();
      while (handshakeStep(link, deadline)) {}
    } catch (SSLException e) {
      sendAlert(e);
      throw e;
    }
    if (engine.getSession() instanceof ExtendedSSLSession session) {
      return session.exportKeyingMaterialData(
          ConnectionLayout.BINDING_LABEL, new byte[0], ConnectionLayout.BINDING_BYTES);
    }
    throw new SSLException(
        "this TLS provider cannot bind the proof of the key to its session; use the JDK's."
            + " session="
            + engine.getSession().getClass().getName());
  }

  /** Whether there is more to do. */
  private boolean handshakeStep(SocketLink link, Deadline deadline)
      throws IOException, InterruptedException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> runTasks();
      case NEED_WRAP -> {
        wrap(NOTHING);
        link.flush(deadline);
      }
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        if (unwrap() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
          var count = fill();
          if (count < 0) {
            throw new EOFException("the peer closed the connection during the TLS handshake");
          }
          if (count == 0) {
            link.awaitReadable(deadline);
          }
        }
      }
      case FINISHED, NOT_HANDSHAKING -> {
        return false;
      }
    }
    return true;
  }

  /** The engine has an alert for the peer, which tells it why. */
  private void sendAlert(SSLException reason) {
    try {
      writeEnd();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private void runTasks() {
    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    while (!openIn.hasRemaining()) {
      var status = unwrap();
      if (status == SSLEngineResult.Status.CLOSED) {
        return -1;
      }
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        runTasks();
      } else if (status == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        var count = fill();
        if (count <= 0) {
          return count;
        }
      } else if (status == SSLEngineResult.Status.BUFFER_OVERFLOW) {
        throw new SSLException("a TLS packet is too large. roomBytes=" + openIn.capacity());
      }
    }
    var count = Math.min(target.remaining(), openIn.remaining());
    target.put(target.position(), openIn, openIn.position(), count);
    target.position(target.position() + count);
    openIn.position(openIn.position() + count);
    return count;
  }

  private SSLEngineResult.Status unwrap() throws SSLException {
    openIn.compact();
    try {
      return engine.unwrap(sealedIn, openIn).getStatus();
    } finally {
      openIn.flip();
    }
  }

  /** Reads from the channel what there is room for. */
  private int fill() throws IOException {
    sealedIn.compact();
    try {
      return channel.read(sealedIn);
    } finally {
      sealedIn.flip();
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    var before = source.position();
    while (flush() && source.hasRemaining()) {
      wrap(source);
    }
    return source.position() - before;
  }

  /** Encrypts one packet, or says what the engine has to say. */
  private void wrap(ByteBuffer source) throws SSLException {
    sealedOut.compact();
    try {
      var result = engine.wrap(source, sealedOut);
      if (result.getStatus() == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
        throw new SSLException("the TLS session has ended");
      }
    } finally {
      sealedOut.flip();
    }
  }

  @Override
  public boolean flush() throws IOException {
    while (sealedOut.hasRemaining()) {
      if (channel.write(sealedOut) == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void writeEnd() throws IOException {
    engine.closeOutbound();
    while (!engine.isOutboundDone() && flush()) {
      wrap(NOTHING);
    }
    var _ = flush();
  }
}
