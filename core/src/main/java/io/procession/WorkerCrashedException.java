package io.procession;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The worker process died while it ran the task. The task may have had effects; its result is lost.
 * The pool goes on with a new worker.
 */
public class WorkerCrashedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String worker;
  private final long pid;
  private final int exitCode;
  private final @Nullable String signal;
  private final @Nullable String errorFile;
  private final ArrayList<String> lastLines;
  private final long taskId;

  /**
   * @param worker the name of the worker
   * @param pid its process id
   * @param exitCode its exit code; 128 + n if signal n killed it
   * @param signal the name of the signal that killed it, such as {@code SIGKILL}
   * @param errorFile the fatal error log that the JVM left
   * @param lastLines the last lines that it wrote to stderr
   * @param taskId the number of the task in its pool
   */
  public WorkerCrashedException(
      String worker,
      long pid,
      int exitCode,
      @Nullable String signal,
      @Nullable Path errorFile,
      List<String> lastLines,
      long taskId) {
    this(
        "the worker died while it ran the task: it ",
        worker,
        pid,
        exitCode,
        signal,
        errorFile,
        lastLines,
        taskId);
  }

  WorkerCrashedException(
      String beginning,
      String worker,
      long pid,
      int exitCode,
      @Nullable String signal,
      @Nullable Path errorFile,
      List<String> lastLines,
      long taskId) {
    super(describe(beginning, worker, pid, exitCode, signal, errorFile, lastLines, taskId));
    this.worker = worker;
    this.pid = pid;
    this.exitCode = exitCode;
    this.signal = signal;
    this.errorFile = errorFile == null ? null : errorFile.toString();
    this.lastLines = new ArrayList<>(lastLines);
    this.taskId = taskId;
  }

  private static String describe(
      String beginning,
      String worker,
      long pid,
      int exitCode,
      @Nullable String signal,
      @Nullable Path errorFile,
      List<String> lastLines,
      long taskId) {
    var text = new StringBuilder(beginning);
    text.append(signal == null ? "exited" : "was killed by " + signal);
    if (errorFile != null) {
      text.append("; the JVM's report is in ").append(errorFile);
    }
    if (!lastLines.isEmpty()) {
      text.append("; its last lines on stderr were:\n  ")
          .append(String.join("\n  ", lastLines))
          .append('\n');
    }
    return text.append(". worker=")
        .append(worker)
        .append(" pid=")
        .append(pid)
        .append(" exitCode=")
        .append(exitCode)
        .append(" task=")
        .append(taskId)
        .toString();
  }

  /** The name of the worker. */
  public String worker() {
    return worker;
  }

  /** The process id of the worker. */
  public long pid() {
    return pid;
  }

  /** The exit code; 128 + n if signal n killed the worker. */
  public int exitCode() {
    return exitCode;
  }

  /** The name of the signal that killed the worker, such as {@code SIGKILL}; empty if it exited. */
  public Optional<String> signal() {
    return Optional.ofNullable(signal);
  }

  /** The fatal error log ({@code hs_err}) that the worker's JVM left, if it left one. */
  public Optional<Path> errorFile() {
    return Optional.ofNullable(errorFile).map(Path::of);
  }

  /** The last lines that the worker wrote to stderr. */
  public List<String> lastLines() {
    return List.copyOf(lastLines);
  }

  /** The number of the task in its pool. */
  public long taskId() {
    return taskId;
  }
}
