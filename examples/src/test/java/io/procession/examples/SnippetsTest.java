package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.RemoteException;
import io.procession.testkit.NoLeaks;
import io.procession.testkit.Program;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every piece of Java in the documents compiles, and does what its document says. */
@NoLeaks
class SnippetsTest {

  /** What each snippet printed, and how it ended, by its name. */
  private static final Map<String, String> OUTPUTS = new HashMap<>();

  @TempDir static Path directory;

  static List<Snippet> snippets() throws IOException {
    var snippets = new ArrayList<Snippet>();
    for (var document : DocumentationTest.documents()) {
      snippets.addAll(Snippets.of(document));
    }
    return snippets;
  }

  static List<Snippet> programs() throws IOException {
    return snippets().stream().filter(Snippet::runs).toList();
  }

  /** Puts their classes into {@code directory}. */
  static void compile(List<Snippet> snippets, Path directory) throws Exception {
    var sources = new ArrayList<Path>();
    for (var snippet : snippets) {
      var file = directory.resolve(snippet.name() + ".java");
      sources.add(Files.writeString(file, snippet.source()));
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var classPath =
          Stream.of(RemoteException.class, NoLeaks.class, Test.class)
              .map(type -> Way.location(type).toString())
              .collect(Collectors.joining(File.pathSeparator));
      var options = List.of("-d", directory.toString(), "-cp", classPath, "-proc:none");
      var units = files.getJavaFileObjectsFromPaths(sources);
      var compiled = compiler.getTask(messages, files, null, options, null, units).call();
      assertThat(compiled).as("%s", messages).isTrue();
    }
  }

  @BeforeAll
  static void compileAndRunAll() throws Exception {
    compile(snippets(), directory);
    var outcome =
        Program.main(SnippetRunner.class.getName())
            .classPath(
                directory,
                Way.LIBRARY,
                Way.location(SnippetRunner.class),
                Way.location(Class.forName("org.h2.Driver")))
            .jvmArguments("--enable-native-access=ALL-UNNAMED")
            .arguments(programs().stream().map(Snippet::name).toArray(String[]::new))
            .directory(directory)
            .within(Duration.ofMinutes(15))
            .run();
    for (var output : outcome.output().split(SnippetRunner.BEGIN, -1)) {
      OUTPUTS.put(output.lines().findFirst().orElse(""), output);
    }
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void printsWhatItsDocumentSays(Snippet snippet) {
    var output = OUTPUTS.get(snippet.name());
    assertThat(output).matches(snippet.output());
    if (snippet.failure() == null) {
      assertThat(output).doesNotContain(SnippetRunner.FAILED);
    } else {
      assertThat(output).contains(SnippetRunner.FAILED + snippet.failure());
    }
  }

  @Test
  void theFindingOfSnippetsFinds() throws Exception {
    var document =
        Files.writeString(
            directory.resolve("a-page.md"),
            """
            Text with `code`.

            <!-- given:
            static int f(int n) { return n; }
            -->
            <!-- prints:
            a … b
            c
            -->
            <!-- throws: EOFException -->
            ```java
            IO.println(f(7));  // 7
            …
            ```

            ```sh
            ls | wc
            ```

            ```java
            void main() {}
            ```

            <!-- examples: static int n; -->
            | Name | Example |
            |---|---|
            | `x` | `n++` or `{ n = 1; }` |
            """);

    var snippets = Snippets.of(document);

    assertThat(snippets).hasSize(3);
    var first = snippets.get(0);
    assertThat(first.name()).isEqualTo("a_page_11");
    assertThat(first.source().lines().toList())
        .contains("static int f(int n) { return n; }", "IO.println(f(7));  // 7")
        .element(10)
        .isEqualTo("void main() throws Exception {");
    assertThat(first.failure()).isEqualTo("EOFException");
    assertThat("…\na 3 b\nc\n7\n").matches(first.output());
    assertThat("a 3 b\n7\nc\n").doesNotMatch(first.output());
    assertThat(snippets.get(1).source().strip()).isEqualTo("void main() {}");
    assertThat(snippets.get(2).runs()).isFalse();
    assertThat(snippets.get(2).source())
        .contains("static int n;", "Exception { n++; }", "Exception { { n = 1; } }");
  }
}
