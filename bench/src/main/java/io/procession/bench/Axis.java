package io.procession.bench;

/**
 * What grows from one point of a workload to the next; its name is the parameter that peers get.
 */
public enum Axis {
  NONE,
  WORKERS,
  ITEMS,
  BYTES,
  /** This many producers and as many consumers. */
  PAIRS,
  PROCESSES,
  TASKS,
  CONNECTIONS;

  /** The parameter as peers know it. */
  public String parameter() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The heading of a column. */
  public String show(long point) {
    return switch (this) {
      case NONE -> "";
      case BYTES -> bytes(point);
      case WORKERS, PAIRS, PROCESSES, ITEMS, TASKS, CONNECTIONS ->
          "%,d %s".formatted(point, point == 1 ? singular() : parameter());
    };
  }

  private String singular() {
    return parameter().replaceAll("e?s$", "");
  }

  private static String bytes(long count) {
    return count >= 1 << 20 && count % (1 << 20) == 0
        ? (count >> 20) + " MiB"
        : count >= 1 << 10 && count % (1 << 10) == 0 ? (count >> 10) + " KiB" : count + " B";
  }
}
