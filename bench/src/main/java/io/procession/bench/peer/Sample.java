package io.procession.bench.peer;

/**
 * What one measurement gave.
 *
 * @param value in the workload's unit; the median, if single times were taken
 * @param p99 what all but one in a hundred of the single times stay below; 0 if none were taken
 * @param count how many times, or how many items
 */
record Sample(double value, double p99, long count) {

  /** A figure that was not timed. */
  static Sample of(double value) {
    return new Sample(value, 0, 1);
  }

  /** As the driver reads it. */
  String json() {
    return "{\"value\": %s, \"p99\": %s, \"count\": %d}".formatted(value, p99, count);
  }
}
