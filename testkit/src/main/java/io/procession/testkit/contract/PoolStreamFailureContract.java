package io.procession.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.procession.Pool;
import io.procession.function.RemoteFunction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Streams of a pool, when something fails, or ends early. */
public abstract class PoolStreamFailureContract extends PoolContract {

  /** For subclasses. */
  protected PoolStreamFailureContract() {}

  private static final RemoteFunction<Integer, Integer> BREAKS_AT_700 =
      n -> {
        if (n == 700) {
          throw new CheckedException("no 700");
        }
        return n;
      };

  @Test
  void aFailedItemIsThrownInItsPlace() {
    try (var pool = pool(2)) {
      var seen = new ArrayList<Integer>();
      assertThatThrownBy(
              () -> pool.stream(BREAKS_AT_700, IntStream.range(0, 2000)).forEach(seen::add))
          .isExactlyInstanceOf(CompletionException.class)
          .hasCauseExactlyInstanceOf(CheckedException.class);
      assertThat(seen).isEqualTo(IntStream.range(0, 700).boxed().toList());

      var gathered = new ArrayList<Integer>();
      assertThatThrownBy(() ->
              IntStream.range(0, 2000)
                  .boxed()
                  .gather(pool.mapping(BREAKS_AT_700))
                  .forEach(gathered::add))
          .isExactlyInstanceOf(CompletionException.class)
          .hasCauseExactlyInstanceOf(CheckedException.class);
      assertThat(gathered).isEqualTo(seen);

      assertThatThrownBy(
              () -> pool.streamUnordered(BREAKS_AT_700, IntStream.range(0, 2000)).forEach(n -> {}))
          .isExactlyInstanceOf(CompletionException.class);
      assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
    }
  }

  @Test
  void anUncheckedFailureComesAsItselfAndEndsTheStream() {
    try (var pool = pool(1);
        var results =
            pool.stream(
                n -> {
                  if (n == 1) {
                    throw new IllegalArgumentException("no " + n);
                  }
                  return n;
                },
                List.of(0, 1, 2, 3))) {
      Iterator<Integer> each = results.iterator();
      assertThat(each.next()).isEqualTo(0);
      assertThatThrownBy(each::next)
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("no 1");
      assertThat(each.hasNext()).isFalse();
    }
  }

