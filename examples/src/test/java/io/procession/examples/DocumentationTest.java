package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documents say must be so. */
class DocumentationTest {

  private static final Path ROOT = Way.FOLDER.getParent();
  private static final String VERSION = System.getProperty("procession.version");

  private static List<Path> documents() throws IOException {
    var documents = new ArrayList<Path>();
    try (var files = Files.list(ROOT);
        var guides = Files.walk(ROOT.resolve("docs"))) {
      files.forEach(documents::add);
      guides.forEach(documents::add);
    }
    return documents.stream().filter(file -> file.toString().endsWith(".md")).toList();
  }

  @Test
  void theReadmeAndTheChangelogNameTheCurrentVersion() throws Exception {
    assertThat(Files.readString(ROOT.resolve("README.md")))
        .contains("<version>" + VERSION + "</version>");
    assertThat(Files.readAllLines(ROOT.resolve("CHANGELOG.md")))
        .as("the newest entry")
        .filteredOn(line -> line.startsWith("## "))
        .first()
        .asString()
        .startsWith("## " + VERSION);
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
    var readme = Files.readString(ROOT.resolve("README.md"));
    try (var files = Files.list(Way.FOLDER)) {
      assertThat(files.filter(file -> file.toString().endsWith(".java")))
          .hasSizeGreaterThanOrEqualTo(12)
          .allSatisfy(file -> assertThat(readme).contains(String.valueOf(file.getFileName())));
    }
  }
}
