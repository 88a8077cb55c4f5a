package io.procession;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task took longer than {@link Pool#withTimeout} or {@link Pool#withDeadline} allows. It was
 * interrupted; if that did not end it within the pool's {@linkplain PoolBuilder#grace grace}, its
 * worker was killed and replaced, and {@link #stacks} tells what the worker did. It may have had
 * effects, unless it never started; what it returned after its time is lost. If it ended with an
 * exception of its own after the interrupt, that is the cause.
 */
public class TaskTimeoutException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String worker;
  private final long pid;
  private final long taskId;
  private final Duration timeout;
  private final @Nullable String stacks;

  /**
   * @param worker the name of the worker that ran it; empty if it never started
   * @param pid its process id; 0 if it never started
   * @param taskId the number of the task in its pool
   * @param timeout how long it was allowed to take
   * @param stacks what the threads of the worker did when it was killed; null if it was not
   */
  public TaskTimeoutException(
      String worker, long pid, long taskId, Duration timeout, @Nullable String stacks) {
    super(describe(worker, pid, taskId, timeout, stacks));
    this.worker = worker;
    this.pid = pid;
    this.taskId = taskId;
    this.timeout = timeout;
    this.stacks = stacks;
  }

  /** A task whose deadline came before it started. */
  static TaskTimeoutException neverStarted(Terms terms, long taskId) {
    return new TaskTimeoutException("", 0, taskId, Duration.ofNanos(terms.deadlineNanos()), null);
  }

  private static String describe(
      String worker, long pid, long taskId, Duration timeout, @Nullable String stacks) {
    var text = new StringBuilder();
    if (pid == 0) {
      text.append("the task had not started when its deadline came");
    } else if (stacks == null) {
      text.append("the task took too long and was interrupted");
    } else {
      text.append(
              "the task took too long, did not end when it was interrupted, and was killed with"
                  + " its worker, whose threads were:\n")
          .append(stacks.stripTrailing().indent(2));
    }
    text.append(". timeout=").append(timeout).append(" task=").append(taskId);
    if (pid != 0) {
      text.append(" worker=").append(worker).append(" pid=").append(pid);
    }
    return text.toString();
  }

  /** The name of the worker that ran the task; empty if the task never started. */
  public String worker() {
    return worker;
  }

  /** The process id of the worker that ran the task; 0 if the task never started. */
  public long pid() {
    return pid;
  }

  /** The number of the task in its pool. */
  public long taskId() {
    return taskId;
  }

  /** How long the task was allowed to take, from its start or from its submission. */
  public Duration timeout() {
    return timeout;
  }

  /**
   * What the threads of the worker did just before it was killed, or why it did not tell; empty if
   * it was not killed.
   */
  public Optional<String> stacks() {
    return Optional.ofNullable(stacks);
  }
}
