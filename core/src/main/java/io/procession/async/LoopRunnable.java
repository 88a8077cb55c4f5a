package io.procession.async;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The body of a task without a result; unlike a {@link Runnable}, it may throw any exception. */
@FunctionalInterface
public interface LoopRunnable {

  void run() throws Exception;

  /** The same, as a task with the result null. */
  default Callable<@Nullable Void> asCallable() {
    return () -> {
      run();
      return null;
    };
  }
}
