package io.procession.testkit.shared;

import io.procession.internal.codec.StandardCodec;
import io.procession.internal.family.Family;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;

/**
 * A second membership in this process's family, with a mapping of its own: what travels there is
 * another handle, as it would be in another process.
 */
final class Elsewhere implements AutoCloseable {

  private static final StandardCodec CODEC = new StandardCodec();

  private final Family family = Family.enter();
  private final Family member;

  Elsewhere() {
    try {
      member = Family.join(family.handle());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The handle there for the same object. */
  <T> T handle(T here) {
    var bytes = write(here);
    return act(() -> read(bytes));
  }

  /** Does something in the name of the other membership. */
  <R> R act(Callable<R> task) {
    try {
      return member.act(task::call);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("it failed elsewhere", e);
    }
  }

  Family family() {
    return family;
  }

  Family member() {
    return member;
  }

  static MemorySegment write(Object value) {
    var output = new HeapOutput();
    CODEC.write(value, output);
    return output.written();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as it went in
  static <T> T read(MemorySegment bytes) throws IOException, ClassNotFoundException {
    return (T) CODEC.read(new Input(bytes, Elsewhere.class.getClassLoader()));
  }

  private static final class HeapOutput extends Output {
    HeapOutput() {
      super(MemorySegment.ofArray(new byte[256]));
    }

    @Override
    protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
      var larger = MemorySegment.ofArray(new byte[Math.toIntExact(2 * neededBytes)]);
      MemorySegment.copy(memory, 0, larger, 0, usedBytes);
      return larger;
    }
  }

  @Override
  public void close() {
    member.close();
    family.leave();
  }
}
