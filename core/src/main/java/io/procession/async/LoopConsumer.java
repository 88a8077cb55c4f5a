package io.procession.async;

/**
 * The body of an {@link EventLoop} or a {@link TaskGroup}, without a result.
 *
 * @param <S> the loop or group that it gets
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface LoopConsumer<S, X extends Exception> {

  void accept(S scope) throws X;
}
