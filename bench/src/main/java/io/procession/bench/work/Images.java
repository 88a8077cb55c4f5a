package io.procession.bench.work;

import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Scales a folder of images down to thumbnails. */
public final class Images {

  /** How many there are. */
  public static final int COUNT = 16;

  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  private Images() {}

  static String name(int number) {
    return "image-%02d.jpeg".formatted(number);
  }

  /** All files. */
  public static List<File> files() {
    return IntStream.range(0, COUNT)
        .mapToObj(number -> Input.directory().resolve(name(number)).toFile())
        .toList();
  }

  /** The thumbnail, as JPEG. */
  public static byte[] scale(File file) throws IOException {
    ImageIO.setUseCache(false);
    var image = ImageIO.read(file);
    var small = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    var graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, WIDTH, HEIGHT, null);
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(small, "jpeg", bytes);
    return bytes.toByteArray();
  }
}
