package io.procession;

import io.procession.spi.Engine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
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

  /** How many deaths within the period are borne; without a period it is by the constants above. */
  private final int mostDeaths;

  private final long periodNanos;

  /** When the last ones died, as far as a period counts. */
  private final ArrayDeque<Long> deathNanos = new ArrayDeque<>();

  private int exits;
  private int kills;

  RestartGuard(String pool, int mostDeaths, Duration period) {
    this.pool = pool;
    this.mostDeaths = mostDeaths;
    this.periodNanos = TimeUnit.NANOSECONDS.convert(period);
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
    return died(exit, System.nanoTime());
  }

  @Nullable PoolBrokenException died(Engine.Exit exit, long nowNanos) {
    if (periodNanos > 0 ? isTooOften(nowNanos) : areTooMany(exit)) {
      return new PoolBrokenException(
          "the workers die before they can run anything, so the pool gave up; %s. pool=%s exitCode=%d"
              .formatted(words(exit), pool, exit.code()),
          exit.cause());
    }
    return null;
  }

  private boolean isTooOften(long nowNanos) {
    deathNanos.addLast(nowNanos);
    while (nowNanos - deathNanos.getFirst() >= periodNanos) {
      deathNanos.removeFirst();
    }
    return deathNanos.size() > mostDeaths;
  }

  private boolean areTooMany(Engine.Exit exit) {
    if (exit.signal() == null) {
      exits++;
    } else {
      kills++;
    }
    return exits >= MOST_EXITS || kills >= MOST_KILLS;
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
