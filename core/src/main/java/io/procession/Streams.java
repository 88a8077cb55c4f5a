package io.procession;

import io.procession.function.RemoteFunction;
import io.procession.spi.Engine;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.stream.Gatherer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The streams of one view of a pool. */
record Streams(
    Desk desk, Engine engine, CallEncoder encoder, ResultDecoder decoder, CallOptions options) {

  /**
   * @param input opens the input, when the first result is wanted
   */
  <R extends @Nullable Object> Stream<R> stream(
      RemoteFunction<?, ? extends R> function,
      Supplier<? extends Iterator<?>> input,
      boolean ordered) {
    var call = call(function, ordered);
    var source = new StreamSource<R>(call, input, ordered);
    return StreamSupport.stream(source, false).onClose(call::close);
  }

  <T extends @Nullable Object, R extends @Nullable Object> Gatherer<T, ?, R> gatherer(
      RemoteFunction<? super T, ? extends R> function, boolean ordered) {
    // What cannot travel fails now, and not when the gatherer is used, perhaps elsewhere.
    call(function, ordered).close();
    return Gatherer.<T, StreamCall, R>ofSequential(
        () -> call(function, ordered), Gatherer.Integrator.of(Streams::integrate), Streams::finish);
  }

  private StreamCall call(RemoteFunction<?, ?> function, boolean ordered) {
    desk.checkOpen();
    var code = encoder.code(function, WorkerPool.loaderOf(function));
    return new StreamCall(
        desk, engine, encoder, decoder, code, options, Math.max(1, desk.size()), ordered);
  }

  private static <T extends @Nullable Object, R extends @Nullable Object> boolean integrate(
      StreamCall call, T item, Gatherer.Downstream<? super R> downstream) {
    call.look();
    while (!call.hasRoom()) {
      if (!call.isReady()) {
        call.await();
      }
      if (!push(call, downstream)) {
        return false;
      }
    }
    call.put(item);
    call.look();
    return push(call, downstream);
  }

  private static <R extends @Nullable Object> void finish(
      StreamCall call, Gatherer.Downstream<? super R> downstream) {
    if (call.isClosed()) {
      // No more was wanted, or all of it failed.
      return;
    }
    call.send();
    while (true) {
      call.look();
      if (!push(call, downstream)) {
        return;
      }
      if (call.isEmpty()) {
        call.close();
        return;
      }
      call.await();
    }
  }

  /** Passes on what is there; false if no more is wanted. */
  @SuppressWarnings("unchecked") // the function's results have this type
  private static <R extends @Nullable Object> boolean push(
      StreamCall call, Gatherer.Downstream<? super R> downstream) {
    try {
      while (!downstream.isRejecting()) {
        if (!call.isReady()) {
          return true;
        }
        if (!downstream.push((R) call.take())) {
          break;
        }
      }
    } catch (Throwable failure) {
      call.close();
      throw failure;
    }
    call.close();
    return false;
  }
}
