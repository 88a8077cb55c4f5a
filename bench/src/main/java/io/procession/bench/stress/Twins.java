package io.procession.bench.stress;

import io.procession.internal.codec.StandardCodec;
import io.procession.shared.SharedObject;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A shared object as two processes have it.
 *
 * @param here the handle of the process that made it
 * @param there the handle of the one that it was sent to
 */
record Twins<T extends SharedObject>(T here, T there) implements AutoCloseable {

  private static final StandardCodec CODEC = new StandardCodec();

  /** Sends an object that was just made. */
  static <T extends SharedObject> Twins<T> of(T here) {
    return new Twins<>(here, sent(here));
  }

  /** The handle of the other process for what this one has. */
  static <T> T sent(T here) {
    var message = new Message();
    CODEC.write(here, message);
    try {
      return Members.THERE.act(() -> read(message));
    } catch (Exception e) {
      throw new IllegalStateException("a handle could not be sent; object=" + here, e);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as it went in
  private static <T> T read(Message message) throws Exception {
    var object = CODEC.read(new Input(message.written(), Twins.class.getClassLoader()));
    return (T) Objects.requireNonNull(object);
  }

  @Override
  public void close() {
    here.close();
    there.close();
  }

  private static final class Message extends Output {

    Message() {
      super(MemorySegment.ofArray(new byte[256]));
    }

    @Override
    protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
      var larger = MemorySegment.ofArray(new byte[Math.toIntExact(2 * neededBytes)]);
      MemorySegment.copy(memory, 0, larger, 0, usedBytes);
      return larger;
    }
  }
}
