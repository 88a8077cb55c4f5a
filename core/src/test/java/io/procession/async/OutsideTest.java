package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What happens beside the loop: threads and futures. */
class OutsideTest {

  @Test
  void othersRunWhileAThreadBlocks() {
    EventLoop.execute(loop -> {
      var latch = new CountDownLatch(1);
      var blocks = loop.toThread(() -> latch.await());
      var other = loop.createTask(() -> latch.countDown());
      loop.gather(blocks, other);
    });
  }

  @Test
  void aThreadsValueAndFailureArrive() {
    EventLoop.execute(loop -> {
      assertThat(loop.toThread(() -> "value").await()).isEqualTo("value");
      var failure = new IOException("no");
      LoopTask<String> fails =
          loop.toThread(() -> {
            throw failure;
          });
      assertThatThrownBy(fails::await).isInstanceOf(CompletionException.class).hasCause(failure);
      assertThat(fails.exception()).isSameAs(failure);
    });
  }

  @Test
  void cancellingAThreadInterruptsIt() throws Exception {
    var interrupted = new CompletableFuture<Boolean>();
    EventLoop.execute(loop -> {
      var started = new CompletableFuture<Void>();
      var task =
          loop.toThread(() -> {
            started.complete(null);
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              interrupted.complete(true);
              throw e;
            }
          });
      loop.<Object>await(started);
      assertThat(task.cancel()).isTrue();
      assertThat(task.isCancelled()).isTrue();
      assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    });
    assertThat(interrupted).as("the loop waits for its threads").isCompletedWithValue(true);
  }

  @Test
  void aThreadThatIsForgottenIsInterruptedAtTheEnd() {
    var interrupted = new CompletableFuture<Boolean>();
    EventLoop.execute(loop -> {
      var started = new CompletableFuture<Void>();
      var _ =
          loop.toThread(() -> {
            started.complete(null);
            try {
              new CountDownLatch(1).await();
            } finally {
              interrupted.complete(true);
            }
          });
      loop.<Object>await(started);
    });
    assertThat(interrupted).isCompletedWithValue(true);
  }

  @Test
  void anyFutureCanBeAwaited() {
    EventLoop.execute(loop -> {
      var future = new CompletableFuture<String>();
      var waits = loop.createTask(() -> loop.<String>await(future));
      loop.sleep(Duration.ZERO);
      var _ = loop.toThread(() -> future.complete("value"));
      assertThat(waits.await()).isEqualTo("value");
      assertThat(loop.<String>await(future.thenApply(value -> value + "!"))).isEqualTo("value!");

      var failure = new IOException("no");
      assertThatThrownBy(() -> loop.<String>await(CompletableFuture.failedFuture(failure)))
          .isInstanceOf(CompletionException.class)
          .hasCause(failure);
      var derived = CompletableFuture.<String>failedFuture(failure).thenApply(value -> value + "!");
      assertThatThrownBy(() -> loop.<String>await(derived))
          .as("not wrapped twice")
          .isInstanceOf(CompletionException.class)
          .hasCause(failure);
    });
  }

  @Test
  void aCancelledWaiterCancelsItsFuture() {
    EventLoop.execute(loop -> {
      var future = new CompletableFuture<String>();
      var waits = loop.createTask(() -> loop.<String>await(future));
      loop.sleep(Duration.ZERO);
      waits.cancel();
      loop.gatherAll(waits);
      assertThat(waits.isCancelled()).isTrue();
      assertThat(future).isCancelled();
    });
  }

  @Test
  void resultsComeInTheOrderOfTheirFutures() {
    EventLoop.execute(loop -> {
      var futures = new ArrayList<CompletableFuture<Integer>>();
      for (var i = 0; i < 3; i++) {
        futures.add(new CompletableFuture<>());
      }
      var _ =
          loop.toThread(() -> {
            for (var i : List.of(2, 0, 1)) {
              futures.get(i).complete(i);
            }
          });
      var values = new ArrayList<Integer>();
      for (int value : loop.<Integer>results(futures)) {
        values.add(value);
      }
      assertThat(values).containsExactly(0, 1, 2);
    });
  }

  /** The hand-over between threads, often: nothing is lost whichever comes first. */
  @Test
  void wakingUpFromOutsideIsNeverLost() throws Exception {
    EventLoop.execute(loop -> {
      for (var i = 0; i < 20_000; i++) {
        var future = new CompletableFuture<Integer>();
        var number = i;
        var thread = Thread.startVirtualThread(() -> future.complete(number));
        assertThat(loop.<Integer>await(future)).isEqualTo(i);
        if (i % 1_000 == 0) {
          thread.join();
        }
      }
    });
  }
}
