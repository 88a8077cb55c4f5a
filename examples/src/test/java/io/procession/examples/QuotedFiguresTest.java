package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A figure that a page quotes is a link to its table, whose title says in which line and column it
 * stands: {@code [693 ms](../performance.md#start "Procession")}. {@code bench/run --write} and
 * {@code --render} write them anew.
 */
class QuotedFiguresTest {

  private static final Path FIGURES = Way.ROOT.resolve("docs/performance.md");

  private static final Pattern TITLE = Pattern.compile("<a id=\"([\\w-]+)\"></a>");

  private static final Pattern LINK =
      Pattern.compile(
          "\\[([^\\]\\n]*)]\\([^\\s()]*performance\\.md#([\\w-]+)(?: \"([^\"]+)\")?\\)");

  /**
   * The figures of each table, by its anchor, then by line and column, {@code peer} or {@code peer,
   * point}.
   */
  private static Map<String, Map<String, String>> tables() throws IOException {
    var tables = new HashMap<String, Map<String, String>>();
    Map<String, String> table = new HashMap<>();
    @Nullable List<String> columns = null;
    for (var line : Files.readAllLines(FIGURES)) {
      var title = TITLE.matcher(line);
      if (title.find()) {
        table = new HashMap<>();
        assertThat(tables.put(title.group(1), table)).as("the other one, %s", line).isNull();
      } else if (!line.startsWith("| ")) {
        columns = line.startsWith("|---") ? columns : null;
      } else if (columns == null) {
        columns = cells(line);
      } else {
        var cells = cells(line);
        for (var i = 1; i < cells.size(); i++) {
          var where = cells.getFirst() + (columns.get(i).isEmpty() ? "" : ", " + columns.get(i));
          table.put(where, cells.get(i).replaceFirst(" ±.*", ""));
        }
      }
    }
    return tables;
  }

  private static List<String> cells(String line) {
    var cells = line.split("\\|", -1);
    return Arrays.stream(cells, 1, cells.length - 1).map(String::strip).toList();
  }

  @Test
  void everyQuotedFigureStandsInItsTable() throws Exception {
    var tables = tables();
    assertThat(tables).hasSizeGreaterThan(20);
    for (var document : DocumentationTest.documents()) {
      for (var link : LINK.matcher(Files.readString(document)).results().toList()) {
        assertThat(tables).as("%s in %s", link.group(), document).containsKey(link.group(2));
        if (link.group(3) != null) {
          assertThat(tables.get(link.group(2)))
              .as("%s in %s", link.group(), document)
              .containsEntry(link.group(3), link.group(1));
        }
      }
    }
  }

  /** What to take is told with a figure, for each kind of work. */
  @Test
  void everyLineOfTheDecisionTableQuotesAFigure() throws Exception {
    var rows =
        Files.readAllLines(Way.ROOT.resolve("docs/guide/which-way.md")).stream()
            .dropWhile(line -> !line.equals("## When which"))
            .skip(1)
            .takeWhile(line -> !line.startsWith("## "))
            .filter(line -> line.startsWith("| "))
            .skip(1)
            .toList();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(9);
    assertThat(rows)
        .allSatisfy(row -> {
          var quoted =
              LINK.matcher(cells(row).getLast())
                  .results()
                  .map(link -> Optional.ofNullable(link.group(3)));
          assertThat(quoted).as("%s", row).isNotEmpty().doesNotContain(Optional.empty());
        });
  }
}
