package io.procession.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Writes figures where people look for them. */
public final class Page {

  private Page() {}

  /** Writes the JSON and the picture of the family into {@code directory}. */
  public static void write(Figures figures, Path directory) throws IOException {
    Files.createDirectories(directory.toAbsolutePath());
    figures.writeJson(directory.resolve(figures.family().word() + ".json"));
    new Picture(figures).writeSvg(directory.resolve(figures.family().word() + ".svg"));
  }

  /** Puts the tables into {@code document}, between the markers of the family. */
  public static void insert(Figures figures, Path document) throws IOException {
    var text = Files.readString(document);
    var word = figures.family().word();
    var begin = "<!-- figures of %s: begin -->".formatted(word);
    var end = "<!-- figures of %s: end -->".formatted(word);
    var from = text.indexOf(begin);
    var to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException(
          "the document lacks the markers between which the figures go; add these lines to it: %s %s. document=%s"
              .formatted(begin, end, document));
    }
    Files.writeString(
        document,
        text.substring(0, from + begin.length())
            + "\n\n"
            + body(figures)
            + "\n"
            + text.substring(to));
  }

  private static String body(Figures figures) {
    var tables =
        figures.byWorkload().stream()
            .map(rows -> new Table(rows).markdown())
            .collect(Collectors.joining("\n"));
    var word = figures.family().word();
    return "![%s](performance/%s.svg)\n\n%s\n%s"
        .formatted(word, word, tables, figures.provenance().sentence() + "\n");
  }
}
