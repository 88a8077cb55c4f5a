package io.procession.examples;

import static io.procession.examples.Clips.patch;
import static io.procession.examples.Clips.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.examples.Clips.Frame;
import io.procession.testkit.NoLeaks;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
class VideoCheckTest {

  private static final BufferedImage BLACK = plain(Color.BLACK);
  private static final BufferedImage WHITE = plain(Color.WHITE);

  @TempDir Path directory;

  private Path videos() throws IOException {
    return Files.createDirectories(directory.resolve("videos"));
  }

  /** A GIF of pictures by turns, so many hundredths of a second each. */
  private Path gif(String name, int frames, int hundredths, BufferedImage... pictures)
      throws IOException {
    var turns = new ArrayList<Frame>();
    for (int i = 0; i < frames; i++) {
      turns.add(new Frame(pictures[i % pictures.length], hundredths));
    }
    return Clips.gif(videos().resolve(name), -1, turns);
  }

  /** A video of thirty pictures a second, each shown so many times. */
  private Path avi(String name, int shown, BufferedImage... pictures) throws IOException {
    var all = IntStream.range(0, 60).mapToObj(i -> pictures[i / shown % pictures.length]).toList();
    return Clips.avi(videos().resolve(name), 30, shown % 2 == 0, all);
  }

  /** The verdicts, without the folder. */
  private List<String> verdicts(List<String> lines) {
    return lines.stream()
        .filter(line -> line.matches("(fit|unfit|skipped|bad) .*"))
        .map(line -> line.replaceAll(" +", " ").replace(directory + "/videos/", ""))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void tellsWhichVideosFlashTooMuchAndWhen(Way way) throws Exception {
    gif("strobe.gif", 20, 10, BLACK, WHITE);
    gif("three flashes.gif", 7, 10, BLACK, WHITE);
    gif("slow.gif", 20, 40, BLACK, WHITE);
    gif("red.gif", 20, 10, plain(Color.RED), plain(new Color(127, 127, 127)));
    gif(
        "low contrast.gif",
        20,
        10,
        plain(new Color(128, 128, 128)),
        plain(new Color(148, 148, 148)));
    gif("small.gif", 20, 10, BLACK, patch(Color.BLACK, Color.WHITE, 12, 9));
    avi("strobe.avi", 3, BLACK, WHITE);
    avi("with tables.AVI", 4, WHITE, BLACK);
    avi("slow.avi", 5, BLACK, WHITE);
    var turn = List.of(new Frame(BLACK, 10), new Frame(WHITE, 10));
    Clips.gif(Files.createDirectory(videos().resolve("deeper")).resolve("for ever.gif"), 0, turn);
    Files.writeString(videos().resolve("notes.txt"), "no video");

    var outcome = way.run("VideoCheck", videos().toString());

    assertThat(verdicts(outcome.lines()))
        .containsExactlyInAnyOrder(
            "unfit strobe.gif: general flash at 0.70 s",
            "fit three flashes.gif",
            "fit slow.gif",
            "unfit red.gif: red flash at 0.70 s",
            "fit low contrast.gif",
            "fit small.gif",
            "unfit strobe.avi: general flash at 0.70 s",
            "unfit with tables.AVI: general flash at 0.93 s",
            "fit slow.avi",
            "unfit deeper/for ever.gif: general flash at 0.70 s");
    var end = outcome.lines().subList(10, 12);
    assertThat(end.get(0))
        .matches(
            "10 videos checked in \\d+\\.\\d+ s, [\\d,]+ a day, by \\d+ loaders and \\d+ checkers");
    assertThat(end.get(1))
        .matches(
            "3\\.7 million a day need [\\d,]+ checkers;"
                + " serially, at two minutes each, they take 14 years");
  }

  @Test
  void badFilesAreReportedAndSkipped() throws Exception {
    gif("fit.gif", 5, 40, BLACK, WHITE);
    var whole = Files.readAllBytes(gif("cut.gif", 5, 40, BLACK, WHITE));
    Files.write(videos().resolve("cut.gif"), Arrays.copyOf(whole, whole.length - 20));
    Files.writeString(videos().resolve("text.gif"), "Once upon a time");
    Files.writeString(videos().resolve("film.mp4"), "not looked at");
    var missing = directory.resolve("videos/missing.avi").toString();

    var outcome =
        Way.SCRIPT
            .program("VideoCheck")
            .arguments(videos().toString(), missing, videos().resolve("fit.gif").toString())
            .environment("PATH", directory.toString()) // there is no ffmpeg
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(verdicts(outcome.lines()))
        .containsExactlyInAnyOrder(
            "fit fit.gif", "skipped film.mp4: it needs ffmpeg, which is not on the PATH");
    assertThat(verdicts(outcome.errorLines()))
        .hasSize(3)
        .contains("bad text.gif: java.io.IOException: it is neither a GIF nor an AVI file")
        .anyMatch(line -> line.startsWith("bad cut.gif: javax.imageio.IIOException: "))
        .anyMatch(line -> line.startsWith("bad missing.avi: java.nio.file.NoSuchFileException: "));
    assertThat(outcome.lines()).anyMatch(line -> line.startsWith("1 videos checked in "));
  }

  /** In the place of ffmpeg stands a script, which does what the name of the video says. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void otherFormatsGoThroughFfmpegAndAProcessMayDie() throws Exception {
    var bin = Files.createDirectory(directory.resolve("bin"));
    var script =
        Files.writeString(
            bin.resolve("ffmpeg"),
            """
            #!/bin/sh
            picture() {
              head -c $((384 * 288 * 3)) /dev/zero | tr '\\000' "$1"
            }
            case $* in
              *broken*) echo cannot decode it >&2; exit 1 ;;
              *killer*) kill -9 $PPID ;;
              *strobe*) for i in 1 2 3 4 5; do
                for black in 1 2 3; do picture '\\000'; done
                for white in 1 2 3; do picture '\\377'; done
              done ;;
              *) picture '\\100'; picture '\\200' ;;
            esac
            """);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    for (var name : List.of("strobe.mp4", "broken.webm", "killer.mov", "calm.mkv")) {
      Files.createFile(videos().resolve(name));
    }
    gif("fit.gif", 5, 40, BLACK, WHITE);

    var outcome =
        Way.SCRIPT
            .program("VideoCheck")
            .arguments(videos().toString())
            .environment("PATH", bin + File.pathSeparator + System.getenv("PATH"))
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(verdicts(outcome.lines()))
        .containsExactlyInAnyOrder(
            "unfit strobe.mp4: general flash at 0.35 s", "fit calm.mkv", "fit fit.gif");
    assertThat(verdicts(outcome.errorLines()))
        .containsExactlyInAnyOrder(
            "bad broken.webm: java.io.EOFException: ffmpeg cannot decode it. exitCode=1",
            "bad killer.mov: the process that checked it died");
    assertThat(outcome.errorLines()).contains("cannot decode it");
  }

  @Test
  void withoutVideosItEnds() throws Exception {
    var nothing = Way.COMPILED.run("VideoCheck", videos().toString());
    assertThat(nothing.lines()).singleElement().asString().startsWith("0 videos checked");

    var usage = Way.COMPILED.program("VideoCheck").run();
    assertThat(usage.exitCode()).isEqualTo(2);
    assertThat(usage.errors()).contains("usage: VideoCheck");
  }
}
