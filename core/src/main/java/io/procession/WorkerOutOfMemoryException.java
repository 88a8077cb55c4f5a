package io.procession;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The worker process ended while it ran the task, because it had no more memory: its heap, or
 * another part that its JVM limits, was exhausted; or the process had more than {@link
 * PoolBuilder#memoryBytes} allows, and the pool killed it; or the system's memory was exhausted,
 * and the kernel killed it. The pool goes on with a new worker.
 */
public class WorkerOutOfMemoryException extends WorkerCrashedException {

  private static final long serialVersionUID = 1L;

  private final long limitBytes;
  private final long usedBytes;

  /**
   * @param worker the name of the worker
   * @param pid its process id
   * @param exitCode its exit code; 128 + n if signal n killed it
   * @param signal the name of the signal that killed it, such as {@code SIGKILL}
   * @param errorFile the fatal error log that the JVM left
   * @param lastLines the last lines that it wrote to stderr
   * @param taskId the number of the task in its pool
   * @param reason which memory was short, in a few words
   * @param limitBytes how much there was; 0 if that is unknown
   * @param usedBytes how much was used; 0 if that is unknown
   */
  public WorkerOutOfMemoryException(
      String worker,
      long pid,
      int exitCode,
      @Nullable String signal,
      @Nullable Path errorFile,
      List<String> lastLines,
      long taskId,
      String reason,
      long limitBytes,
      long usedBytes) {
    super(
        "the worker ran out of memory while it ran the task: %s. limitBytes=%s usedBytes=%s; it "
            .formatted(reason, words(limitBytes), words(usedBytes)),
        worker,
        pid,
        exitCode,
        signal,
        errorFile,
        lastLines,
        taskId);
    this.limitBytes = limitBytes;
    this.usedBytes = usedBytes;
  }

  private static String words(long bytes) {
    return bytes == 0 ? "unknown" : Long.toString(bytes);
  }

  /** How much memory there was for the worker, in bytes; 0 if that is unknown. */
  public long limitBytes() {
    return limitBytes;
  }

  /** How much of it was used when the worker ended, in bytes; 0 if that is unknown. */
  public long usedBytes() {
    return usedBytes;
  }
}
