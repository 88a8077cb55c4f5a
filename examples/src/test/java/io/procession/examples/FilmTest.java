package io.procession.examples;

import static io.procession.examples.Clips.HEIGHT;
import static io.procession.examples.Clips.WIDTH;
import static io.procession.examples.Clips.patch;
import static io.procession.examples.Clips.plain;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.examples.Clips.Frame;
import io.procession.testkit.NoLeaks;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import video.Film;

/** How {@code VideoCheck} reads videos. */
@NoLeaks
class FilmTest {

  @TempDir Path directory;

  private static BufferedImage block(Color color, int width, int height) {
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    var graphics = picture.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return picture;
  }

  private static String color(Film film, int x, int y) {
    return "%06x".formatted(film.picture().getRGB(x, y) & 0xFFFFFF);
  }

  /** For each picture its time, and its colours at the left and at the right. */
  private static List<String> play(Path file, boolean load) throws IOException {
    var seen = new ArrayList<String>();
    try (var film = Film.open(file, load ? Files.readAllBytes(file) : null)) {
      while (film.next()) {
        seen.add(film.millis() + " " + color(film, 1, 1) + " " + color(film, WIDTH - 2, 1));
      }
    }
    return seen;
  }

  private static Frame left(Color color, String disposal) {
    return new Frame(block(color, WIDTH / 2, HEIGHT), 0, 0, 50, disposal);
  }

  private static Frame right(Color color, String disposal) {
    return new Frame(block(color, WIDTH / 2, HEIGHT), WIDTH / 2, 0, 50, disposal);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void framesOfAGifStayUnlessTheySayOtherwise(boolean load) throws Exception {
    var file =
        Clips.gif(
            directory.resolve("a.gif"),
            -1,
            List.of(
                left(Color.RED, "none"),
                right(Color.BLUE, "doNotDispose"),
                right(Color.GREEN, "restoreToPrevious"),
                left(Color.BLACK, "restoreToBackgroundColor"),
                right(Color.YELLOW, "none")));

    assertThat(play(file, load))
        .containsExactly(
            "0 ff0000 ffffff",
            "500 ff0000 0000ff",
            "1000 ff0000 00ff00",
            "1500 000000 0000ff",
            "2000 ffffff ffff00");
  }

  @Test
  void whatIsTransparentShowsWhatWasThere() throws Exception {
    var hole = block(new Color(0, 0, 0, 0), WIDTH, HEIGHT);
    hole.setRGB(1, 1, Color.GREEN.getRGB());
    var file =
        Clips.gif(
            directory.resolve("a.gif"),
            -1,
            List.of(new Frame(plain(Color.BLUE), 10), new Frame(hole, 10)));

    assertThat(play(file, true)).containsExactly("0 0000ff 0000ff", "100 00ff00 0000ff");
  }

  @Test
  void aFrameMayReachBeyondTheScreen() throws Exception {
    var far = new Frame(block(Color.RED, WIDTH, HEIGHT), WIDTH / 2, 0, 10, "none");
    var file = Clips.gif(directory.resolve("a.gif"), -1, List.of(far));

    assertThat(play(file, true)).containsExactly("0 ffffff ff0000");
  }

  @Test
  void aGifThatRepeatsItselfIsPlayedForASecondMore() throws Exception {
    var frames = List.of(new Frame(plain(Color.RED), 30), new Frame(plain(Color.BLUE), 0));

    assertThat(play(Clips.gif(directory.resolve("a.gif"), -1, frames), true))
        .as("once")
        .containsExactly("0 ff0000 ff0000", "300 0000ff 0000ff");
    assertThat(play(Clips.gif(directory.resolve("a.gif"), 2, frames), true))
        .as("and twice again")
        .hasSize(6)
        .endsWith("800 ff0000 ff0000", "1100 0000ff 0000ff");
    assertThat(play(Clips.gif(directory.resolve("a.gif"), 0, frames), true))
        .as("for ever")
        .hasSize(8)
        .endsWith("1200 ff0000 ff0000", "1500 0000ff 0000ff");
  }

  @Test
  void aRepeatedGifStartsWithAnEmptyScreen() throws Exception {
    var frames = List.of(left(Color.RED, "none"), right(Color.BLUE, "none"));

    assertThat(play(Clips.gif(directory.resolve("a.gif"), 1, frames), true))
        .containsExactly(
            "0 ff0000 ffffff", "500 ff0000 0000ff", "1000 ff0000 ffffff", "1500 ff0000 0000ff");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void motionJpegMayLeaveOutTablesAndRepeatPictures(boolean tables) throws Exception {
    var black = plain(Color.BLACK);
    var white = plain(Color.WHITE);
    var pictures = List.of(black, white, white, black);

    var file = Clips.avi(directory.resolve("a.avi"), 30, tables, pictures);

    var expected =
        List.of("0 000000 000000", "33 ffffff ffffff", "67 ffffff ffffff", "100 000000 000000");
    assertThat(play(file, true)).isEqualTo(expected);
    assertThat(play(file, false)).isEqualTo(expected);
  }

  @Test
  void wherverAFileIsCutOffItIsABadFile() throws Exception {
    var frames = Collections.nCopies(3, new Frame(patch(Color.RED, Color.BLUE, 20, 20), 10));
    var gif = Files.readAllBytes(Clips.gif(directory.resolve("a.gif"), -1, frames));
    var avi =
        Files.readAllBytes(
            Clips.avi(
                directory.resolve("a.avi"),
                30,
                false,
                List.of(plain(Color.RED), plain(Color.BLUE))));

    for (int length = 0; length < gif.length; length++) {
      assertBad("a.gif", Arrays.copyOf(gif, length));
    }
    for (int length = 0; length < avi.length - 1; length++) { // the last byte only fills up
      assertBad("a.avi", Arrays.copyOf(avi, length));
    }
  }

  private void assertBad(String name, byte[] bytes) {
    assertThatThrownBy(
            () -> {
              try (var film = Film.open(directory.resolve(name), bytes)) {
                while (film.next()) {}
              }
            })
        .as("%s of %d bytes", name, bytes.length)
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNoVideoIsABadFile() throws Exception {
    assertBad("text.gif", "Once upon a time".getBytes(UTF_8));
    assertBad("empty.avi", new byte[0]);

    var bomb =
        Files.readAllBytes(
            Clips.gif(directory.resolve("a.gif"), -1, List.of(new Frame(plain(Color.RED), 10))));
    Arrays.fill(bomb, 6, 10, (byte) 255); // 65,535 x 65,535 pixels
    assertBad("bomb.gif", bomb);
  }
}
