package io.procession.bench.report;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** Writes the numbers of an axis as the tables write them. */
final class Labels extends NumberFormat {

  private static final long serialVersionUID = 1;

  // Nobody serializes a picture.
  private final transient DoubleFunction<String> show;

  Labels(DoubleFunction<String> show) {
    this.show = show;
  }

  @Override
  public StringBuffer format(double number, StringBuffer text, FieldPosition position) {
    return text.append(show.apply(number));
  }

  @Override
  public StringBuffer format(long number, StringBuffer text, FieldPosition position) {
    return format((double) number, text, position);
  }

  @Override
  public @Nullable Number parse(String source, ParsePosition position) {
    throw new UnsupportedOperationException("labels are written, not read.");
  }
}
