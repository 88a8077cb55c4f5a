package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
class OneBillionRowsTest {

  @TempDir Path directory;

  /** What is printed for this file, without the times. */
  private List<String> table(Way way, Path file) throws Exception {
    var lines = way.run("OneBillionRows", file.toString()).lines();
    assertThat(lines).noneMatch(line -> line.contains("WRONG"));
    assertThat(lines.get(0)).matches("one thread +\\d+\\.\\d+ s +[\\d,]+ rows per second");
    assertThat(lines.get(1)).matches("\\d+ threads +\\d+\\.\\d+ s +[\\d,]+ rows per second");
    assertThat(lines.get(2)).matches("\\d+ processes +\\d+\\.\\d+ s +[\\d,]+ rows per second");
    assertThat(lines.get(3)).matches("the obvious program +\\d+\\.\\d+ s .* rows per second");
    return lines.subList(4, lines.size());
  }

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("rows"), text);
  }

  @ParameterizedTest
  @EnumSource
  void findsLeastMeanAndGreatest(Way way) throws Exception {
    var file =
        file(
            """
            Oslo;-3.1
            São Paulo;25.0
            Oslo;0.0
            Ürümqi;-0.1
            Oslo;2.0
            a no. 7 (north);99.9
            São Paulo;24.9\
            """); // and no newline in the end

    assertThat(table(way, file))
        .containsExactly(
            "Oslo=-3.1/-0.4/2.0",
            "São Paulo=24.9/25.0/25.0",
            "a no. 7 (north)=99.9/99.9/99.9",
            "Ürümqi=-0.1/-0.1/-0.1");
  }

  @Test
  void aMadeFileHasAllItsRowsInEveryWay() throws Exception {
    var file = directory.resolve("rows");
    Way.SCRIPT.run("OneBillionRows", "make", "300000", file.toString());
    assertThat(Files.readAllLines(file)).hasSize(300_000);

    var table = table(Way.SCRIPT, file);

    assertThat(table).hasSize(400).isSortedAccordingTo((a, b) -> name(a).compareTo(name(b)));
    assertThat(table)
        .anyMatch(line -> line.matches("Đà Nẵng 12=-?\\d+\\.\\d/-?\\d+\\.\\d/\\d+\\.\\d"));
  }

  private static String name(String line) {
    return line.replaceFirst("=.*", "");
  }

  /** Files so small that parts end within every line, or are of one line. */
  @Test
  void partsAreWholeLinesWhereverTheFileIsDivided() throws Exception {
    for (int rows : List.of(1, 2, 9, 20)) {
      var lines = IntStream.range(0, rows).mapToObj(i -> "x".repeat(1 + i % 7) + ";" + i + ".5\n");

      var table = table(Way.COMPILED, file(String.join("", lines.toList())));

      assertThat(table).hasSize(Math.min(rows, 7)).first().asString().startsWith("x=0.5/");
    }
  }

  @Test
  void anEmptyFileHasNoStations() throws Exception {
    assertThat(table(Way.COMPILED, file(""))).isEmpty();
  }

  @Test
  void aBadLineIsNamed() throws Exception {
    for (var bad : List.of("Oslo", "Oslo;1.", "Oslo;.1", "", "Oslo;1.0\r")) {
      var good = String.join("", Collections.nCopies(100, "Bergen;1.0\n"));

      var outcome =
          Way.COMPILED
              .program("OneBillionRows")
              .arguments(file(good + bad + "\n" + good).toString())
              .run();

      assertThat(outcome.exitCode()).as("%s: %s", bad, outcome).isEqualTo(1);
      assertThat(outcome.errors())
          .contains("a line is not like Oslo;-3.1. position=1100 line=" + bad.strip());
    }
  }

  @Test
  void wrongArgumentsAreAnsweredWithASentence() throws Exception {
    var missing = Way.COMPILED.program("OneBillionRows").arguments(directory + "/missing").run();
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.errorLines()).singleElement().asString().contains("/missing");

    for (var wrong :
        List.of(List.<String>of(), List.of("make", "0", "file"), List.of("make", "1"))) {
      var outcome =
          Way.COMPILED.program("OneBillionRows").arguments(wrong.toArray(String[]::new)).run();
      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
      assertThat(outcome.errorLines()).singleElement().asString().startsWith("usage: ");
    }
  }
}
