package io.procession.internal.os;

import org.jspecify.annotations.Nullable;

/**
 * A process that no reuse of its number can be mistaken for.
 *
 * @param pid the process number
 * @param start when it started: the raw field 22 of {@code /proc/<pid>/stat} (clock ticks after
 *     boot), which does not move with the wall clock; where there is no {@code /proc}, milliseconds
 *     after the epoch as the system reports them
 */
public record ProcessIdentity(long pid, long start) {

  // The methods that a record has by itself are linked at their first use, which every child pays
  // for in its start: 20 ms.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProcessIdentity process && process.pid == pid && process.start == start;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(pid) * 31 + Long.hashCode(start);
  }
}
