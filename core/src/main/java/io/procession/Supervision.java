package io.procession;

/**
 * How a pool looks after its workers.
 *
 * @param graceNanos how long an interrupted call may take to end before its worker is killed
 * @param memoryBytes how much memory a worker may use; 0 if there is no limit
 * @param restarts when it gives up starting new ones
 */
record Supervision(long graceNanos, long memoryBytes, RestartGuard restarts) {}
