package io.procession.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A function of two arguments that can travel to another process. */
@FunctionalInterface
public interface RemoteBiFunction<
        T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {

  /** Runs in the process that the function travelled to. */
  R apply(T t, U u) throws Exception;
}
