package io.procession.bench.peer;

import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** A ring buffer of Agrona in a mapped file. */
final class AgronaLink implements Link {

  private static final int CAPACITY = 1 << 20;

  /** A message may take an eighth of a ring. */
  private static final int MESSAGES_THAT_FIT = 16;

  private static final MessageHandler IGNORE = (type, buffer, index, length) -> {};

  private final MappedByteBuffer mapped;
  private final RingBuffer ring;
  private final UnsafeBuffer message;

  AgronaLink(Kind kind, Path path, int bytes) {
    var capacity = Math.max(CAPACITY, Integer.highestOneBit(bytes) * MESSAGES_THAT_FIT);
    var length = capacity + RingBufferDescriptor.TRAILER_LENGTH;
    mapped =
        Files.exists(path)
            ? IoUtil.mapExistingFile(path.toFile(), "ring")
            : IoUtil.mapNewFile(path.toFile(), length);
    var buffer = new UnsafeBuffer(mapped);
    ring =
        kind == Kind.MANY_TO_ONE ? new ManyToOneRingBuffer(buffer) : new OneToOneRingBuffer(buffer);
    message = new UnsafeBuffer(new byte[bytes]);
  }

  @Override
  public boolean offer() {
    return ring.write(1, message, 0, message.capacity());
  }

  @Override
  public int poll() {
    return ring.read(IGNORE);
  }

  @Override
  public void close() {
    IoUtil.unmap(mapped);
  }
}
