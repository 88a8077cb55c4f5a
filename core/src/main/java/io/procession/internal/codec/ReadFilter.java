package io.procession.internal.codec;

import io.procession.spi.Input;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK lane admits: any class, for messages come from the same family of processes, but
 * nothing that claims to be larger than its message could hold. A filter of the whole JVM ({@code
 * -Djdk.serialFilter}) is asked first.
 */
final class ReadFilter implements ObjectInputFilter {

  private static final long MAX_DEPTH = 10_000_000;

  /** Hash tables are up to this many times as long as what they hold has bytes. */
  private static final long MAX_SLOTS_PER_BYTE = 8;

  private static final long FREE_SLOTS = 64;

  private final long messageBytes;

  private ReadFilter(long messageBytes) {
    this.messageBytes = messageBytes;
  }

  static @Nullable ObjectInputFilter of(Input input) {
    var ours = new ReadFilter(input.position() + input.remaining());
    return ObjectInputFilter.merge(ours, ObjectInputFilter.Config.getSerialFilter());
  }

  @Override
  public Status checkInput(FilterInfo info) {
    var tooLong = info.arrayLength() > slots(info.serialClass());
    var tooMany = info.references() > messageBytes || info.streamBytes() > messageBytes;
    return tooLong || tooMany || info.depth() > MAX_DEPTH ? Status.REJECTED : Status.UNDECIDED;
  }

  private long slots(@Nullable Class<?> type) {
    var isPrimitive = type != null && type.isArray() && type.getComponentType().isPrimitive();
    return FREE_SLOTS + (isPrimitive ? messageBytes : messageBytes * MAX_SLOTS_PER_BYTE);
  }
}
