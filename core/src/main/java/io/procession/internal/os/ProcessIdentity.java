package io.procession.internal.os;

/**
 * A process that no reuse of its number can be mistaken for.
 *
 * @param pid the process number
 * @param start when it started: the raw field 22 of {@code /proc/<pid>/stat} (clock ticks after
 *     boot), which does not move with the wall clock; where there is no {@code /proc}, milliseconds
 *     after the epoch as the system reports them
 */
public record ProcessIdentity(long pid, long start) {}
