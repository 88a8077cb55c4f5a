package io.procession.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** An operation on three arguments that can travel to another process. */
@FunctionalInterface
public interface RemoteTriConsumer<
        T extends @Nullable Object, U extends @Nullable Object, V extends @Nullable Object>
    extends Serializable {

  /** Runs in the process that the function travelled to. */
  void accept(T t, U u, V v) throws Exception;
}
