package io.procession;

import io.procession.spi.Engine;
import org.jspecify.annotations.Nullable;

/**
 * One pool's side of the flight recorder. As long as nothing is recorded, no class of it is
 * initialized, and an event costs a look at a field; where the JDK has no flight recorder, nothing.
 */
final class FlightRecording {

  private static final boolean IS_THERE =
      ModuleLayer.boot().findModule("jdk.jfr").filter(FlightRecording::isReadable).isPresent();

  /** Tells what waits in a pool. */
  interface Queue {
    void describe(Taker taker);

    interface Taker {
      void take(long waiting, long bytesInFlight, int workers);
    }
  }

  private final String pool;

  /** Guarded by this object. */
  private @Nullable Queue queue;

  private volatile @Nullable Runnable hook;

  FlightRecording(String pool) {
    this.pool = pool;
  }

  /** A module of ours on the module path reads it only if it was resolved with it. */
  private static boolean isReadable(Module recorder) {
    return FlightRecording.class.getModule().canRead(recorder);
  }

  private static boolean isOn() {
    return IS_THERE && FlightEvents.isRecording();
  }

  synchronized void queue(Queue newQueue) {
    queue = newQueue;
    offerQueue();
  }

  /** The recorder may have been started later than the pool. */
  private synchronized void offerQueue() {
    var described = queue;
    if (hook == null && described != null && isOn()) {
      Runnable added =
          () ->
              described.describe(
                  (waiting, bytes, workers) -> FlightEvents.queue(pool, waiting, bytes, workers));
      hook = added;
      FlightEvents.addPeriodic(added);
    }
  }

  synchronized void close() {
    queue = null;
    var added = hook;
    if (added != null) {
      FlightEvents.removePeriodic(added);
      hook = null;
    }
  }

  void taskEnded(long task, Engine.Worker worker, boolean failed) {
    if (isOn()) {
      if (hook == null) {
        offerQueue();
      }
      FlightEvents.task(pool, task, worker.name(), worker.pid(), failed);
    }
  }

  void worker(WorkerInfo worker, String what) {
    if (isOn()) {
      FlightEvents.worker(pool, worker.name(), worker.pid(), what, worker.tasksDone());
    }
  }
}
