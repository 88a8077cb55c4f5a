package io.procession.testkit.kill.shared;

import io.procession.internal.codec.StandardCodec;
import io.procession.internal.family.Family;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Gives handles of one member to another, as a message would. */
final class Handover {

  private static final StandardCodec CODEC = new StandardCodec();

  private Handover() {}

  /** The handle that {@code receiver} has of {@code object}. */
  @SuppressWarnings("unchecked") // it is the same object
  static <T> T to(Family receiver, T object) throws Exception {
    var output = new Bytes();
    CODEC.write(object, output);
    var bytes = MemorySegment.ofArray(output.written().toArray(ValueLayout.JAVA_BYTE));
    return (T) receiver.act(() -> CODEC.read(new Input(bytes, Handover.class.getClassLoader())));
  }

  private static final class Bytes extends Output {
    Bytes() {
      super(MemorySegment.ofArray(new byte[1024]));
    }

    @Override
    protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
      throw new AssertionError("a handle is short; bytes=" + neededBytes);
    }
  }
}
