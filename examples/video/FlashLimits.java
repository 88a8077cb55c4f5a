package video;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Optional;

/**
 * The limits of WCAG 2.3.1, "three flashes or below threshold". A flash is a pair of opposing
 * changes
 *
 * <ul>
 *   <li>of the relative luminance, by 0.1 or more, where the darker state is below 0.8: a general
 *       flash; or
 *   <li>of red, (R - G - B) x 320 and 0 where that is negative, by more than 20, from or to a
 *       saturated red, R / (R + G + B) >= 0.8: a red flash.
 * </ul>
 *
 * More than three of a kind in any second break the limit if they cover more than a quarter of any
 * 10 degrees of the field of view.
 *
 * <p>Simplified is this. The video is taken to fill a screen of 1024 x 768, on which 10 degrees are
 * a rectangle of 341 x 256, a third of either side. It is looked at as 192 x 144 places, each the
 * mean of its pixels, so that what flickers more finely evens out. The area is that of the places
 * that each flash too often, at the same time: a light that jumps about is not found.
 *
 * @see <a href="https://www.w3.org/TR/WCAG22/#three-flashes-or-below-threshold">WCAG 2.2</a>
 */
public final class FlashLimits {

  /** What was broken first, and when. */
  public record Violation(String limit, long millis) {}

  private static final int COLUMNS = 192;
  private static final int ROWS = 144;
  private static final int FIELD_COLUMNS = COLUMNS / 3;
  private static final int FIELD_ROWS = ROWS / 3;
  private static final int MAX_AREA = FIELD_COLUMNS * FIELD_ROWS / 4;

  /** From the 256 values of sRGB to light. */
  private static final float[] LIGHT = new float[256];

  static {
    for (int i = 0; i < LIGHT.length; i++) {
      double value = i / 255.0;
      LIGHT[i] =
          (float) (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
    }
  }

  private final Flicker luminance = new Flicker(COLUMNS * ROWS, 0.1f);
  private final Flicker redness = new Flicker(COLUMNS * ROWS, Math.nextUp(20f));

  /** For each place, how many of those above and to the left of it flash too often. */
  private final int[][] sums = new int[ROWS + 1][COLUMNS + 1];

  /** Looks at the next picture, of type {@code INT_RGB}. */
  public Optional<Violation> see(BufferedImage picture, long millis) {
    var pixels = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    int width = picture.getWidth();
    int height = picture.getHeight();
    for (int row = 0; row < ROWS; row++) {
      int top = row * height / ROWS;
      int bottom = Math.max(top + 1, (row + 1) * height / ROWS);
      for (int column = 0; column < COLUMNS; column++) {
        int left = column * width / COLUMNS;
        int right = Math.max(left + 1, (column + 1) * width / COLUMNS);
        float red = 0;
        float green = 0;
        float blue = 0;
        for (int y = top; y < bottom; y++) {
          for (int x = left; x < right; x++) {
            int pixel = pixels[y * width + x];
            red += LIGHT[pixel >> 16 & 255];
            green += LIGHT[pixel >> 8 & 255];
            blue += LIGHT[pixel & 255];
          }
        }
        int count = (bottom - top) * (right - left);
        see(row * COLUMNS + column, red / count, green / count, blue / count, millis);
      }
    }
    if (coversTooMuch(luminance, millis)) {
      return Optional.of(new Violation("general flash", millis));
    }
    if (coversTooMuch(redness, millis)) {
      return Optional.of(new Violation("red flash", millis));
    }
    return Optional.empty();
  }

  private void see(int place, float red, float green, float blue, long millis) {
    float light = 0.2126f * red + 0.7152f * green + 0.0722f * blue;
    luminance.see(place, light, light < 0.8f, millis);
    boolean saturated = red > 0 && red >= 0.8f * (red + green + blue);
    redness.see(place, Math.max(0, red - green - blue) * 320, saturated, millis);
  }

  private boolean coversTooMuch(Flicker flicker, long millis) {
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        int own = flicker.tooOften(row * COLUMNS + column, millis) ? 1 : 0;
        sums[row + 1][column + 1] =
            own + sums[row][column + 1] + sums[row + 1][column] - sums[row][column];
      }
    }
    if (sums[ROWS][COLUMNS] <= MAX_AREA) {
      return false;
    }
    for (int top = 0; top + FIELD_ROWS <= ROWS; top++) {
      for (int left = 0; left + FIELD_COLUMNS <= COLUMNS; left++) {
        int bottom = top + FIELD_ROWS;
        int right = left + FIELD_COLUMNS;
        if (sums[bottom][right] - sums[top][right] - sums[bottom][left] + sums[top][left]
            > MAX_AREA) {
          return true;
        }
      }
    }
    return false;
  }
}
