package io.procession;

/**
 * What one worker of a pool was doing at one moment.
 *
 * @param name its name, such as {@code pool-1-worker-2}
 * @param pid its process id; 0 while it is not started yet
 * @param state what it was doing
 * @param tasksDone how many tasks it has ended since it started
 */
public record WorkerInfo(String name, long pid, State state, long tasksDone) {

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
