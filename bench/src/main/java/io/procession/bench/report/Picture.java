package io.procession.bench.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.procession.bench.Axis;
import io.procession.bench.Row;
import io.procession.bench.Series;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A family as a picture: a chart for each workload, all axes of numbers logarithmic. */
final class Picture {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 340;

  private final Figures figures;

  Picture(Figures figures) {
    this.figures = figures;
  }

  void writeSvg(Path file) throws IOException {
    var charts = figures.byWorkload().stream().map(Picture::chart).toList();
    var graphics = new VectorGraphics2D();
    for (var chart : charts) {
      chart.paint(graphics, WIDTH, HEIGHT);
      graphics.translate(0, HEIGHT);
    }
    var page = new PageSize(WIDTH, (double) HEIGHT * charts.size());
    try (var out = Files.newOutputStream(file)) {
      new SVGProcessor().getDocument(graphics.getCommands(), page).writeTo(out);
    }
  }

  private static Chart<?, ?> chart(List<Row> rows) {
    return rows.size() == 1 ? bars(rows.getFirst()) : lines(rows);
  }

  private static Chart<?, ?> lines(List<Row> rows) {
    var first = rows.getFirst();
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(first.title())
            .xAxisTitle(first.axis().parameter())
            .yAxisTitle(first.unit().symbol())
            .build();
    style(chart.getStyler(), rows);
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setMarkerSize(6);
    for (var peer : peers(rows)) {
      var points = rows.stream().filter(row -> row.of(peer).isPresent()).toList();
      chart.addSeries(
          peer,
          points.stream().mapToDouble(Row::point).toArray(),
          points.stream().mapToDouble(row -> median(row, peer)).toArray());
    }
    return chart;
  }

  private static Chart<?, ?> bars(Row row) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(row.title())
            .yAxisTitle(row.unit().symbol())
            .build();
    style(chart.getStyler(), List.of(row));
    for (var peer : peers(List.of(row))) {
      chart.addSeries(peer, List.of(label(row)), List.of(median(row, peer)));
    }
    return chart;
  }

  /** The library has no place for an empty label. */
  private static String label(Row row) {
    return row.axis() == Axis.NONE ? " " : row.axis().show(row.point());
  }

  private static void style(AxesChartStyler styler, List<Row> rows) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setLocale(Locale.ROOT);
    styler.setYAxisLogarithmic(true);
    // A logarithmic axis needs room for at least one power of ten.
    var medians = medians(rows).toArray();
    var least = java.util.Arrays.stream(medians).min().orElse(1);
    var most = java.util.Arrays.stream(medians).max().orElse(10);
    styler.setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
    styler.setYAxisMax(Math.pow(10, Math.floor(Math.log10(most)) + 1));
    var unit = rows.getFirst().unit();
    styler.setyAxisTickLabelsFormattingFunction(unit::show);
  }

  private static java.util.stream.DoubleStream medians(List<Row> rows) {
    return rows.stream()
        .flatMap(row -> row.series().stream())
        .filter(Series::measured)
        .mapToDouble(series -> series.samples().median())
        .filter(median -> median > 0);
  }

  private static double median(Row row, String peer) {
    return row.of(peer).map(series -> series.samples().median()).orElse(Double.NaN);
  }

  /** Those with a figure above nothing; a logarithm has no place for the others. */
  private static List<String> peers(List<Row> rows) {
    Stream<String> names = rows.stream().flatMap(row -> row.series().stream()).map(Series::peer);
    return names
        .distinct()
        .filter(peer -> rows.stream().anyMatch(row -> median(row, peer) > 0))
        .toList();
  }
}
