package io.procession.internal.os.linux;

import io.procession.internal.os.Doorbell;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sleeps in a futex that processes share; source: futex(2). */
final class FutexDoorbell extends Doorbell {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  // A raw address: the segment can be closed while a thread sleeps here, which then gets EFAULT
  // or sleeps to the end of its slice, and finds out at its next look.
  private final long address;

  // Of one arena: the call keeps errno alive, and with it timespec, which it knows by address.
  private final MemorySegment timespec;
  private final MemorySegment errno;

  FutexDoorbell(MemorySegment word) {
    super(word);
    address = word.address();
    var arena = Arena.ofAuto();
    timespec = arena.allocate(16, 8);
    errno = Libc.errnoMemory(arena);
  }

  @Override
  protected void sleep(long nanos) {
    timespec.set(ValueLayout.JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
    timespec.set(ValueLayout.JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
    // Every result means the same: look again.
    var _ = Libc.futex_wait(address, ASLEEP, timespec, errno);
  }

  @Override
  protected void wake() {
    // Threads that ring at once share this memory; none looks at what is stored there.
    var _ = Libc.futex_wake(address, 1, errno);
  }
}
