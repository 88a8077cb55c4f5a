package io.procession.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A piece of Java in a document, as a program.
 *
 * @param source the program; its lines have the numbers that they have in the document
 * @param prints what it must print, these lines in this order, with any others in between
 * @param failure the simple name of the exception that it must end with
 * @param runs whether it is to be run, or only compiled
 */
record Snippet(
    Path document,
    int line,
    String source,
    List<String> prints,
    @Nullable String failure,
    boolean runs) {

  /** The name of its class. */
  String name() {
    var page = document.getFileName().toString().replaceFirst("\\.md$", "");
    return page.replaceAll("\\W", "_").replaceFirst("^(?=\\d)", "_") + "_" + line;
  }

  /** What its output must match. */
  Pattern output() {
    var lines =
        prints.stream().map(line -> any(line) + "\n").collect(Collectors.joining("(.*\n)*"));
    return Pattern.compile("(.*\n)*" + lines + "(.*\n)*");
  }

  /** The line itself, in which … stands for anything. */
  private static String any(String line) {
    return Stream.of(line.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
  }

  @Override
  public String toString() {
    return document.getFileName() + ":" + line;
  }
}
