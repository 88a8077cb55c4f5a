package io.procession.bench.report;

import io.procession.bench.Ratio;
import io.procession.bench.Row;
import io.procession.bench.Series;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A workload as a table in Markdown: a line for each peer, a column for each point. */
public final class Table {

  private final List<Row> rows;

  /**
   * @param rows of one workload
   */
  public Table(List<Row> rows) {
    this.rows = rows;
  }

  /**
   * The title, to which others link, then the table; remarks on those who did not take part follow
   * it.
   */
  public String markdown() {
    var text = new StringBuilder();
    var first = rows.getFirst();
    text.append("<a id=\"%s\"></a>**".formatted(first.workload()))
        .append(first.title())
        .append("** (`")
        .append(first.workload())
        .append("`)\n\n|");
    for (var row : rows) {
      text.append(" | ").append(row.axis().show(row.point()));
    }
    text.append(" |\n|---").append("|---".repeat(rows.size())).append("|\n");
    for (var peer : peers()) {
      text.append("| ").append(peer);
      for (var row : rows) {
        text.append(" | ").append(cell(row, peer));
      }
      text.append(" |\n");
    }
    return text.append(remarks()).toString();
  }

  private List<String> peers() {
    return rows.stream()
        .flatMap(row -> row.series().stream())
        .map(Series::peer)
        .distinct()
        .filter(peer -> rows.stream().anyMatch(row -> row.of(peer).isPresent()))
        .toList();
  }

  private static String cell(Row row, String peer) {
    return row.of(peer)
        .map(series -> {
          var unit = row.unit();
          var samples = series.samples();
          var text = new StringBuilder(unit.show(samples.median()));
          text.append(String.format(Locale.ROOT, " ±%.0f %%", 100 * samples.spread()));
          if (!series.p99s().isEmpty()) {
            text.append("<br>p99 ").append(unit.show(series.p99s().median()));
          }
          if (!peer.equals(Row.OURS)) {
            row.ratio(peer)
                .map(Ratio::show)
                .filter(ratio -> !ratio.isEmpty())
                .ifPresent(ratio -> text.append("<br>").append(ratio));
          }
          return text.toString();
        })
        .orElse("–");
  }

  /** Who did not take part, or not to the end, by the reason. */
  private String remarks() {
    var reasons = new LinkedHashMap<String, Set<String>>();
    for (var row : rows) {
      for (var series : row.series()) {
        if (series.remark() != null) {
          var point = row.axis().show(row.point());
          var who = series.peer() + (point.isEmpty() ? "" : " with " + point);
          reasons.computeIfAbsent(series.remark(), _ -> new LinkedHashSet<>()).add(who);
        }
      }
    }
    var text = new StringBuilder();
    reasons.forEach((reason, who) ->
        text.append("\nNot measured, or not to the end: ")
            .append(String.join("; ", who))
            .append(": ")
            .append(reason)
            .append(".\n"));
    return text.toString();
  }
}
