package io.procession.async;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A task that something outside the loop ends. */
final class OutsideTask<T extends @Nullable Object> extends LoopTask<T> {

  private final Runnable canceller;

  /**
   * @param canceller tells what is outside that its result is not wanted any more
   */
  OutsideTask(Scheduler scheduler, CompletionStage<? extends T> stage, Runnable canceller) {
    super(scheduler, null);
    this.canceller = canceller;
    scheduler.expect(this);
    var _ =
        stage.whenComplete(
            (value, failure) -> scheduler.arrive(new Callback(() -> settle(value, failure))));
  }

  @SuppressWarnings("NullAway") // a value may be null only where T allows it
  private void settle(@Nullable T value, @Nullable Throwable failure) {
    if (isDone()) {
      return;
    }
    scheduler.ended(this);
    if (failure == null) {
      succeed(value);
    } else {
      var cause = failure.getCause();
      fail(failure instanceof CompletionException && cause != null ? cause : failure);
    }
  }

  @Override
  public boolean cancel(@Nullable String message) {
    scheduler.requireLoop("LoopTask.cancel");
    if (isDone()) {
      return false;
    }
    scheduler.ended(this);
    fail(new CancellationException(message));
    canceller.run();
    return true;
  }
}
