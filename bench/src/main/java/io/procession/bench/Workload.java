package io.procession.bench;

import java.util.Locale;

/** What is measured. The name is what {@code peer.py} knows it by. */
enum Workload {
  CHILD_START("Start of a child process that does nothing, and its end", Unit.SECONDS, true),
  POOL_START("Opening a pool, up to its first result", Unit.SECONDS, true),
  ROUND_TRIP("Round trip of one empty task", Unit.SECONDS, false),
  SINGLE_TASKS("Tasks, chunk size 1", Unit.TASKS_PER_SECOND, false),
  ITEMS("Items, default chunks", Unit.ITEMS_PER_SECOND, false),
  ARGUMENTS("Arguments of 1 MiB", Unit.MEBIBYTES_PER_SECOND, false),
  RESULTS("Results of 1 MiB", Unit.MEBIBYTES_PER_SECOND, false),
  MEMORY("Memory of an idle worker", Unit.MEBIBYTES, false),
  IDLE("Processor time of an idle pool", Unit.PERCENT, false);

  /** How figures are shown, and whether less of it is better. */
  enum Unit {
    SECONDS(true),
    TASKS_PER_SECOND(false),
    ITEMS_PER_SECOND(false),
    MEBIBYTES_PER_SECOND(false),
    MEBIBYTES(true),
    PERCENT(true);

    final boolean lessIsBetter;

    Unit(boolean lessIsBetter) {
      this.lessIsBetter = lessIsBetter;
    }

    String show(double value) {
      return switch (this) {
        case SECONDS -> value < 1e-3 ? show(value * 1e6, "µs") : show(value * 1e3, "ms");
        case TASKS_PER_SECOND, ITEMS_PER_SECOND ->
            value < 1e6 ? show(value / 1e3, "k/s") : show(value / 1e6, "M/s");
        case MEBIBYTES_PER_SECOND -> show(value, "MiB/s");
        case MEBIBYTES -> show(value, "MiB");
        case PERCENT -> String.format(Locale.ROOT, "%.2f %%", value);
      };
    }

    private static String show(double value, String unit) {
      var digits = value < 10 ? 2 : value < 100 ? 1 : 0;
      return String.format(Locale.ROOT, "%." + digits + "f %s", value, unit);
    }
  }

  final String title;
  final Unit unit;

  /** Whether each measurement starts processes, rather than uses those of an open pool. */
  final boolean starts;

  Workload(String title, Unit unit, boolean starts) {
    this.title = title;
    this.unit = unit;
    this.starts = starts;
  }
}
