package io.procession.async;

import org.jspecify.annotations.Nullable;

/**
 * The body of an {@link EventLoop} or a {@link TaskGroup}, with a result.
 *
 * @param <S> the loop or group that it gets
 * @param <T> the type of its result
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface LoopFunction<S, T extends @Nullable Object, X extends Exception> {

  T apply(S scope) throws X;
}
