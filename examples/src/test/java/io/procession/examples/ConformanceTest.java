package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The pages on what CPython and the JDK test name only tests that exist, and leave no class out.
 */
class ConformanceTest {

  private static final Pattern OURS = Pattern.compile("`(\\w+)#(\\w+)`");

  private static String page(String name) throws IOException {
    return Files.readString(Way.ROOT.resolve("docs/" + name + ".md"));
  }

  /** The text of each test and contract, by the name of its class. */
  private static Map<String, String> sources() throws IOException {
    try (var core = Files.walk(Way.ROOT.resolve("core/src/test"));
        var testkit = Files.walk(Way.ROOT.resolve("testkit/src"))) {
      return Stream.concat(core, testkit)
          .filter(file -> file.toString().endsWith(".java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  ConformanceTest::read,
                  String::concat));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"conformance, 100", "jsr166, 60"})
  void everyTestThatIsNamedExists(String name, int least) throws Exception {
    var sources = sources();
    var named = OURS.matcher(page(name)).results().toList();
    assertThat(named).hasSizeGreaterThan(least);
    assertThat(named)
        .allSatisfy(test ->
            assertThat(sources.getOrDefault(test.group(1), ""))
                .as(test.group())
                .containsPattern("void " + test.group(2) + "\\("));
  }

  @Test
  void everyBehaviourOfTheJdkHasATestOrNone() throws Exception {
    var ours =
        page("jsr166")
            .lines()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| behaviour"))
            .map(line -> line.split("\\|", -1)[2].strip())
            .toList();
    assertThat(ours).hasSizeGreaterThan(35);
    assertThat(ours)
        .allSatisfy(cell ->
            assertThat(OURS.matcher(cell).replaceAll("")).as("%s", cell).doesNotContain("`"))
        .allSatisfy(cell -> assertThat(cell).containsPattern(OURS.pattern() + "|^none$"));
  }

  @Test
  void everyClassOfCPythonIsThereWithATestOrAReason() throws Exception {
    var rows =
        page("conformance")
            .lines()
            .filter(line -> line.startsWith("| `"))
            .flatMap(line ->
                Stream.of(line.split("\\|", -1)[1].split(",", -1))
                    .map(name -> Map.entry(name.replace("`", "").strip(), line)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    var list = Way.FOLDER.resolve("src/test/resources/cpython-test-classes.txt");
    var classes =
        Files.readAllLines(list).stream()
            .filter(line -> !line.startsWith("#"))
            .flatMap(line -> Stream.of(line.split(" ", -1)))
            .toList();
    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(classes);
    assertThat(rows.values())
        .allSatisfy(row -> assertThat(row.split("\\|", -1)[3].strip()).isNotEmpty());
  }
}
