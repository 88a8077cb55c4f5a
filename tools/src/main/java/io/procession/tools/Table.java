package io.procession.tools;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lines whose cells stand below each other. */
final class Table {

  private static final String GAP = "  ";

  private Table() {}

  static List<String> of(List<String> titles, List<List<String>> rows) {
    var widths =
        IntStream.range(0, titles.size())
            .map(column ->
                Stream.concat(Stream.of(titles), rows.stream())
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0))
            .toArray();
    return Stream.concat(Stream.of(titles), rows.stream()).map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (var column = 0; column < widths.length; column++) {
      var cell = row.get(column);
      line.append(cell).repeat(' ', widths[column] - cell.length()).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
