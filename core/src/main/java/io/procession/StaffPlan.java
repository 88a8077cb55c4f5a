package io.procession;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many workers a pool has, and when one has served long enough.
 *
 * @param workers how many take work
 * @param spares how many more are kept ready
 * @param mostTasks after how many tasks one is replaced; 0: never
 * @param longestAge after how long; null: never
 * @param mostBytes from how much resident memory on; 0: never
 */
record StaffPlan(
    int workers, int spares, long mostTasks, @Nullable Duration longestAge, long mostBytes) {

  boolean limitsService() {
    return mostTasks > 0 || longestAge != null || mostBytes > 0;
  }
}
