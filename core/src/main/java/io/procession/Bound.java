package io.procession;

import io.procession.function.RemoteBiConsumer;
import io.procession.function.RemoteBiFunction;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteConsumer;
import io.procession.function.RemoteFunction;
import io.procession.function.RemoteRunnable;
import io.procession.function.RemoteTriConsumer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Functions of one shape made of functions of another; records, because these travel cheaply. */
interface Bound {

  /** What the caller gave: its class loader knows the classes of what travels. */
  Object function();

  record Call<A extends @Nullable Object, T extends @Nullable Object>(
      RemoteFunction<? super A, ? extends T> function, A a) implements RemoteCallable<T>, Bound {
    @Override
    public T call() throws Exception {
      return function.apply(a);
    }
  }

  record BiCall<A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>(
      RemoteBiFunction<? super A, ? super B, ? extends T> function, A a, B b)
      implements RemoteCallable<T>, Bound {
    @Override
    public T call() throws Exception {
      return function.apply(a, b);
    }
  }

  record Run<A extends @Nullable Object>(RemoteConsumer<? super A> function, A a)
      implements RemoteRunnable, Bound {
    @Override
    public void runRemote() throws Exception {
      function.accept(a);
    }
  }

  record BiRun<A extends @Nullable Object, B extends @Nullable Object>(
      RemoteBiConsumer<? super A, ? super B> function, A a, B b) implements RemoteRunnable, Bound {
    @Override
    public void runRemote() throws Exception {
      function.accept(a, b);
    }
  }

  record TriRun<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>(
      RemoteTriConsumer<? super A, ? super B, ? super C> function, A a, B b, C c)
      implements RemoteRunnable, Bound {
    @Override
    public void runRemote() throws Exception {
      function.accept(a, b, c);
    }
  }

  /** An action as a function without a result. */
  record Action<T extends @Nullable Object>(RemoteConsumer<? super T> function)
      implements RemoteFunction<T, @Nullable Void>, Bound {
    @Override
    public @Nullable Void apply(T t) throws Exception {
      function.accept(t);
      return null;
    }
  }

  /** A function of two arguments as one of pairs. */
  record Paired<T extends @Nullable Object, U extends @Nullable Object, R extends @Nullable Object>(
      RemoteBiFunction<? super T, ? super U, ? extends R> function)
      implements RemoteFunction<Pair<T, U>, R>, Bound {
    @Override
    public R apply(Pair<T, U> pair) throws Exception {
      return function.apply(pair.first, pair.second);
    }
  }

  /** An action on two arguments as one on pairs. */
  record PairedAction<T extends @Nullable Object, U extends @Nullable Object>(
      RemoteBiConsumer<? super T, ? super U> function)
      implements RemoteConsumer<Pair<T, U>>, Bound {
    @Override
    public void accept(Pair<T, U> pair) throws Exception {
      function.accept(pair.first, pair.second);
    }
  }

  /** The first of both, the second of both, and so on, until one has no more. */
  record Pairs<T extends @Nullable Object, U extends @Nullable Object>(
      Iterable<? extends T> first, Iterable<? extends U> second) implements Iterable<Pair<T, U>> {

    @Override
    public Iterator<Pair<T, U>> iterator() {
      var firsts = first.iterator();
      var seconds = second.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return firsts.hasNext() && seconds.hasNext();
        }

        @Override
        public Pair<T, U> next() {
          return new Pair<>(firsts.next(), seconds.next());
        }
      };
    }
  }

  record Pair<T extends @Nullable Object, U extends @Nullable Object>(T first, U second) {}

  /** A runnable as a call that gives {@code result}. */
  record Running<T extends @Nullable Object>(Runnable function, T result)
      implements RemoteCallable<T>, Bound {
    @Override
    public T call() {
      function.run();
      return result;
    }
  }
}
