package io.procession.bench.peer;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;

/** A queue of Chronicle, which keeps everything in files. */
final class ChronicleLink implements Link {

  private final ChronicleQueue queue;
  private final ExcerptAppender appender;
  private final ExcerptTailer tailer;
  private final Bytes<?> message;
  private final Bytes<?> received = Bytes.elasticByteBuffer();

  ChronicleLink(Path path, int bytes) {
    queue = ChronicleQueue.single(path.toString());
    appender = queue.createAppender();
    tailer = queue.createTailer();
    message = Bytes.wrapForRead(new byte[bytes]);
  }

  @Override
  public boolean offer() {
    message.readPosition(0);
    appender.writeBytes(message);
    return true;
  }

  @Override
  public int poll() {
    received.clear();
    return tailer.readBytes(received) ? 1 : 0;
  }

  @Override
  public void close() {
    queue.close();
  }
}
