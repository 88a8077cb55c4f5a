package io.procession.internal.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Says where a message lies that is too large for a ring.
 *
 * <pre>
 *    0 │ id of the segment, long │ offset, long │ size, long │ length of the handle, int │ handle … │
 * </pre>
 *
 * @param segment the id of the segment
 * @param offset where in the segment the message starts
 * @param size how many bytes it has
 * @param handle what one needs to map the segment, as the platform encodes it; empty if the reader
 *     owns it
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record ElsewhereFrame(long segment, long offset, long size, byte[] handle) {

  private static final long HEAD = 28;

  public long bytes() {
    return HEAD + handle.length;
  }

  public void write(MemorySegment memory) {
    memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, segment);
    memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, offset);
    memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 16, size);
    memory.set(ValueLayout.JAVA_INT_UNALIGNED, 24, handle.length);
    MemorySegment.copy(handle, 0, memory, ValueLayout.JAVA_BYTE, HEAD, handle.length);
  }

  public static ElsewhereFrame read(MemorySegment memory) {
    var handle = new byte[memory.get(ValueLayout.JAVA_INT_UNALIGNED, 24)];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, HEAD, handle, 0, handle.length);
    return new ElsewhereFrame(
        memory.get(ValueLayout.JAVA_LONG_UNALIGNED, 0),
        memory.get(ValueLayout.JAVA_LONG_UNALIGNED, 8),
        memory.get(ValueLayout.JAVA_LONG_UNALIGNED, 16),
        handle);
  }
}
