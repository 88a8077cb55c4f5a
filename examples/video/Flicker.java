package video;

import java.util.Arrays;

/**
 * Watches one quantity at many places, and tells where it went up and down too often: more than
 * three flashes, of two opposing changes each, within one second.
 */
final class Flicker {

  private static final int TOO_MANY = 7;

  private final float leastChange;
  private final float[] low; // the lowest value since the last change downwards
  private final float[] high; // the highest since the last change upwards
  private final boolean[] lowCounts;
  private final boolean[] highCounts;
  private final byte[] direction; // of the last change: 1 up, -1 down, 0 none yet
  private final long[] changed; // for each place a ring: when the last changes were
  private final byte[] next;

  /**
   * @param leastChange a difference as large as this is a change
   */
  Flicker(int places, float leastChange) {
    this.leastChange = leastChange;
    low = new float[places];
    high = new float[places];
    Arrays.fill(low, Float.POSITIVE_INFINITY);
    Arrays.fill(high, Float.NEGATIVE_INFINITY);
    lowCounts = new boolean[places];
    highCounts = new boolean[places];
    direction = new byte[places];
    changed = new long[places * TOO_MANY];
    Arrays.fill(changed, -1000);
    next = new byte[places];
  }

  /**
   * Looks at a place.
   *
   * @param counts whether a change from or to this value counts; it is enough if one end of it does
   */
  void see(int place, float value, boolean counts, long millis) {
    if (value > high[place]) {
      high[place] = value;
      highCounts[place] = counts;
    }
    if (value < low[place]) {
      low[place] = value;
      lowCounts[place] = counts;
    }
    if (direction[place] >= 0
        && high[place] - value >= leastChange
        && (counts || highCounts[place])) {
      change(place, -1, millis);
      low[place] = value;
      lowCounts[place] = counts;
    } else if (direction[place] <= 0
        && value - low[place] >= leastChange
        && (counts || lowCounts[place])) {
      change(place, 1, millis);
      high[place] = value;
      highCounts[place] = counts;
    }
  }

  private void change(int place, int to, long millis) {
    direction[place] = (byte) to;
    changed[place * TOO_MANY + next[place]] = millis;
    next[place] = (byte) ((next[place] + 1) % TOO_MANY);
  }

  /** Whether there were too many changes at this place within the second that ends now. */
  boolean tooOften(int place, long millis) {
    return millis - changed[place * TOO_MANY + next[place]] < 1000;
  }
}
