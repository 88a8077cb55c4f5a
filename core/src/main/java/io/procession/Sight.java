package io.procession;

import io.procession.spi.Engine;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Makes known what happens in a pool: to its listener, to the flight recorder, and as counts. */
final class Sight {

  private final @Nullable Announcer announcer;
  private final FlightRecording flight;
  private final LongAdder tasksFailed = new LongAdder();
  private final LongAdder tasksEnded = new LongAdder();
  private final LongAdder crashes = new LongAdder();

  Sight(String pool, @Nullable PoolListener listener, Executor executor) {
    this.announcer = listener == null ? null : new Announcer(listener, executor);
    this.flight = new FlightRecording(pool);
  }

  long tasksEnded() {
    return tasksEnded.sum();
  }

  long tasksFailed() {
    return tasksFailed.sum();
  }

  long crashes() {
    return crashes.sum();
  }

  /** Has the flight recorder ask for what waits, if it records. */
  void queue(Ledger ledger) {
    flight.queue(taker -> {
      var counts = ledger.counts();
      taker.take(counts.waiting(), counts.bytesInFlight(), counts.workers());
    });
  }

  /** A call ended in a worker; an initializer, which has no number, is none. */
  void taskEnded(Batch batch, int index, Engine.Worker worker, boolean failed) {
    var task = batch.firstTask() + index;
    if (batch.firstTask() == 0) {
      return;
    }
    tasksEnded.increment();
    if (failed) {
      tasksFailed.increment();
    }
    if (announcer != null) {
      var name = worker.name();
      announcer.tellTask(listener -> listener.taskEnded(task, name, failed));
    }
    flight.taskEnded(task, worker, failed);
  }

  void workerStarted(WorkerInfo worker) {
    if (announcer != null) {
      announcer.tell(listener -> listener.workerStarted(worker));
    }
    flight.worker(worker, "started");
  }

  /**
   * A worker is dead.
   *
   * @param worker what it was doing
   * @param wasLetGo whether the pool wanted it
   */
  void workerEnded(Slot slot, WorkerInfo worker, boolean wasLetGo, Engine.Exit exit) {
    if (wasLetGo) {
      if (announcer != null) {
        announcer.tell(listener -> listener.workerEnded(worker));
      }
      flight.worker(worker, "ended");
      return;
    }
    crashes.increment();
    if (announcer != null) {
      var crash = WorkerDeath.of(slot, exit, worker.task());
      announcer.tell(listener -> listener.workerCrashed(worker, crash));
    }
    flight.worker(worker, "crashed");
  }

  void broken(Throwable cause) {
    if (announcer != null && cause instanceof PoolBrokenException broken) {
      announcer.tell(listener -> listener.poolBroken(broken));
    }
  }

  void terminated() {
    flight.close();
    if (announcer != null) {
      announcer.tell(PoolListener::poolTerminated);
    }
  }
}
