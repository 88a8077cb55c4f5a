package io.procession.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import io.procession.testkit.Outcome;
import io.procession.testkit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
@DisabledOnOs(OS.WINDOWS) // it is compared with wc
class LineCountTest {

  @TempDir Path directory;

  private void makeFiles() throws Exception {
    Files.writeString(directory.resolve("three"), "a\nb\nc\n");
    Files.writeString(directory.resolve("no final newline"), "a\nb");
    Files.writeString(directory.resolve("empty"), "");
    Files.write(directory.resolve("binary"), new byte[] {0, '\n', -1, '\n', '\r', 10});
    Files.writeString(
        Files.createDirectories(directory.resolve(".hidden/target")).resolve("x.log"), "\n\n");
    Files.writeString(directory.resolve("big"), "0123456789\n".repeat(500_000), UTF_8);
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("three"));
  }

  @ParameterizedTest
  @EnumSource
  void countsWhatWcCounts(Way way) throws Exception {
    makeFiles();

    var outcome = way.run("LineCount", directory.toString());

    assertThat(perFile(outcome)).hasSize(6).isEqualTo(wc(directory));
    assertThat(outcome.lines()).contains("%9d total in 6 files".formatted(500_009));
    assertThat(outcome.lines())
        .anyMatch(line -> line.matches("serial +\\d+\\.\\d+ s"))
        .anyMatch(line -> line.matches("parallel +\\d+\\.\\d+ s on \\d+ workers, .*"))
        .anyMatch(line -> line.matches("speed-up +\\d+\\.\\d+"));
    assertThat(outcome.errors()).as("no progress where there is no terminal").doesNotContain("\r");
  }

  @Test
  void countsRealDirectories() throws Exception {
    var folders = List.of(Way.FOLDER.resolve("../core/src"), Way.FOLDER.resolve("target/classes"));

    var outcome =
        Way.SCRIPT.run("LineCount", folders.stream().map(Path::toString).toArray(String[]::new));

    var expected = wc(folders.toArray(Path[]::new));
    assertThat(perFile(outcome)).isEqualTo(expected);
    assertThat(List.copyOf(perFile(outcome).keySet())).isSorted();
    long total = expected.values().stream().mapToLong(Long::longValue).sum();
    assertThat(outcome.lines()).contains("%9d total in %d files".formatted(total, expected.size()));
  }

  @Test
  void aFileThatCannotBeReadSpoilsNothing() throws Exception {
    makeFiles();
    var loop = Files.createSymbolicLink(directory.resolve("loop"), directory.resolve("loop"));
    var missing = directory.resolve("missing");
    var secret = Files.writeString(directory.resolve("secret"), "a\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    var unreadable = Files.isReadable(secret) ? 0 : 1; // the superuser reads everything

    var outcome =
        Way.SCRIPT
            .program("LineCount")
            .arguments(directory.toString(), missing.toString(), loop.toString())
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.errorLines().stream().filter(line -> line.startsWith("not counted: ")))
        .hasSize(2 + unreadable)
        .anyMatch(line -> line.startsWith("not counted: " + missing + ": java.nio.file.NoSuchFile"))
        .anyMatch(line -> line.startsWith("not counted: " + loop + ": "));
    assertThat(outcome.lines())
        .contains("%9d total in %d files".formatted(500_010 - unreadable, 7 - unreadable));
  }

  @Test
  void withoutArgumentsItSaysWhatItWants() throws Exception {
    var outcome = Way.SCRIPT.program("LineCount").run();

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.errors()).contains("usage: LineCount");
    assertThat(outcome.output()).isEmpty();
  }

  /** The lines before the total. */
  private static Map<String, Long> perFile(Outcome outcome) {
    var counts = new LinkedHashMap<String, Long>();
    outcome.lines().stream()
        .takeWhile(line -> !line.matches(" *\\d+ total in .*"))
        .forEach(line -> counts.put(path(line), count(line)));
    return counts;
  }

  private static Map<String, Long> wc(Path... folders) throws Exception {
    var counts = new TreeMap<String, Long>();
    for (var folder : folders) {
      var found = Program.command("find", folder.toString(), "-type", "f").run().lines();
      for (var file : found) {
        counts.put(file, count(Program.command("wc", "-l", file).run().output()));
      }
    }
    return counts;
  }

  private static long count(String line) {
    return Long.parseLong(line.strip().replaceAll(" .*\\R?", ""));
  }

  private static String path(String line) {
    return line.strip().replaceFirst("\\d+ ", "");
  }
}
