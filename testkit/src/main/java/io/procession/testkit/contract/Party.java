package io.procession.testkit.contract;

import io.procession.function.RemoteCallable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else who uses shared objects: another process, or what behaves like one. All its work is
 * done by one thread, in order.
 */
public interface Party extends AutoCloseable {

  /** Only to end a test that has failed. */
  int PATIENCE_SECONDS = 60;

  /** Begins some work, without waiting for it. Shared objects that it captures travel there. */
  <T extends @Nullable Object> Future<T> begin(RemoteCallable<T> work);

  /** Has some work done, and throws what it throws. */
  default <T extends @Nullable Object> T call(RemoteCallable<T> work) throws Exception {
    try {
      return begin(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception exception) {
        throw exception;
      }
      throw e;
    }
  }

  /** Kills it, as {@code kill -9} does; it does no more work. */
  void kill();

  /** Ends it. */
  @Override
  void close();
}
