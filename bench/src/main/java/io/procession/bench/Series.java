package io.procession.bench;

import org.jspecify.annotations.Nullable;

/**
 * What one peer reached at one point.
 *
 * @param samples a figure of each round; none if it could not take part
 * @param p99s of each round what all but one in a hundred single times stay below; none if it
 *     counted and did not time
 * @param remark why it did not take part, or did not go on
 */
public record Series(String peer, Samples samples, Samples p99s, @Nullable String remark) {

  /** Whether there is a figure at all. */
  public boolean measured() {
    return !samples.isEmpty();
  }
}
