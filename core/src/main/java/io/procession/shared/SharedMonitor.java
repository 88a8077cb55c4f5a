package io.procession.shared;

import io.procession.internal.family.Mutex;
import org.jspecify.annotations.Nullable;

/**
 * A shared object whose state changes within a mutex. Each change is made by a single store, or so
 * that what is there after any of its stores is right: nothing is repaired when a process has died
 * within.
 */
abstract class SharedMonitor extends SharedObject {

  final Mutex mutex;

  SharedMonitor(Place place, long mutexOffset) {
    this(place, mutexOffset, null);
  }

  SharedMonitor(Place place, long mutexOffset, @Nullable Remains remains) {
    super(place, remains);
    mutex = family.mutex(memory, mutexOffset);
  }

  /**
   * Enters the mutex, for a few instructions.
   *
   * @throws IllegalStateException if this handle is closed
   */
  final void enter() {
    beginUse();
    var _ = mutex.enter();
  }

  final void exit() {
    try {
      mutex.exit();
    } finally {
      endUse();
    }
  }
}
