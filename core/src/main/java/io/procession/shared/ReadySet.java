package io.procession.shared;

import io.procession.spi.Waitable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Waits for the first of several. */
final class ReadySet {

  /** Those that are ready, as soon as there is one; none if the time is over. */
  static <W extends Waitable> List<W> await(Collection<? extends W> candidates, Deadline deadline)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    var now = ReadySet.<W>among(candidates);
    return now.isEmpty() ? register(candidates, deadline) : now;
  }

  private static <W extends Waitable> List<W> register(
      Collection<? extends W> candidates, Deadline deadline) throws InterruptedException {
    var thread = Thread.currentThread();
    var registrations = new ArrayList<Waitable.Registration>();
    try {
      for (var candidate : candidates) {
        registrations.add(candidate.onReady(() -> LockSupport.unpark(thread)));
      }
      return park(candidates, deadline);
    } finally {
      registrations.forEach(Waitable.Registration::close);
    }
  }

  private static <W extends Waitable> List<W> park(
      Collection<? extends W> candidates, Deadline deadline) throws InterruptedException {
    while (true) {
      var ready = ReadySet.<W>among(candidates);
      var left = deadline.nanosLeft();
      if (!ready.isEmpty() || left <= 0) {
        return ready;
      }
      LockSupport.parkNanos(candidates, left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private static <W extends Waitable> List<W> among(Collection<? extends W> candidates) {
    var ready = new ArrayList<W>();
    for (var candidate : candidates) {
      if (candidate.isReady()) {
        ready.add(candidate);
      }
    }
    return ready;
  }

  private ReadySet() {}
}
