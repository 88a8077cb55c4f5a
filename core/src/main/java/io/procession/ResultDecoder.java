package io.procession;

import io.procession.internal.codec.ThrowableCodec;
import io.procession.spi.Codec;
import io.procession.spi.Input;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Makes objects of the results that workers sent. */
record ResultDecoder(Codec codec) {

  /** A value, of the type that the function has by what the caller's compiler knows. */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // as it says
  <T extends @Nullable Object> T value(MemorySegment result, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    return (T) codec.read(new Input(result, loader));
  }

  /** An exception of a worker, whose last stack frame names the worker. */
  Throwable failure(MemorySegment result, ClassLoader loader, String worker, long pid) {
    Throwable failure;
    try {
      failure = ThrowableCodec.read(new Input(result, loader));
    } catch (IOException e) {
      failure = e;
    }
    var frames = failure.getStackTrace();
    var marked = new StackTraceElement[frames.length + 1];
    System.arraycopy(frames, 0, marked, 0, frames.length);
    marked[frames.length] = new StackTraceElement("worker", worker, "pid " + pid, -1);
    failure.setStackTrace(marked);
    return failure;
  }
}
