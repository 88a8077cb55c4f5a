package io.procession.bench.report;

import java.util.function.DoubleFunction;
import org.jfree.chart.axis.LogarithmicAxis;

/** A logarithmic axis whose numbers are written as the tables write them. */
final class Scale extends LogarithmicAxis {

  private static final long serialVersionUID = 1;

  // Nobody serializes a picture.
  private final transient DoubleFunction<String> show;

  Scale(DoubleFunction<String> show) {
    super("");
    this.show = show;
    setNumberFormatOverride(new Labels(show)); // upright axes ask this
  }

  @Override
  protected String makeTickLabel(double value, boolean always) {
    return show.apply(value);
  }

  @Override
  protected String makeTickLabel(double value) {
    return show.apply(value);
  }
}
