package io.procession.bench.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.procession.bench.Row;
import io.procession.bench.Series;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** A family as a picture: a chart for each workload, every axis of numbers logarithmic. */
final class Picture {

  private static final int WIDTH = 760;
  private static final int LINES_HEIGHT = 380;
  private static final int BAR_HEIGHT = 22;
  private static final int BARS_MARGIN = 90;
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  private static final Color OURS = new Color(0xC0392B);
  private static final Color OTHERS = new Color(0x7F8C8D);

  /** Dark enough for lines on white. */
  private static final Color[] COLORS = {
    new Color(0x1F77B4), new Color(0x2CA02C), new Color(0x9467BD), new Color(0x8C564B),
    new Color(0xE377C2), new Color(0x555555), new Color(0xBCBD22), new Color(0x17BECF),
    new Color(0xFF7F0E), new Color(0x003F5C), new Color(0x665191), new Color(0x2F4B00)
  };

  private final Figures figures;

  Picture(Figures figures) {
    this.figures = figures;
  }

  void writeSvg(Path file) throws IOException {
    var graphics = new VectorGraphics2D();
    var top = 0;
    for (var rows : figures.byWorkload()) {
      var height = height(rows);
      chart(rows).draw(graphics, new Rectangle2D.Double(0, top, WIDTH, height));
      top += height;
    }
    var page = new PageSize(WIDTH, top);
    var svg = new ByteArrayOutputStream();
    new SVGProcessor().getDocument(graphics.getCommands(), page).writeTo(svg);
    // A tenth of a pixel is fine enough.
    var text = svg.toString(StandardCharsets.UTF_8).replaceAll("(\\d\\.\\d)\\d+", "$1");
    Files.writeString(file, text);
  }

  private static int height(List<Row> rows) {
    return rows.size() > 1 ? LINES_HEIGHT : BARS_MARGIN + BAR_HEIGHT * peers(rows).size();
  }

  private static JFreeChart chart(List<Row> rows) {
    var chart = rows.size() > 1 ? lines(rows) : bars(rows.getFirst());
    chart.setTitle(new TextTitle(rows.getFirst().title(), TITLE));
    chart.setBackgroundPaint(Color.WHITE);
    return chart;
  }

  /** How it grows from point to point, a line for each peer. */
  private static JFreeChart lines(List<Row> rows) {
    var data = new XYSeriesCollection();
    for (var peer : peers(rows)) {
      var line = new XYSeries(peer);
      for (var row : rows) {
        if (median(row, peer) > 0) {
          line.add((double) row.point(), median(row, peer));
        }
      }
      data.addSeries(line);
    }
    var first = rows.getFirst();
    var points = new Scale(point -> first.axis().show(Math.round(point)));
    var renderer = new XYLineAndShapeRenderer();
    for (var number = 0; number < data.getSeriesCount(); number++) {
      var ours = data.getSeriesKey(number).equals(Row.OURS);
      renderer.setSeriesPaint(number, ours ? OURS : COLORS[number % COLORS.length]);
      renderer.setSeriesStroke(number, new BasicStroke(ours ? 3 : 1.5f));
    }
    return new JFreeChart(new XYPlot(data, points, values(rows), renderer));
  }

  /** A single point, a bar for each peer. */
  private static JFreeChart bars(Row row) {
    var data = new DefaultCategoryDataset();
    for (var peer : peers(List.of(row))) {
      data.addValue(median(row, peer), "", peer);
    }
    var renderer =
        new BarRenderer() {
          private static final long serialVersionUID = 1;

          @Override
          public java.awt.Paint getItemPaint(int series, int peer) {
            return data.getColumnKey(peer).equals(Row.OURS) ? OURS : OTHERS;
          }
        };
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    var plot = new CategoryPlot(data, new CategoryAxis(), values(List.of(row)), renderer);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    return new JFreeChart(null, JFreeChart.DEFAULT_TITLE_FONT, plot, false);
  }

  private static NumberAxis values(List<Row> rows) {
    var medians =
        rows.stream()
            .flatMap(row -> row.series().stream())
            .filter(Series::measured)
            .mapToDouble(series -> series.samples().median())
            .filter(median -> median > 0)
            .summaryStatistics();
    var axis = new Scale(rows.getFirst().unit()::show);
    axis.setRange(powerOfTen(medians.getMin(), 0), powerOfTen(medians.getMax(), 1));
    return axis;
  }

  private static double median(Row row, String peer) {
    return row.of(peer).map(series -> series.samples().median()).orElse(0.0);
  }

  /** Those with a figure above nothing; a logarithm has no place for the others. */
  private static List<String> peers(List<Row> rows) {
    return rows.stream()
        .flatMap(row -> row.series().stream())
        .map(Series::peer)
        .distinct()
        .filter(peer -> rows.stream().anyMatch(row -> median(row, peer) > 0))
        .toList();
  }

  private static double powerOfTen(double value, int more) {
    return Double.isFinite(value) ? Math.pow(10, Math.floor(Math.log10(value)) + more) : 1 + more;
  }
}
