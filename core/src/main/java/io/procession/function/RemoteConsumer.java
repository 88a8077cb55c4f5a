package io.procession.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** An operation on one argument that can travel to another process. */
@FunctionalInterface
public interface RemoteConsumer<T extends @Nullable Object> extends Serializable {

  /** Runs in the process that the function travelled to. */
  void accept(T t) throws Exception;
}
