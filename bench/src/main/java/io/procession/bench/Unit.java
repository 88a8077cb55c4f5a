package io.procession.bench;

import java.util.Locale;

/** In what figures are given, always without a prefix: seconds, bytes, each a second. */
public enum Unit {
  SECONDS(true, "s"),
  PER_SECOND(false, "/s"),
  BYTES_PER_SECOND(false, "B/s"),
  BYTES(true, "B"),
  PERCENT(true, "%");

  private static final String[] SMALL = {"", "m", "µ", "n"};
  private static final String[] LARGE = {"", "k", "M", "G", "T"};
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti"};

  private final boolean lessIsBetter;
  private final String symbol;

  Unit(boolean lessIsBetter, String symbol) {
    this.lessIsBetter = lessIsBetter;
    this.symbol = symbol;
  }

  /** Whether the smaller of two figures is the better one. */
  public boolean lessIsBetter() {
    return lessIsBetter;
  }

  /** How it is written on the axis of a picture. */
  public String symbol() {
    return symbol;
  }

  /** The figure as a person reads it, such as {@code 43.9 µs}. */
  public String show(double value) {
    return switch (this) {
      case SECONDS -> value < 1 ? smaller(value) : larger(value, 1e9, LARGE);
      case PER_SECOND -> larger(value, 1000, LARGE);
      case BYTES_PER_SECOND, BYTES -> larger(value, 1024, BINARY);
      case PERCENT -> digits(value) + " %";
    };
  }

  private String smaller(double value) {
    var prefix = 0;
    while (value < 0.9995 && prefix < SMALL.length - 1) {
      value *= 1000;
      prefix++;
    }
    return digits(value) + " " + SMALL[prefix] + symbol;
  }

  private String larger(double value, double step, String[] prefixes) {
    var prefix = 0;
    while (value >= step * 0.9995 && prefix < prefixes.length - 1) {
      value /= step;
      prefix++;
    }
    var unit = prefixes[prefix] + symbol;
    return digits(value) + (unit.startsWith("/") ? "" : " ") + unit;
  }

  /** Three digits that count. */
  private static String digits(double value) {
    var decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
