package io.procession.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.gson.JsonParser;
import io.procession.bench.Axis;
import io.procession.bench.Family;
import io.procession.bench.Row;
import io.procession.bench.Samples;
import io.procession.bench.Series;
import io.procession.bench.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  private static final Samples NONE = new Samples(List.of());

  @TempDir Path directory;

  private static Row row(long workers, double ours, double theirs) {
    return new Row(
        Family.POOLS,
        "round-trip",
        "Round trip",
        Unit.SECONDS,
        Axis.WORKERS,
        workers,
        List.of(
            new Series(Row.OURS, samples(ours), samples(2 * ours), null),
            new Series("Other", samples(theirs), NONE, null),
            new Series("Absent", NONE, NONE, "cannot")));
  }

  private static Samples samples(double value) {
    return new Samples(List.of(value, value, value));
  }

  private static Figures figures() {
    return new Figures(
        Family.POOLS,
        new Provenance("bench/run", "2026-11-21", "a machine", 0.5, List.of("Other 1"), List.of()),
        List.of(row(1, 2e-6, 20e-6), row(64, 4e-6, 2e-6)));
  }

  @Test
  void aTableHasALineForEachPeerThatWasMeasuredAndSaysWhoWasNot() {
    assertThat(new Table(figures().rows()).markdown())
        .isEqualTo(
            """
            <a id="round-trip"></a>**Round trip** (`round-trip`)

            | | 1 worker | 64 workers |
            |---|---|---|
            | Procession | 2.00 µs ±0 %<br>p99 4.00 µs | 4.00 µs ±0 %<br>p99 8.00 µs |
            | Other | 20.0 µs ±0 %<br>**10 ×** | 2.00 µs ±0 %<br>**0.5 ×** |

            Not measured, or not to the end: Absent with 1 worker; Absent with 64 workers: cannot.
            """);
  }

  @Test
  void thePageGetsWhatLiesBetweenItsMarkers() throws IOException {
    var document = directory.resolve("performance.md");
    Files.writeString(
        document,
        "before\n<!-- figures of pools: begin -->\nold\n<!-- figures of pools: end -->\nafter\n");
    Page.insert(figures(), document);
    Page.insert(figures(), document);
    assertThat(document)
        .content()
        .startsWith("before\n<!-- figures of pools: begin -->\n\n![")
        .endsWith("<!-- figures of pools: end -->\nafter\n")
        .containsOnlyOnce("| Other |")
        .doesNotContain("old");
  }

  @Test
  void whatOtherPagesQuoteIsWrittenAnew() throws IOException {
    var page = Files.createDirectories(directory.resolve("guide")).resolve("page.md");
    Files.writeString(
        page,
        """
        [old](../performance.md#round-trip "Procession, 1 worker"), [](../performance.md#round-trip "Other, 64 workers")
        [kept](../performance.md#round-trip "Absent, 1 worker") [kept](../performance.md#start "Procession")
        [kept](../performance.md#round-trip) [kept](page.md "Procession, 1 worker")
        """);
    Quotes.refresh(figures(), directory);
    assertThat(page)
        .content()
        .isEqualTo(
            """
            [2.00 µs](../performance.md#round-trip "Procession, 1 worker"), [2.00 µs](../performance.md#round-trip "Other, 64 workers")
            [kept](../performance.md#round-trip "Absent, 1 worker") [kept](../performance.md#start "Procession")
            [kept](../performance.md#round-trip) [kept](page.md "Procession, 1 worker")
            """);
  }

  @Test
  void aPageWithoutMarkersIsRefusedByName() throws IOException {
    var document = Files.writeString(directory.resolve("performance.md"), "nothing");
    assertThatIllegalStateException()
        .isThrownBy(() -> Page.insert(figures(), document))
        .withMessageContaining("figures of pools: begin")
        .withMessageEndingWith("document=" + document);
  }

  @Test
  void everythingIsWrittenAsJsonAndAPictureAsText() throws IOException {
    Page.write(figures(), directory.resolve("figures"));
    var json = JsonParser.parseString(Files.readString(directory.resolve("figures/pools.json")));
    var first = json.getAsJsonObject().getAsJsonArray("rows").get(0).getAsJsonObject();
    assertThat(first.getAsJsonArray("series").get(1).toString())
        .contains("\"peer\":\"Other\"", "2.0E-5");
    assertThat(Figures.readJson(directory.resolve("figures/pools.json"))).isEqualTo(figures());
    assertThat(directory.resolve("figures/pools.svg"))
        .content()
        .contains("<svg", "Round trip", ">Other<", ">10 workers<")
        .doesNotContain("Absent");
  }
}
