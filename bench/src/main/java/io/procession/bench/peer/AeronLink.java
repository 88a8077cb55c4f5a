package io.procession.bench.peer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A stream of Aeron IPC; the media driver runs in the measuring process. */
final class AeronLink implements Link {

  private static final String CHANNEL = "aeron:ipc";
  private static final int FRAGMENTS_AT_ONCE = 256;

  private final Aeron aeron;
  private final int stream;
  private final UnsafeBuffer message;
  private final FragmentAssembler assembler;
  private int received;
  private @Nullable ExclusivePublication publication;
  private @Nullable Subscription subscription;

  AeronLink(Path directory, String name, int bytes) {
    aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
    stream = name.hashCode();
    message = new UnsafeBuffer(new byte[bytes]);
    assembler = new FragmentAssembler((buffer, offset, length, header) -> received++);
  }

  @Override
  public boolean offer() {
    var open = publication;
    if (open == null) {
      open = aeron.addExclusivePublication(CHANNEL, stream);
      publication = open;
    }
    return open.offer(message) > 0;
  }

  @Override
  public int poll() {
    var open = subscription;
    if (open == null) {
      open = aeron.addSubscription(CHANNEL, stream);
      subscription = open;
    }
    received = 0;
    open.poll(assembler, FRAGMENTS_AT_ONCE);
    return received;
  }

  @Override
  public void close() {
    aeron.close();
  }
}
