import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * Checks, or with {@code apply} mends, the layout of every Java file below the working directory.
 * {@code mvn -N process-sources -Dformat=apply} mends it.
 */
void main(String[] arguments) throws Exception {
  var apply = arguments[0].equals("apply");
  var formatter =
      new Formatter(
          JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build());
  var wrong = new ArrayList<Path>();
  for (var file : javaFiles()) {
    var text = Files.readString(file);
    var formatted = formatter.formatSourceAndFixImports(text);
    if (!formatted.equals(text)) {
      wrong.add(file);
      if (apply) {
        Files.writeString(file, formatted);
      }
    }
  }
  if (!apply && !wrong.isEmpty()) {
    System.err.println("These files are not laid out as the formatter does it:");
    wrong.forEach(file -> System.err.println("  " + file));
    System.err.println("Run: mvn -N process-sources -Dformat=apply");
    System.exit(1);
  }
}

java.util.List<Path> javaFiles() throws Exception {
  try (var files = Files.walk(Path.of(""))) {
    return files
        .filter(file -> file.toString().endsWith(".java"))
        .filter(file -> !file.toString().contains("target"))
        .toList();
  }
}
