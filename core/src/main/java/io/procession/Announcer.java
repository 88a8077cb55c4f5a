package io.procession;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells a pool's listener, on another thread, in order. */
final class Announcer {

  private static final int MOST_WAITING = 10_000;

  private final PoolListener listener;
  private final Executor executor;
  private final ArrayDeque<Consumer<PoolListener>> waiting = new ArrayDeque<>();
  private boolean isTelling;
  private long missed;

  Announcer(PoolListener listener, Executor executor) {
    this.listener = listener;
    this.executor = executor;
  }

  void tell(Consumer<PoolListener> event) {
    add(event, false);
  }

  /** Tells it, unless too much waits. */
  void tellTask(Consumer<PoolListener> event) {
    add(event, true);
  }

  private void add(Consumer<PoolListener> event, boolean mayBeMissed) {
    synchronized (waiting) {
      if (mayBeMissed && waiting.size() >= MOST_WAITING) {
        missed++;
        return;
      }
      if (missed > 0) {
        var left = missed;
        missed = 0;
        waiting.addLast(each -> each.missed(left));
      }
      waiting.addLast(event);
      if (isTelling) {
        return;
      }
      isTelling = true;
    }
    executor.execute(this::tellAll);
  }

  private void tellAll() {
    for (var event = next(); event != null; event = next()) {
      try {
        event.accept(listener);
      } catch (RuntimeException | Error e) {
        System.getLogger(PoolListener.class.getName())
            .log(System.Logger.Level.WARNING, "a listener of a pool failed; it is told on", e);
      }
    }
  }

  private @Nullable Consumer<PoolListener> next() {
    synchronized (waiting) {
      var next = waiting.pollFirst();
      if (next == null && missed > 0) {
        var left = missed;
        missed = 0;
        return each -> each.missed(left);
      }
      isTelling = next != null;
      return next;
    }
  }
}
