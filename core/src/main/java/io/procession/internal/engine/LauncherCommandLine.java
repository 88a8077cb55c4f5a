package io.procession.internal.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a command line as the {@code java} launcher does: which of its words are flags of the JVM,
 * and which flags come from the environment.
 */
final class LauncherCommandLine {

  /** Options whose value may be the next word; the launcher hands them on as {@code name=value}. */
  private static final Set<String> MODULE_OPTIONS =
      Set.of(
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--limit-modules",
          "--add-exports",
          "--add-opens",
          "--add-reads",
          "--patch-module",
          "--enable-native-access");

  /** Options of the launcher alone, with a value in the next word. */
  private static final Set<String> LAUNCHER_OPTIONS =
      Set.of("-cp", "-classpath", "--class-path", "--source");

  private static final Set<String> MAIN_OPTIONS = Set.of("-jar", "-m", "--module");

  private final List<String> flags = new ArrayList<>();
  private @Nullable String lost;
  private boolean mainSeen;
  private boolean expandFiles = true;

  /** As the launcher: JDK_JAVA_OPTIONS before the command line; as the JVM: the others around. */
  static ParentFlags flags(List<String> commandLine, Map<String, String> environment) {
    var reader = new LauncherCommandLine();
    reader.readWords(words(environment.get("JAVA_TOOL_OPTIONS")));
    reader.readWords(options(environment.get("JDK_JAVA_OPTIONS")));
    reader.readWords(commandLine.subList(Math.min(1, commandLine.size()), commandLine.size()));
    reader.mainSeen = false;
    reader.readWords(words(environment.get("_JAVA_OPTIONS")));
    return new ParentFlags(List.copyOf(reader.flags), reader.lost);
  }

  /** The flags that the environment alone gives. */
  static List<String> environmentFlags(Map<String, String> environment) {
    return flags(List.of(), environment).flags();
  }

  /** JAVA_TOOL_OPTIONS and _JAVA_OPTIONS know quotes, but no escapes and no comments. */
  private static List<String> words(@Nullable String text) {
    return text == null
        ? List.of()
        : ArgumentFile.parse(text.replace("\\", "\\\\").replace("#", "\"#\""));
  }

  private static List<String> options(@Nullable String text) {
    return text == null ? List.of() : ArgumentFile.parse(text);
  }

  private void readWords(List<String> words) {
    var rest = expand(words).iterator();
    while (rest.hasNext() && !mainSeen) {
      var word = rest.next();
      if (MAIN_OPTIONS.contains(word) || !word.startsWith("-")) {
        mainSeen = true;
      } else if (LAUNCHER_OPTIONS.contains(word)) {
        skip(rest);
      } else if (word.equals("-p") || MODULE_OPTIONS.contains(word)) {
        if (rest.hasNext()) {
          flags.add((word.equals("-p") ? "--module-path" : word) + "=" + rest.next());
        }
      } else {
        flags.add(word);
      }
    }
  }

  private static void skip(java.util.Iterator<String> rest) {
    if (rest.hasNext()) {
      rest.next();
    }
  }

  private List<String> expand(List<String> words) {
    var expanded = new ArrayList<String>();
    String before = "";
    for (var word : words) {
      if (word.equals("--disable-@files")) {
        expandFiles = false;
      } else if (expandFiles && word.startsWith("@") && word.length() > 1) {
        if (word.startsWith("@@")) {
          expanded.add(word.substring(1));
        } else {
          expanded.addAll(readFile(Path.of(word.substring(1))));
        }
      } else {
        expanded.add(word);
        // What follows the main class is the program's own.
        boolean main =
            !word.startsWith("-")
                && !LAUNCHER_OPTIONS.contains(before)
                && !MODULE_OPTIONS.contains(before)
                && !before.equals("-p");
        expandFiles &= !main && !MAIN_OPTIONS.contains(word);
      }
      before = word;
    }
    return expanded;
  }

  private List<String> readFile(Path file) {
    try {
      return ArgumentFile.parse(new String(Files.readAllBytes(file), ParentFlags.nativeCharset()));
    } catch (IOException e) {
      lost =
          "The flags in this JVM's argument file do not reach its child processes, for it can no"
              + " longer be read; add --add-modules java.management. file="
              + file
              + " error="
              + e;
      return Arrays.asList();
    }
  }
}
