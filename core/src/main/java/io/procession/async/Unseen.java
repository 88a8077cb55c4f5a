package io.procession.async;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.LinkedHashSet;
import java.util.Set;

/** Exceptions of tasks that nobody has asked for as yet; each is logged if nobody ever does. */
final class Unseen {

  private static final System.Logger LOGGER = System.getLogger("io.procession.async");

  private final ReferenceQueue<LoopTask<?>> garbage = new ReferenceQueue<>();
  private final Set<Report> reports = new LinkedHashSet<>();

  /** What is left of a failed task when the task itself is garbage. */
  static final class Report extends PhantomReference<LoopTask<?>> {

    private final Unseen unseen;
    private final String task;
    private final Throwable failure;

    private Report(Unseen unseen, LoopTask<?> task, Throwable failure) {
      super(task, unseen.garbage);
      this.unseen = unseen;
      this.task = task.name();
      this.failure = failure;
    }

    /** Somebody has asked for the exception. */
    void seen() {
      synchronized (unseen) {
        unseen.reports.remove(this);
      }
    }
  }

  synchronized Report add(LoopTask<?> task, Throwable failure) {
    for (var gone = garbage.poll(); gone != null; gone = garbage.poll()) {
      if (gone instanceof Report report && reports.remove(report)) {
        log(report);
      }
    }
    var report = new Report(this, task, failure);
    reports.add(report);
    return report;
  }

  /** The loop has ended: nobody will ask any more. */
  synchronized void logAll() {
    reports.forEach(Unseen::log);
    reports.clear();
  }

  private static void log(Report report) {
    LOGGER.log(
        System.Logger.Level.ERROR,
        "a task failed, and nobody awaited it. task=" + report.task,
        report.failure);
  }
}
