package io.procession.internal.codec;

import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Values to bytes and back, on the heap. */
public final class Messages {

  private static final StandardCodec CODEC = new StandardCodec();

  /** Grows by half its size, in an array. */
  static final class HeapOutput extends Output {

    HeapOutput() {
      super(MemorySegment.ofArray(new byte[256]));
    }

    @Override
    protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
      var size = Math.max(neededBytes, memory.byteSize() * 3 / 2);
      var larger = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
      MemorySegment.copy(memory, 0, larger, 0, usedBytes);
      return larger;
    }

    byte[] toBytes() {
      return written().toArray(ValueLayout.JAVA_BYTE);
    }
  }

  public static byte[] write(@Nullable Object value) {
    var output = new HeapOutput();
    CODEC.write(value, output);
    return output.toBytes();
  }

  public static @Nullable Object read(byte[] bytes, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    var input = new Input(MemorySegment.ofArray(bytes), loader);
    var value = CODEC.read(input);
    if (input.remaining() != 0) {
      throw new AssertionError("bytes are left: remaining=" + input.remaining());
    }
    return value;
  }

  public static @Nullable Object read(byte[] bytes) throws IOException, ClassNotFoundException {
    return read(bytes, Messages.class.getClassLoader());
  }

  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // as it went in
  static <T> T copy(@Nullable Object value) {
    try {
      return (T) read(write(value));
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError("what was written cannot be read", e);
    }
  }

  private Messages() {}
}
