package io.procession.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A function of one argument that can travel to another process. */
@FunctionalInterface
public interface RemoteFunction<T extends @Nullable Object, R extends @Nullable Object>
    extends Serializable {

  /** Runs in the process that the function travelled to. */
  R apply(T t) throws Exception;
}
