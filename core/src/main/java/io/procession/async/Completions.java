package io.procession.async;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Gives tasks in the order of their ends; each iterator for itself. */
final class Completions<T extends LoopTask<?>> implements Iterable<T> {

  private final Scheduler scheduler;
  private final Collection<T> tasks;

  Completions(Scheduler scheduler, Collection<T> tasks) {
    this.scheduler = scheduler;
    this.tasks = new LinkedHashSet<>(tasks);
  }

  @Override
  public Iterator<T> iterator() {
    scheduler.requireLoop("EventLoop.asCompleted");
    Gathering.requireOwn(scheduler, tasks);
    var iterator = new Ended();
    tasks.forEach(task -> task.whenDone(new Callback(() -> iterator.add(task))));
    return iterator;
  }

  private final class Ended implements Iterator<T> {

    private final ArrayDeque<T> ended = new ArrayDeque<>();
    private int left = tasks.size();
    private @Nullable Waiter waiter;

    private void add(T task) {
      ended.add(task);
      if (waiter != null) {
        var _ = waiter.wake();
      }
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    @Override
    public T next() {
      if (left == 0) {
        throw new NoSuchElementException("all tasks have been given. tasks=" + tasks.size());
      }
      while (ended.isEmpty()) {
        var waiting = new Waiter(scheduler.requireTask("EventLoop.asCompleted"));
        waiter = waiting;
        try {
          waiting.await();
        } finally {
          waiter = null;
        }
      }
      left--;
      return ended.remove();
    }
  }
}
