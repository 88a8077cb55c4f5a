package io.procession.spi;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Waits for a future through one dependent of it, however often it is waited for. */
final class FutureWaitable implements Waitable {

  private final CompletableFuture<?> future;
  private final List<Runnable> wakes = new CopyOnWriteArrayList<>();

  FutureWaitable(CompletableFuture<?> future) {
    this.future = future;
    var _ = future.whenComplete((value, failure) -> wakes.forEach(Runnable::run));
  }

  @Override
  public boolean isReady() {
    return future.isDone();
  }

  @Override
  public Registration onReady(Runnable wake) {
    wakes.add(wake);
    return () -> wakes.remove(wake);
  }

  @Override
  public String toString() {
    return "Waitable[" + future + "]";
  }
}
