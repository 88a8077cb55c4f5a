package io.procession.internal.worker;

import io.procession.internal.call.Invocation;
import io.procession.internal.wire.CallsFrame;
import io.procession.internal.wire.CodeFrame;
import io.procession.internal.wire.ElsewhereFrame;
import io.procession.spi.Codec;
import io.procession.spi.Input;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The functions that the parent sent, and how each kind is called. */
final class Functions {

  private final Codec codec;
  private final RemoteLoaders loaders;
  private final Attachments attachments;
  private final Map<Long, Function> known = new ConcurrentHashMap<>();
  private final Set<Long> forgotten = ConcurrentHashMap.newKeySet();

  /** A function, or why it cannot be read here. */
  private record Function(@Nullable Object function, @Nullable Throwable failure) {}

  Functions(Codec codec, RemoteLoaders loaders, Attachments attachments) {
    this.codec = codec;
    this.loaders = loaders;
    this.attachments = attachments;
  }

  /**
   * Reads a function; if it cannot be read, each of its calls fails with the reason. One that was
   * forgotten before it was read is not wanted any more: others ran its calls.
   */
  void define(CodeFrame frame) {
    if (forgotten.remove(frame.code())) {
      return;
    }
    Function function;
    try {
      var bytes = bytes(frame.place(), frame.body());
      function = new Function(codec.read(new Input(bytes, loaders.loader(frame.loader()))), null);
    } catch (Throwable failure) {
      function = new Function(null, failure);
    }
    known.put(frame.code(), function);
    if (forgotten.remove(frame.code())) {
      known.remove(frame.code());
    }
  }

  void forget(long code) {
    if (known.remove(code) == null) {
      forgotten.add(code);
    }
  }

  /** Where the arguments, or the function, of a frame lie. */
  MemorySegment bytes(int place, MemorySegment body) throws java.io.IOException {
    return place == CallsFrame.INLINE ? body : attachments.memory(ElsewhereFrame.read(body));
  }

  /** Runs one call. */
  @Nullable Object call(long code, @Nullable Object argument) throws Throwable {
    if (code == 0) {
      return Invocation.call(argument);
    }
    var function = known.get(code);
    if (function == null) {
      throw new IllegalStateException("the parent did not send the function. code=" + code);
    }
    if (function.failure != null) {
      throw function.failure;
    }
    return Invocation.apply(function.function, argument);
  }
}
