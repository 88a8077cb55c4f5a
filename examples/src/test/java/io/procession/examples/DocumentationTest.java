package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say must be so. */
class DocumentationTest {

  /** All that are here to be read. */
  static List<Path> documents() throws IOException {
    var documents = new ArrayList<Path>();
    try (var files = Files.list(Way.ROOT);
        var guides = Files.walk(Way.ROOT.resolve("docs"))) {
      files.forEach(documents::add);
      guides.forEach(documents::add);
    }
    return documents.stream().filter(file -> file.toString().endsWith(".md")).toList();
  }

  @Test
  void theReadmeAndTheChangelogNameTheCurrentVersion() throws Exception {
    assertThat(Files.readString(Way.ROOT.resolve("README.md")))
        .contains("<version>" + Way.VERSION + "</version>");
    assertThat(Files.readAllLines(Way.ROOT.resolve("CHANGELOG.md")))
        .as("the newest entry")
        .filteredOn(line -> line.startsWith("## "))
        .first()
        .asString()
        .startsWith("## " + Way.VERSION);
  }

  @Test
  void everyLinkLeadsToAFile() throws Exception {
    var link = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
    for (var document : documents()) {
      for (var target : link.matcher(Files.readString(document)).results().toList()) {
        assertThat(document.resolveSibling(target.group(1))).as("linked by %s", document).exists();
      }
    }
  }

  @Test
  void theReadmeNamesEveryExample() throws Exception {
    var readme = Files.readString(Way.ROOT.resolve("README.md"));
    try (var files = Files.list(Way.FOLDER)) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")))
          .hasSizeGreaterThanOrEqualTo(12)
          .allSatisfy(file -> assertThat(readme).contains(String.valueOf(file.getFileName())));
    }
  }

  @Test
  void everyExampleBeginsWithItsLessonAndIsShort() throws Exception {
    try (var files = Files.list(Way.FOLDER)) {
      for (var file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        var lines = Files.readAllLines(file);
        assertThat(lines).as("%s", file).hasSizeLessThan(260);
        assertThat(lines.stream().filter(line -> !line.startsWith("import") && !line.isEmpty()))
            .as("%s", file)
            .first()
            .asString()
            .startsWith("// ");
      }
    }
  }

  /** Each section of the list is one of the page, which has these words in its code. */
  @Test
  void thePageForPythonNamesEveryNameOfPython() throws Exception {
    var page = sections(Way.ROOT.resolve("docs/guide/coming-from-python.md"));
    var names = sections(Way.FOLDER.resolve("src/test/resources/python-names.txt"));
    assertThat(names).hasSize(4);
    names.forEach((module, text) -> {
      var code = Pattern.compile("`[^`]+`").matcher(page.getOrDefault(module, "")).results();
      var words =
          code.flatMap(span -> Stream.of(span.group().split("\\W+"))).collect(Collectors.toSet());
      assertThat(words).as(module).contains(text.strip().split("\\s+"));
    });
  }

  /** The text below each heading of the second level. */
  private static Map<String, String> sections(Path file) throws IOException {
    return Stream.of(Files.readString(file).split("(?m)^## "))
        .skip(1)
        .map(section -> section.split("\n", 2))
        .collect(Collectors.toMap(section -> section[0], section -> section[1]));
  }
}
