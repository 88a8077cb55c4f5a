package io.procession;

import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one worker of a pool was doing at one moment.
 *
 * @param name its name, such as {@code pool-1-worker-2}
 * @param pid its process id; 0 while it is not started yet
 * @param state what it was doing
 * @param tasksDone how many tasks it has ended since it started
 * @param started when it was started
 * @param task the number, within its pool, of the task that it was running; 0 if it ran none
 * @param taskSince when it got to that task, as its parent saw it: some milliseconds early where
 *     tasks are short; null if it ran none
 * @param residentBytes how much memory it had in use; 0 where that is not known
 */
public record WorkerInfo(
    String name,
    long pid,
    State state,
    long tasksDone,
    Instant started,
    long task,
    @Nullable Instant taskSince,
    long residentBytes)
    implements Serializable {

  WorkerInfo withResidentBytes(long bytes) {
    return new WorkerInfo(name, pid, state, tasksDone, started, task, taskSince, bytes);
  }

  /**
   * The states of a worker.
   *
   * <pre>
   *   STARTING ──► (SPARE ──►) IDLE ◄──► BUSY ──► ENDING
   * </pre>
   */
  public enum State {
    /** Its process is coming up. */
    STARTING,
    /** It is up, and waits for the place of another. */
    SPARE,
    /** It waits for work. */
    IDLE,
    /** It has work. */
    BUSY,
    /** It takes no more work and is about to end. */
    ENDING
  }
}
