package io.procession;

import io.procession.internal.codec.ThrowableCodec;
import io.procession.spi.Codec;
import io.procession.spi.Engine;
import io.procession.spi.Input;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes objects of the results that workers sent. */
record ResultDecoder(Codec codec) {

  /**
   * A value, of the type that the function has by what the caller's compiler knows.
   *
   * @param large what holds the result, if it is not encoded
   */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // as it says
  <T extends @Nullable Object> T value(
      MemorySegment result, Engine.@Nullable Message large, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    if (large instanceof Engine.Values values) {
      return (T) values.get(0);
    }
    return (T) codec.read(new Input(result, loader));
  }

  /**
   * An exception of a worker. One that was copied has a last stack frame that names the worker.
   *
   * @param large what holds the result, if it is not encoded
   */
  Throwable failure(
      MemorySegment result,
      Engine.@Nullable Message large,
      ClassLoader loader,
      Engine.Worker worker) {
    if (large instanceof Engine.Values values) {
      return (Throwable) Objects.requireNonNull(values.get(0));
    }
    Throwable failure;
    try {
      failure = ThrowableCodec.read(new Input(result, loader));
    } catch (IOException e) {
      failure = e;
    }
    var frames = failure.getStackTrace();
    var marked = new StackTraceElement[frames.length + 1];
    System.arraycopy(frames, 0, marked, 0, frames.length);
    marked[frames.length] =
        new StackTraceElement("worker", worker.name(), "pid " + worker.pid(), -1);
    failure.setStackTrace(marked);
    return failure;
  }
}
