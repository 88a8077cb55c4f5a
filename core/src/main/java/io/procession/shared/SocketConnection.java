package io.procession.shared;

import io.procession.internal.wire.ConnectionLayout;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection whose ends have proved to each other that they have the same key. */
final class SocketConnection implements Connection {

  private final SocketLink link;
  private final MessageSender sender;
  private final MessageReceiver receiver;
  private final ObjectForm form;

  /**
   * @param peerMaxBytes how many bytes a message to the peer may have
   */
  SocketConnection(SocketLink link, ConnectionSettings settings, int peerMaxBytes) {
    this.link = link;
    this.sender = new MessageSender(link, peerMaxBytes);
    this.receiver = new MessageReceiver(link, settings.maxMessageBytes());
    this.form = new ObjectForm(settings.codec());
  }

  @Override
  public boolean canSend() {
    return true;
  }

  @Override
  public boolean canReceive() {
    return true;
  }

  @Override
  public void send(@Nullable Object message) throws IOException, InterruptedException {
    var output = new HeapOutput(sender.maxBytes(), ConnectionLayout.HEADER_BYTES);
    output.putInt(0);
    form.write(message, output);
    var bytes = sender.check(output.position() - ConnectionLayout.HEADER_BYTES);
    var frame = ByteBuffer.wrap(output.array(), 0, (int) output.position());
    frame.putInt(0, bytes);
    sender.send(frame);
  }

  @Override
  public @Nullable Object receive() throws IOException, InterruptedException {
    return form.read(receiver.take());
  }

  @Override
  public void sendBytes(MemorySegment bytes) throws IOException, InterruptedException {
    sender.send(bytes);
  }

  @Override
  public byte[] receiveBytes() throws IOException, InterruptedException {
    return receiver.take();
  }

  @Override
  public long receiveBytesInto(MemorySegment target) throws IOException, InterruptedException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException(
          "the bytes cannot be moved to memory that is read-only. target=" + target);
    }
    var message = receiver.take(target.byteSize());
    MemorySegment.copy(message, 0, target, ValueLayout.JAVA_BYTE, 0, message.length);
    return message.length;
  }

  @Override
  public boolean poll() throws IOException {
    return receiver.poll();
  }

  @Override
  public boolean poll(Duration timeout) throws IOException, InterruptedException {
    return receiver.poll(Deadline.in(timeout));
  }

  @Override
  public boolean isReady() {
    return receiver.isReady();
  }

  @Override
  public Registration onReady(Runnable wake) {
    link.addWake(wake);
    link.watch();
    return () -> link.removeWake(wake);
  }

  @Override
  public boolean isClosed() {
    return link.isClosed();
  }

  @Override
  public void close() throws IOException {
    if (!link.isClosed()) {
      sender.close();
    }
  }

  @Override
  public String toString() {
    return "Connection[address=%s, closed=%b]".formatted(link.address(), isClosed());
  }
}