  @Test
  void anErrorComesAsItself() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() ->
              pool.stream(
                      n -> {
                        throw new AssertionError("no " + n);
                      },
                      List.of(1))
                  .toList())
          .isExactlyInstanceOf(AssertionError.class)
          .hasMessage("no 1");
    }
  }

  @Test
  void anInputThatThrowsSurfacesInItsPlace() {
    try (var pool = pool(2)) {
      for (var breaksAt : List.of(0, 1, 40, 5000)) {
        var seen = new ArrayList<Integer>();
        assertThatThrownBy(() -> pool.stream(n -> n, broken(breaksAt)).forEach(seen::add))
            .isExactlyInstanceOf(IllegalStateException.class)
            .hasMessage("the input broke");
        assertThat(seen).isEqualTo(IntStream.range(0, breaksAt).boxed().toList());

        var unordered = new ArrayList<Integer>();
        assertThatThrownBy(
                () -> pool.streamUnordered(n -> n, broken(breaksAt)).forEach(unordered::add))
            .isExactlyInstanceOf(IllegalStateException.class);
        assertThat(unordered).hasSize(breaksAt);

        assertThatThrownBy(() -> broken(breaksAt).gather(pool.mapping(n -> n)).toList())
            .isExactlyInstanceOf(IllegalStateException.class);
      }
      Iterable<Integer> noIterator =
          () -> {
            throw new IllegalStateException("no iterator");
          };
      assertThatThrownBy(() -> pool.stream(n -> n, noIterator).toList()).hasMessage("no iterator");
      assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
    }
  }

  private static Stream<Integer> broken(int breaksAt) {
    return Stream.iterate(0, n -> n + 1)
        .peek(n -> {
          if (n == breaksAt) {
            throw new IllegalStateException("the input broke");
          }
        });
  }

  @Test
  void aStreamThatWasUsedIsRefused() {
    try (var pool = pool(1)) {
      var used = Stream.of(1);
      assertThat(used.toList()).containsExactly(1);
      assertThatThrownBy(() -> pool.stream(n -> n, used)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closingClosesTheInputToo() {
    var closed = new AtomicBoolean();
    try (var pool = pool(1)) {
      var results = pool.stream(n -> n, Stream.of(1, 2).onClose(() -> closed.set(true)));
      assertThat(results.toList()).containsExactly(1, 2);
      assertThat(closed).isFalse();
      results.close();
      assertThat(closed).isTrue();
      pool.stream(n -> n, List.of(1)).close();
    }
  }

  @Test
  void aReaderThatThrowsEndsTheStream() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() ->
              IntStream.range(0, 1000)
                  .boxed()
                  .gather(pool.mapping(n -> n))
                  .forEach(n -> {
                    throw new IllegalStateException("the reader broke");
                  }))
          .hasMessage("the reader broke");
      assertThatThrownBy(() ->
              pool.stream(n -> n, IntStream.range(0, 1000))
                  .forEach(n -> {
                    throw new IllegalStateException("the reader broke");
                  }))
          .hasMessage("the reader broke");
      assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
    }
  }

  @Test
  void closingEarlyInterruptsWhatRunsAndDropsWhatWaits() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var interrupted = flag("interrupted");
    var late = flag("late");
    try (var pool = pool(1).withWindow(10)) {
      try (var results =
          pool.stream(sleepsAfterZero(started, interrupted, late), List.of(0, 1, 2))) {
        assertThat(results.iterator().next()).isEqualTo(0);
        started.await();
      }
      interrupted.await();
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
      assertThat(late.isRaised()).isFalse();
      pool.terminate();
    }
  }

  @Test
  void aShortCircuitInterruptsWhatRuns() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    var interrupted = flag("interrupted");
    try (var pool = pool(2)) {
      RemoteFunction<Integer, Integer> function =
          n -> {
            if (n == 0) {
              started.await();
              return 0;
            }
            try {
              started.raiseAndSleep();
            } catch (InterruptedException e) {
              interrupted.raise();
            }
            return n;
          };
      var view = pool.withChunkSize(1);
      assertThat(Stream.of(0, 1).gather(view.mapping(function)).findFirst()).contains(0);
      interrupted.await();
      assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  private static RemoteFunction<Integer, Integer> sleepsAfterZero(
      Flag started, Flag interrupted, Flag late) {
    return n -> {
      if (n == 1) {
        try {
          started.raiseAndSleep();
        } catch (InterruptedException e) {
          interrupted.raise();
        }
      }
      if (n == 2) {
        late.raise();
      }
      return n;
    };
  }

  @Test
  void aResultDoesNotWaitForASlowerOneWhereThereIsNoOrder() {
    needs(PoolTrait.OWN_THREADS);
    var go = flag("go");
    try (var pool = pool(2).withChunkSize(1)) {
      var seen = new ArrayList<Integer>();
      pool.streamUnordered(
              n -> {
                if (n == 0) {
                  go.await();
                }
                return n;
              },
              IntStream.range(0, 5))
          .forEach(n -> {
            seen.add(n);
            if (seen.size() == 4) {
              raise(go);
            }
          });
      assertThat(seen).hasSize(5).last().isEqualTo(0);
      pool.terminate();
    }
  }

  private static void raise(Flag flag) {
    try {
      flag.raise();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anInterruptOfTheReaderEndsTheStream() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    for (var kind : Blocked.kinds()) {
      var started = flag("started-" + kind);
      try (var pool = pool(1)) {
        var flagLeft = new CompletableFuture<Boolean>();
        var reader =
            Blocked.start(
                kind,
                () -> {
                  var failure =
                      catchThrowable(() ->
                          pool.stream(
                                  n -> {
                                    started.raiseAndSleep();
                                    return n;
                                  },
                                  List.of(1, 2, 3))
                              .toList());
                  flagLeft.complete(Thread.currentThread().isInterrupted());
                  return failure;
                });
        started.await();
        reader.interrupt();
        assertThat(reader.get()).isInstanceOf(CancellationException.class);
        assertThat(flagLeft.get()).isTrue();
        assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
      }
    }
  }

  @Test
  void anotherThreadMayCloseTheStream() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    try (var pool = pool(1)) {
      var results =
          pool.stream(
              n -> {
                started.raiseAndSleep();
                return n;
              },
              List.of(1, 2, 3));
      var reader = Blocked.start(() -> catchThrowable(results::toList));
      started.await();
      results.close();
      assertThat(reader.get()).isInstanceOf(CancellationException.class);
      assertThat(pool.map(n -> n, List.of(1))).containsExactly(1);
    }
  }

  @Test
  void afterShutdownNothingIsStreamed() {
    var pool = pool(1);
    var before = pool.stream(n -> n, List.of(1));
    var gatherer = pool.<Integer, Integer>mapping(n -> n);
    pool.close();
    assertThatThrownBy(() -> pool.stream(n -> n, List.of(1)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.streamUnordered(n -> n, Stream.of(1)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> pool.mapping(n -> n)).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(before::toList).isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> Stream.of(1).gather(gatherer).toList())
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aShutdownIsSeenBehindTheResultsBeforeIt() {
    try (var pool = pool(1)) {
      var seen = new ArrayList<Integer>();
      assertThatThrownBy(() ->
              pool.withWindow(4).stream(n -> n, Stream.iterate(0, n -> n + 1))
                  .forEach(n -> {
                    seen.add(n);
                    if (n == 100) {
                      pool.shutdown();
                    }
                  }))
          .isInstanceOf(RejectedExecutionException.class);
      assertThat(seen).hasSizeGreaterThan(100).isSorted();
    }
  }

  @Test
  void terminateEndsAStream() throws Exception {
    needs(PoolTrait.OWN_THREADS);
    var started = flag("started");
    Pool pool = pool(1);
    try (pool) {
      var reader =
          Blocked.start(() ->
              catchThrowable(() ->
                  pool.stream(
                          n -> {
                            started.raiseAndSleep();
                            return n;
                          },
                          Stream.iterate(0, n -> n + 1))
                      .toList()));
      started.await();
      pool.terminate();
      assertThat(reader.get())
          .isInstanceOfAny(CancellationException.class, RejectedExecutionException.class);
    }
  }

  @Test
  void aNullFunctionOrInputIsRefused() {
    try (var pool = pool(1)) {
      assertThatThrownBy(() ->
              pool.stream(PoolContract.<RemoteFunction<Integer, Integer>>nothing(), List.of(1)))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> pool.stream(n -> n, PoolContract.<Stream<Integer>>nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(() -> pool.streamUnordered(n -> n, PoolContract.<List<Integer>>nothing()))
          .isInstanceOf(NullPointerException.class);
      assertThatThrownBy(
              () -> pool.mapping(PoolContract.<RemoteFunction<Integer, Integer>>nothing()))
          .isInstanceOf(NullPointerException.class);
    }
  }
}
