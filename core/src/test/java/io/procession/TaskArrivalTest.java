package io.procession;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskArrivalTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** {@code mapAsync} depends on all its tasks, while the caller joins one of them. */
  @Test
  void aThreadThatJoinsIsWokenAlsoIfTheTaskHasDependents() throws Exception {
    var task = new Task<String>(new Alone(), Runnable::run);
    var dependent = CompletableFuture.allOf(task);
    var joined = new CompletableFuture<String>();
    var thread = Thread.ofPlatform().start(() -> joined.complete(task.join()));
    try {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }

      if (task.arrive(arrivalOf("value"))) {
        task.deliver();
      }

      assertThat(thread.join(PATIENCE)).as("the thread was woken").isTrue();
      assertThat(joined.join()).isEqualTo("value");
      assertThat(dependent).isCompleted();
    } finally {
      task.cancel(true);
      thread.interrupt();
    }
  }

  private static Task.Arrival arrivalOf(Object value) {
    return new Task.Arrival() {
      @Override
      @SuppressWarnings("unchecked") // the test asks for no other type
      public <V extends @Nullable Object> void deliver(Task<V> task) {
        task.succeed((V) value);
      }
    };
  }

  /** A task that no pool runs. */
  private static final class Alone implements Task.Home {
    @Override
    public void ended(boolean interrupt) {}

    @Override
    public void assist(BooleanSupplier enough) {}
  }
}
