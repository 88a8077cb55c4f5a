package io.procession.bench.peer;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A peer's side of the protocol: commands come on stdin, a line each; so do answers on stdout. */
final class Program {

  /** Makes an operation ready. */
  @FunctionalInterface
  interface Opener {
    Measurement open(Settings settings) throws Exception;
  }

  private final String version;
  private final Map<String, Opener> operations = new LinkedHashMap<>();
  private final PrintStream answers =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private @Nullable Measurement open;

  /** What others print is no answer: it goes to stderr from here on. */
  Program(String version) {
    this.version = version;
    System.setOut(System.err);
  }

  Program with(String operation, Opener opener) {
    operations.put(operation, opener);
    return this;
  }

  /** Answers commands until there are no more. */
  void serve() throws Exception {
    answers.printf(
        "{\"version\": %s, \"operations\": [%s]}%n",
        quoted(version),
        operations.keySet().stream().map(Program::quoted).collect(Collectors.joining(", ")));
    try (var commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (var line = commands.readLine(); line != null; line = commands.readLine()) {
        answers.println(answer(line.split(" ", -1)));
      }
    }
    close();
  }

  private String answer(String[] words) {
    try {
      return switch (words[0]) {
        case "open" -> {
          close();
          open = opener(words[1]).open(Settings.of(Arrays.copyOfRange(words, 2, words.length)));
          yield "{}";
        }
        case "warm" -> {
          opened().warm(Double.parseDouble(words[1]));
          yield "{}";
        }
        case "measure" -> opened().measure(Double.parseDouble(words[1])).json();
        case "close" -> {
          close();
          yield "{}";
        }
        default -> throw new IOException("there is no such command. command=" + words[0]);
      };
    } catch (CannotException cannot) {
      return "{\"skip\": %s}".formatted(quoted(String.valueOf(cannot.getMessage())));
    } catch (Exception | Error failure) {
      failure.printStackTrace();
      return "{\"error\": %s}".formatted(quoted(failure.toString()));
    }
  }

  private Opener opener(String operation) throws CannotException {
    var opener = operations.get(operation);
    if (opener == null) {
      throw new CannotException("does not do that");
    }
    return opener;
  }

  private Measurement opened() throws IOException {
    var measurement = open;
    if (measurement == null) {
      throw new IOException("nothing is open to be measured.");
    }
    return measurement;
  }

  private void close() throws Exception {
    var measurement = open;
    if (measurement != null) {
      open = null;
      measurement.end();
    }
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (var place = 0; place < text.length(); place++) {
      var character = text.charAt(place);
      switch (character) {
        case '"', '\\' -> quoted.append('\\').append(character);
        case '\n' -> quoted.append("\\n");
        default -> quoted.append(character < ' ' ? ' ' : character);
      }
    }
    return quoted.append('"').toString();
  }
}
