package io.procession.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** An operation on two arguments that can travel to another process. */
@FunctionalInterface
public interface RemoteBiConsumer<T extends @Nullable Object, U extends @Nullable Object>
    extends Serializable {

  /** Runs in the process that the function travelled to. */
  void accept(T t, U u) throws Exception;
}
