package io.procession.function;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A {@link Callable} that can travel to another process. */
@FunctionalInterface
public interface RemoteCallable<V extends @Nullable Object> extends Callable<V>, Serializable {}
