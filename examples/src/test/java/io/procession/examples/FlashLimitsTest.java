package io.procession.examples;

import static io.procession.examples.Clips.HEIGHT;
import static io.procession.examples.Clips.WIDTH;
import static io.procession.examples.Clips.patch;
import static io.procession.examples.Clips.plain;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import video.FlashLimits;
import video.FlashLimits.Violation;

/** What {@code VideoCheck} takes for too many flashes. */
class FlashLimitsTest {

  private static final BufferedImage BLACK = plain(Color.BLACK);
  private static final BufferedImage WHITE = plain(Color.WHITE);

  private static Color gray(int value) {
    return new Color(value, value, value);
  }

  /** Shows the pictures one after the other, and ever again, for {@code shown} times. */
  private static Optional<Violation> play(int shown, double perSecond, BufferedImage... pictures) {
    var limits = new FlashLimits();
    return Stream.iterate(0, i -> i < shown, i -> i + 1)
        .flatMap(i ->
            limits.see(pictures[i % pictures.length], Math.round(i * 1000 / perSecond)).stream())
        .findFirst();
  }

  /** Two colours, eight times a second each. */
  private static Optional<Violation> flicker(Color one, Color other) {
    return play(40, 16, plain(one), plain(other));
  }

  @Test
  void moreThanThreeFlashesInASecondAreTooMany() {
    assertThat(play(200, 6, BLACK, WHITE)).as("3 Hz").isEmpty();
    assertThat(play(200, 6.2, BLACK, WHITE)).as("3.1 Hz").isPresent();
    assertThat(play(200, 30, BLACK, BLACK, BLACK, BLACK, BLACK, WHITE, WHITE, WHITE, WHITE, WHITE))
        .as("3 Hz at 30 pictures a second")
        .isEmpty();
    assertThat(play(200, 29.97, BLACK, BLACK, BLACK, BLACK, WHITE, WHITE, WHITE, WHITE))
        .as("3.75 Hz")
        .contains(new Violation("general flash", 934)); // the seventh change, in picture 28
  }

  @Test
  void exactlyThreeFlashesInASecondAreNot() {
    assertThat(play(7, 10, BLACK, WHITE)).as("six changes").isEmpty();
    assertThat(play(7, 10, WHITE, BLACK)).as("six changes").isEmpty();
    assertThat(play(8, 10, BLACK, WHITE)).contains(new Violation("general flash", 700));
  }

  @Test
  void onlyLargeChangesOfLightCount() {
    assertThat(flicker(gray(128), gray(148))).as("by 0.081").isEmpty();
    assertThat(flicker(gray(128), gray(153))).as("by 0.103").isPresent();
  }

  @Test
  void changesBetweenBrightStatesDoNotCount() {
    assertThat(flicker(gray(232), Color.WHITE)).as("0.807 and 1").isEmpty();
    assertThat(flicker(gray(231), Color.WHITE)).as("0.799 and 1").isPresent();
  }

  @Test
  void stepsInOneDirectionAreOneChange() {
    var stairs =
        Stream.of(0, 100, 140, 180, 220, 180, 140, 100)
            .map(value -> plain(gray(value)))
            .toArray(BufferedImage[]::new);

    assertThat(play(200, 16, stairs)).as("2 Hz").isEmpty();
    assertThat(play(200, 60, stairs)).as("7.5 Hz").isPresent();
  }

  @Test
  void aQuarterOfTheFieldOfViewMayFlash() {
    // The field is a third of either side; half of that, on either side, is a quarter of the field.
    int width = WIDTH / 6;
    int height = HEIGHT / 6;
    assertThat(play(40, 16, BLACK, patch(Color.BLACK, Color.WHITE, width, height))).isEmpty();
    assertThat(play(40, 16, BLACK, patch(Color.BLACK, Color.WHITE, width + 2, height))).isPresent();
  }

  @Test
  void areasThatFlashAtTheSameTimeAddUp() {
    var picture = patch(Color.BLACK, Color.WHITE, WIDTH / 6, HEIGHT / 6);
    var more = patch(Color.BLACK, Color.WHITE, WIDTH / 6, HEIGHT / 6);
    more.setRGB(WIDTH / 2 + WIDTH / 12 + 2, HEIGHT / 2, Color.WHITE.getRGB());
    assertThat(play(40, 16, BLACK, picture)).isEmpty();
    assertThat(play(40, 16, BLACK, more)).isPresent();
  }

  @Test
  void areasFarApartDoNotAddUp() {
    var corners = plain(Color.BLACK);
    for (var at : List.of(0, WIDTH - WIDTH / 6)) {
      var graphics = corners.createGraphics();
      graphics.fillRect(at, at == 0 ? 0 : HEIGHT - HEIGHT / 6, WIDTH / 6, HEIGHT / 6);
      graphics.dispose();
    }
    assertThat(play(40, 16, BLACK, corners)).isEmpty();
  }

  @Test
  void whatFlashesElsewhereTakesNothingAway() {
    var picture = patch(Color.BLACK, Color.WHITE, WIDTH / 6 + 2, HEIGHT / 6);
    var graphics = picture.createGraphics();
    graphics.fillRect(0, 0, WIDTH / 12, HEIGHT / 12);
    graphics.dispose();
    assertThat(play(40, 16, BLACK, picture)).isPresent();
  }

  @Test
  void saturatedRedHasItsOwnLimit() {
    var sameLight = gray(127);
    assertThat(flicker(Color.RED, sameLight))
        .hasValueSatisfying(violation -> assertThat(violation.limit()).isEqualTo("red flash"));
    assertThat(flicker(new Color(0, 0, 255), gray(76))).as("saturated blue").isEmpty();
    assertThat(flicker(new Color(255, 150, 150), new Color(190, 190, 190)))
        .as("no saturated red")
        .isEmpty();
    assertThat(flicker(new Color(60, 0, 0), new Color(0, 60, 60))).as("by 14, to 0").isEmpty();
    assertThat(flicker(new Color(255, 0, 0), new Color(249, 0, 0))).as("by 16").isEmpty();
    assertThat(flicker(new Color(255, 0, 0), new Color(245, 0, 0))).as("by 28").isPresent();
  }

  @Test
  void aFlashInTheMiddleOfALongVideoIsFound() {
    var limits = new FlashLimits();
    for (int i = 0; i < 300; i++) {
      assertThat(limits.see(BLACK, i * 100L)).isEmpty();
    }
    Optional<Violation> found = Optional.empty();
    for (int i = 0; found.isEmpty() && i < 20; i++) {
      found = limits.see(i % 2 == 0 ? WHITE : BLACK, 30_000 + i * 50L);
    }
    assertThat(found).contains(new Violation("general flash", 30_300));
  }
}
