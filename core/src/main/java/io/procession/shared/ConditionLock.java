package io.procession.shared;

/** What a {@link SharedCondition} needs of the lock to which it belongs. */
interface ConditionLock {

  /** What travels with the condition, and closes it. */
  SharedObject object();

  /**
   * Lets pass only a thread that has the lock.
   *
   * @throws IllegalMonitorStateException unless the calling thread has the lock
   * @throws IllegalStateException if the handle of the lock is closed
   */
  void checkHeld();

  /** Frees the lock, which the caller has, and gives how often it had it. */
  int releaseAll();

  /**
   * Takes the lock again, for as often.
   *
   * @throws IllegalStateException if the handle of the lock was closed meanwhile
   */
  void reacquire(int holds);
}
