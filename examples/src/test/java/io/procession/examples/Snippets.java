package io.procession.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Java in a document. A block that has a {@code main} is a program. Any other is the body
 * of one, in which … stands for nothing and imports may come first. Comments of HTML before a
 * block, which no reader sees, say what else it needs:
 *
 * <pre>{@code
 * <!-- given: static int square(int n) { return n * n; } -->     members, of one line or several
 * <!-- prints: 49 -->                   lines of its output, of one line or several; … is anything
 * <!-- throws: EOFException -->         it ends so
 * <!-- not run: it opens a window -->   it is compiled only
 * }</pre>
 *
 * A line {@code IO.println(f(7)); // 49} must print what its comment says. {@code <!-- examples:
 * members -->} makes every code in the last column of the tables below it a statement, which is
 * compiled.
 */
final class Snippets {

  private static final String IMPORTS =
      "import io.procession.*; import io.procession.async.*; import io.procession.function.*; "
          + "import io.procession.shared.*; import io.procession.spi.*; import java.net.http.*;";

  private static final Pattern COMMENT =
      Pattern.compile("<!-- (given|prints|throws|not run|examples):?\\s(.*?)-->", Pattern.DOTALL);
  private static final Pattern PRINTED = Pattern.compile("\\s*IO\\.println\\(.*\\);\\s+// (.*)");
  private static final Pattern CODE = Pattern.compile("(`+)(.+?)\\1");
  private static final Pattern MAIN = Pattern.compile("void main\\(");

  private final Path document;
  private final List<String> lines;
  private final List<Snippet> snippets = new ArrayList<>();

  /** The members, line by line, that the next block is given. */
  private String[] given;

  private List<String> prints = new ArrayList<>();
  private @Nullable String failure;
  private boolean runs = true;

  /** The statements, line by line, that the tables have, and what they are given. */
  private String @Nullable [] examples;

  private int firstExample;

  private Snippets(Path document) throws IOException {
    this.document = document;
    this.lines = Files.readAllLines(document);
    this.given = blank();
  }

  static List<Snippet> of(Path document) throws IOException {
    var found = new Snippets(document);
    found.read();
    return found.snippets;
  }

  private String[] blank() {
    var blank = new String[lines.size()];
    Arrays.fill(blank, "");
    return blank;
  }

  private void read() {
    var comments = COMMENT.matcher(String.join("\n", lines)).results().toList();
    var next = 0;
    for (var i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      if (line.startsWith("<!-- ") && next < comments.size()) {
        i = comment(i, comments.get(next++));
      } else if (line.equals("```java")) {
        i = block(i);
      } else if (line.startsWith("```")) {
        i = endOfBlock(i);
      } else if (line.startsWith("|") && examples != null) {
        row(examples, i);
      }
    }
    if (examples != null) {
      add(firstExample, examples, List.of(), null, false);
    }
  }

  /** Reads a comment that begins in line {@code first}; gives its last line. */
  private int comment(int first, MatchResult comment) {
    var text = comment.group(2).split("\n", -1);
    switch (comment.group(1)) {
      case "given" -> put(given, first, text);
      case "prints" -> prints.addAll(comment.group(2).strip().lines().toList());
      case "throws" -> failure = comment.group(2).strip();
      case "not run" -> runs = false;
      default -> {
        if (examples != null) {
          add(firstExample, examples, List.of(), null, false);
        }
        examples = blank();
        firstExample = first + 1;
        put(examples, first, text);
      }
    }
    return first + (int) comment.group().chars().filter(c -> c == '\n').count();
  }

  private static void put(String[] source, int first, String[] text) {
    for (var i = 0; i < text.length; i++) {
      source[first + i] += text[i];
    }
  }

  private int endOfBlock(int first) {
    var end = first + 1;
    while (!lines.get(end).startsWith("```")) {
      end++;
    }
    return end;
  }

  private int block(int first) {
    var end = endOfBlock(first);
    var code = lines.subList(first + 1, end);
    var isProgram = code.stream().anyMatch(line -> MAIN.matcher(line).lookingAt());
    var source = given;
    for (var i = first + 1; i < end; i++) {
      var line = lines.get(i);
      if (isProgram) {
        source[i] = line;
      } else if (line.startsWith("import ")) {
        source[0] += line;
      } else {
        source[i] = line.replace("…", "");
      }
      var printed = PRINTED.matcher(line);
      if (printed.matches()) {
        prints.add(printed.group(1));
      }
    }
    if (!isProgram) {
      source[0] = IMPORTS + source[0];
      source[first] = "void main() throws Exception {";
      source[end] = "}";
    }
    add(first + 1, source, List.copyOf(prints), failure, runs);
    given = blank();
    prints = new ArrayList<>();
    failure = null;
    runs = true;
    return end;
  }

  private void row(String[] source, int index) {
    var cells = lines.get(index).split("\\|", -1);
    var codes = CODE.matcher(cells[cells.length - 2]).results().map(code -> code.group(2)).toList();
    for (var i = 0; i < codes.size(); i++) {
      var code = codes.get(i).strip();
      var statement = code.endsWith("}") || code.endsWith(";") ? code : code + ";";
      source[index] +=
          "static void line%d_%d() throws Exception { %s } ".formatted(index + 1, i, statement);
    }
  }

  private void add(
      int line, String[] source, List<String> prints, @Nullable String failure, boolean runs) {
    if (source[0].isEmpty() && !runs) {
      source[0] = IMPORTS;
    }
    var program = String.join("\n", source);
    snippets.add(
        new Snippet(
            document,
            line,
            MAIN.matcher(program).find() ? program : program + "\nvoid main() {}",
            prints,
            failure,
            runs));
  }
}
