package io.procession.internal.call;

import io.procession.function.RemoteFunction;
import io.procession.function.RemoteRunnable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Calls what callers of a pool hand in. */
public final class Invocation {

  private Invocation() {}

  /** Calls something that needs no argument. */
  public static @Nullable Object call(@Nullable Object callable) throws Throwable {
    // No switch: it is linked at its first use, which every child pays for in its start.
    if (callable instanceof Callable<?> task) {
      return task.call();
    } else if (callable instanceof RemoteRunnable task) {
      task.runRemote();
    } else if (callable instanceof Runnable task) {
      task.run();
    } else {
      throw new IllegalStateException("the caller gave nothing that can be called");
    }
    return null;
  }

  /** Applies a function to its argument. */
  public static @Nullable Object apply(@Nullable Object function, @Nullable Object argument)
      throws Throwable {
    if (function == null) {
      throw new IllegalStateException("the function is null");
    }
    @SuppressWarnings("unchecked") // the caller's compiler checked it
    var typed = (RemoteFunction<@Nullable Object, @Nullable Object>) function;
    return typed.apply(argument);
  }
}
