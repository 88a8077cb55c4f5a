package io.procession;

import io.procession.spi.Engine;

/** Names the death of a worker. */
final class WorkerDeath {

  private WorkerDeath() {}

  /** As the outcome of the task that it was running. */
  static WorkerCrashedException of(Slot slot, Engine.Exit exit, long task) {
    var shortage = slot.shortage != null ? slot.shortage : exit.shortage();
    var crash =
        shortage == null
            ? new WorkerCrashedException(
                slot.name,
                exit.pid(),
                exit.code(),
                exit.signal(),
                exit.errorFile(),
                exit.lastLines(),
                task)
            : new WorkerOutOfMemoryException(
                slot.name,
                exit.pid(),
                exit.code(),
                exit.signal(),
                exit.errorFile(),
                exit.lastLines(),
                task,
                shortage.kind(),
                shortage.limitBytes(),
                shortage.usedBytes());
    if (exit.cause() != null) {
      crash.initCause(exit.cause());
    }
    return crash;
  }
}
