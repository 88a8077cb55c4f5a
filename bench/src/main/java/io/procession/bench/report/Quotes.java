package io.procession.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The figures that other pages quote. Each is a link to its table, whose title says in which line
 * and, where there are several, in which column it stands:
 *
 * <pre>{@code
 * [14.2 µs](../performance.md#start "JVM: virtual thread")
 * [47.8 µs](../performance.md#round-trip "Procession, 2 workers")
 * }</pre>
 */
public final class Quotes {

  private static final Pattern LINK =
      Pattern.compile(
          "\\[[^\\]\\n]*](?<target>\\([^\\s()]*performance\\.md#(?<workload>[\\w-]+)"
              + " \"(?<peer>[^\",]+)(, (?<point>[^\"]+))?\"\\))");

  private Quotes() {}

  /**
   * Puts the figures as they are now into all pages in {@code directory}. A quote of what was not
   * measured now stays as it is.
   */
  public static void refresh(Figures figures, Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (var page : files.filter(file -> file.toString().endsWith(".md")).toList()) {
        var text = Files.readString(page);
        var fresh =
            LINK.matcher(text)
                .replaceAll(link ->
                    Matcher.quoteReplacement(
                        figure(figures, link)
                            .map(figure -> "[" + figure + "]" + link.group("target"))
                            .orElse(link.group())));
        if (!fresh.equals(text)) {
          Files.writeString(page, fresh);
        }
      }
    }
  }

  private static Optional<String> figure(Figures figures, MatchResult link) {
    var point = Optional.ofNullable(link.group("point")).orElse("");
    return figures.rows().stream()
        .filter(row -> row.workload().equals(link.group("workload")))
        .filter(row -> row.axis().show(row.point()).equals(point))
        .findFirst()
        .flatMap(row ->
            row.of(link.group("peer")).map(series -> row.unit().show(series.samples().median())));
  }
}
