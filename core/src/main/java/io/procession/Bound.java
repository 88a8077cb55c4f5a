package io.procession;

import io.procession.function.RemoteBiConsumer;
import io.procession.function.RemoteBiFunction;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteConsumer;
import io.procession.function.RemoteFunction;
import io.procession.function.RemoteRunnable;
import io.procession.function.RemoteTriConsumer;
import org.jspecify.annotations.Nullable;

/** Functions of one shape made of functions of another; records, because these travel cheaply. */
final class Bound {

  private Bound() {}

  record Call<A extends @Nullable Object, T extends @Nullable Object>(
      RemoteFunction<? super A, ? extends T> function, A a) implements RemoteCallable<T> {
    @Override
    public T call() throws Exception {
      return function.apply(a);
    }
  }

  record BiCall<A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>(
      RemoteBiFunction<? super A, ? super B, ? extends T> function, A a, B b)
      implements RemoteCallable<T> {
    @Override
    public T call() throws Exception {
      return function.apply(a, b);
    }
  }

  record Run<A extends @Nullable Object>(RemoteConsumer<? super A> action, A a)
      implements RemoteRunnable {
    @Override
    public void runRemote() throws Exception {
      action.accept(a);
    }
  }

  record BiRun<A extends @Nullable Object, B extends @Nullable Object>(
      RemoteBiConsumer<? super A, ? super B> action, A a, B b) implements RemoteRunnable {
    @Override
    public void runRemote() throws Exception {
      action.accept(a, b);
    }
  }

  record TriRun<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>(
      RemoteTriConsumer<? super A, ? super B, ? super C> action, A a, B b, C c)
      implements RemoteRunnable {
    @Override
    public void runRemote() throws Exception {
      action.accept(a, b, c);
    }
  }

  /** An action as a function without a result. */
  record Action<T extends @Nullable Object>(RemoteConsumer<? super T> action)
      implements RemoteFunction<T, @Nullable Void> {
    @Override
    public @Nullable Void apply(T t) throws Exception {
      action.accept(t);
      return null;
    }
  }

  /** A function of two arguments as one of pairs. */
  record Paired<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>(
      RemoteBiFunction<? super T, ? super U, ? extends R> function)
      implements RemoteFunction<Pair<T, U>, R> {
    @Override
    public R apply(Pair<T, U> pair) throws Exception {
      return function.apply(pair.first, pair.second);
    }
  }

  record Pair<T extends @Nullable Object, U extends @Nullable Object>(T first, U second) {}

  /** A runnable as a call that gives {@code result}. */
  record Running<T extends @Nullable Object>(Runnable task, T result) implements RemoteCallable<T> {
    @Override
    public T call() {
      task.run();
      return result;
    }
  }
}
