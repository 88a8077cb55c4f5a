package io.procession;

import io.procession.spi.Engine;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The initializer of a pool, which each worker runs first. */
final class Initializing {

  private final CallEncoder encoder;
  private final ResultDecoder decoder;
  private final Object initializer;

  Initializing(CallEncoder encoder, ResultDecoder decoder, Object initializer) {
    this.encoder = encoder;
    this.decoder = decoder;
    this.initializer = initializer;
    // What cannot travel fails now, in the caller, and not in each worker.
    encoder.call(initializer, WorkerPool.loaderOf(initializer)).message().close();
  }

  /** Hears how one worker's initialization ended. */
  interface Initialized {
    void succeeded();

    void failed(Throwable failure);
  }

  /** The one call for one worker. */
  Batch batch(Initialized initialized) {
    var calls = encoder.call(initializer, WorkerPool.loaderOf(initializer));
    return Batch.of(new OneWorker(decoder, calls.loader(), initialized), calls, 0, 0, Terms.NONE);
  }

  private record OneWorker(ResultDecoder decoder, ClassLoader loader, Initialized initialized)
      implements Job {

    @Override
    public long callNanos() {
      return 0;
    }

    @Override
    public void took(int calls, long durationNanos) {}

    @Override
    public void settled(
        int index,
        boolean failed,
        MemorySegment result,
        Engine.@Nullable Message large,
        Engine.Worker worker) {
      if (failed) {
        // This once, an exception is decoded in the engine's thread: the pool ends with it.
        initialized.failed(decoder.failure(result, large, loader, worker));
      } else {
        initialized.succeeded();
      }
      Results.discard(large);
    }

    @Override
    public void failed(int index, Throwable failure) {}

    @Override
    public Throwable failure(
        MemorySegment result, Engine.@Nullable Message large, Engine.Worker worker) {
      return decoder.failure(result, large, loader, worker);
    }

    @Override
    public void paused() {}
  }
}
