package io.procession;

import io.procession.internal.engine.ChildLines;
import io.procession.internal.wire.OutputMark;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The output of a pool's workers, where each task has its own. */
final class CapturedWorkers implements ChildLines {

  private final int mostChars;
  private final String mark = OutputMark.random();
  private final Map<String, WorkerOutput> workers = new ConcurrentHashMap<>();

  CapturedWorkers(int mostChars) {
    this.mostChars = mostChars;
  }

  /** What the workers write before and after each call. */
  String mark() {
    return mark;
  }

  @Override
  public WorkerOutput open(String name) {
    return workers.computeIfAbsent(name, _ -> new WorkerOutput(mark));
  }

  /** The worker is dead, and all that it wrote was told. */
  void close(String name) {
    workers.remove(name);
  }

  Capture capture() {
    return new Capture(mostChars);
  }

  /** Waits until all is here that a task wrote that has ended in this worker. */
  void await(String worker, @Nullable Capture capture) {
    var output = workers.get(worker);
    if (output != null && capture != null) {
      output.await(capture);
    }
  }
}
