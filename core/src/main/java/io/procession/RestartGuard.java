package io.procession;

import io.procession.spi.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Notices when starting workers is futile: when one after the other dies before it has started a
 * call. Deaths in calls do not count, because each ends a call and so comes to an end.
 */
final class RestartGuard {

  private static final int MOST_EXITS = 3;

  /** More, since who kills workers may stop doing it. */
  private static final int MOST_KILLS = 20;

  private final String pool;
  private int exits;
  private int kills;

  RestartGuard(String pool) {
    this.pool = pool;
  }

  /** A call ended: workers work. */
  void reset() {
    exits = 0;
    kills = 0;
  }

  /**
   * A worker died that had started no call.
   *
   * @return why the pool should give up; null if it should not yet
   */
  @Nullable PoolBrokenException died(Engine.Exit exit) {
    if (exit.signal() == null) {
      exits++;
    } else {
      kills++;
    }
    if (exits < MOST_EXITS && kills < MOST_KILLS) {
      return null;
    }
    return new PoolBrokenException(
        "the workers die before they can run anything, so the pool gave up; %s. pool=%s exitCode=%d"
            .formatted(words(exit), pool, exit.code()),
        exit.cause());
  }

  /** The worker's own words tell more than what its parent noticed, such as a broken pipe. */
  private static String words(Engine.Exit exit) {
    if (!exit.lastLines().isEmpty()) {
      return "the last one said: " + String.join(" / ", exit.lastLines());
    }
    var cause = exit.cause();
    return cause == null
        ? "the last one said nothing"
        : "a worker could not be started: " + cause.getMessage();
  }
}
