package io.procession;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/**
 * The events of the flight recorder. Only {@link FlightRecording} uses it, while there is a
 * recording.
 */
final class FlightEvents {

  private FlightEvents() {}

  @Name("io.procession.Task")
  @Label("Task")
  @Description("A task of a pool has ended in a worker")
  @Category("Procession")
  @StackTrace(false)
  static final class TaskEvent extends Event {
    @Label("Pool")
    String pool = "";

    @Label("Task")
    long task;

    @Label("Worker")
    String worker = "";

    @Label("Worker pid")
    long pid;

    @Label("Failed")
    boolean failed;
  }

  @Name("io.procession.Worker")
  @Label("Worker")
  @Description("A worker of a pool has started, ended or crashed")
  @Category("Procession")
  @StackTrace(false)
  static final class WorkerEvent extends Event {
    @Label("Pool")
    String pool = "";

    @Label("Worker")
    String worker = "";

    @Label("Worker pid")
    long pid;

    @Label("What happened")
    String what = "";

    @Label("Tasks done")
    long tasksDone;
  }

  @Name("io.procession.Queue")
  @Label("Queue")
  @Description("What waits in a pool")
  @Category("Procession")
  @Period("1 s")
  @StackTrace(false)
  static final class QueueEvent extends Event {
    @Label("Pool")
    String pool = "";

    @Label("Waiting tasks")
    long waiting;

    @Label("Bytes in flight")
    @DataAmount
    long bytesInFlight;

    @Label("Workers")
    int workers;
  }

  static void task(String pool, long task, String worker, long pid, boolean failed) {
    var event = new TaskEvent();
    if (event.shouldCommit()) {
      event.pool = pool;
      event.task = task;
      event.worker = worker;
      event.pid = pid;
      event.failed = failed;
      event.commit();
    }
  }

  static void worker(String pool, String worker, long pid, String what, long tasksDone) {
    var event = new WorkerEvent();
    if (event.shouldCommit()) {
      event.pool = pool;
      event.worker = worker;
      event.pid = pid;
      event.what = what;
      event.tasksDone = tasksDone;
      event.commit();
    }
  }

  static void queue(String pool, long waiting, long bytesInFlight, int workers) {
    var event = new QueueEvent();
    if (event.shouldCommit()) {
      event.pool = pool;
      event.waiting = waiting;
      event.bytesInFlight = bytesInFlight;
      event.workers = workers;
      event.commit();
    }
  }

  static boolean isRecording() {
    return FlightRecorder.isInitialized();
  }

  /** Has {@code hook} called once a second while there is a recording. */
  static void addPeriodic(Runnable hook) {
    FlightRecorder.addPeriodicEvent(QueueEvent.class, hook);
  }

  static void removePeriodic(Runnable hook) {
    var _ = FlightRecorder.removePeriodicEvent(hook);
  }
}
