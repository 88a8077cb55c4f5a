package io.procession.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A thread has a loop run something, as CPython's run_coroutine_threadsafe does. */
class FromThreadTest {

  private static final Duration LONG = Duration.ofHours(1);

  /** What a program would write for itself. */
  private static <T> CompletableFuture<T> submit(EventLoop loop, Callable<T> body) {
    var result = new CompletableFuture<T>();
    loop.callSoon(() -> {
      var task = loop.createTask(body);
      task.addDoneCallback(done -> {
        try {
          result.complete(done.result());
        } catch (RuntimeException failure) {
          result.completeExceptionally(failure);
        }
      });
      var _ =
          result.whenComplete((_, _) -> {
            if (result.isCancelled()) {
              loop.callSoon(task::cancel);
            }
          });
    });
    return result;
  }

  @Test
  void theValueAndTheFailureArriveInTheThread() {
    EventLoop.execute(loop ->
        loop.toThread(
                () -> {
                  assertThat(
                          submit(
                                  loop,
                                  () -> {
                                    loop.sleep(Duration.ofMillis(1));
                                    return 3;
                                  })
                              .get())
                      .isEqualTo(3);
                  var fails =
                      submit(
                          loop,
                          () -> {
                            throw new IOException("no");
                          });
                  assertThatThrownBy(fails::get)
                      .isInstanceOf(ExecutionException.class)
                      .hasRootCauseMessage("no");
                })
            .await());
  }

  @Test
  void aThreadThatWaitsNoLongerCancelsTheTask() {
    EventLoop.execute(loop -> {
      var log = new ArrayList<String>();
      var ended = LoopEvent.create();
      var started = new CountDownLatch(1);
      var thread =
          loop.toThread(() -> {
            var result =
                submit(
                    loop,
                    () -> {
                      started.countDown();
                      try {
                        loop.sleep(LONG);
                        return 1;
                      } finally {
                        log.add("cancelled");
                        ended.set();
                      }
                    });
            started.await();
            assertThatThrownBy(() -> result.get(5, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
            result.cancel(true);
          });
      thread.await();
      ended.await();
      assertThat(log).containsExactly("cancelled");
    });
  }
}
