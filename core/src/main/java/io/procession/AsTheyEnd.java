package io.procession;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Gives tasks in the order in which they end. */
final class AsTheyEnd<T extends @Nullable Object> implements Iterator<Task<T>> {

  private final LinkedBlockingQueue<Task<T>> ended = new LinkedBlockingQueue<>();
  private int left;

  AsTheyEnd(List<Task<T>> tasks) {
    left = tasks.size();
    for (var task : tasks) {
      var _ = task.whenComplete((value, failure) -> ended.add(task));
    }
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public Task<T> next() {
    if (left == 0) {
      throw new NoSuchElementException("every task has ended and was given");
    }
    try {
      var next = ended.take();
      left--;
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var cancelled = new CancellationException("interrupted while waiting for the next task");
      cancelled.initCause(e);
      throw cancelled;
    }
  }
}
