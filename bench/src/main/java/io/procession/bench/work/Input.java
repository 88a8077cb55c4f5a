package io.procession.bench.work;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Generates what the work is done on: the same on every machine. */
public final class Input {

  /** The environment variable that tells peers where it is. */
  public static final String VARIABLE = "BENCH_INPUT";

  private static final int VOCABULARY = 5_000;
  private static final int STATIONS = 400;
  private static final int LINE_BYTES = 70;

  private Input() {}

  /** Where a peer finds it. */
  static Path directory() {
    return Path.of(System.getenv().getOrDefault(VARIABLE, "bench/target/input"));
  }

  /** Writes all of it, unless it is there. */
  public static void generate(Path directory) throws IOException {
    var done = directory.resolve("done");
    if (!Files.exists(done)) {
      Files.createDirectories(directory);
      for (var number = 0; number < Texts.COUNT; number++) {
        text(directory.resolve(Texts.name(number)), new Random(number));
      }
      rows(directory.resolve(Rows.NAME), new Random(1));
      for (var number = 0; number < Images.COUNT; number++) {
        image(directory.resolve(Images.name(number)), new Random(number));
      }
      Files.createFile(done);
    }
  }

  /** Few words are frequent, most are rare, as in a language. */
  private static void text(Path file, Random random) throws IOException {
    var text = new StringBuilder();
    var lineStart = 0;
    while (text.length() < Texts.FILE_BYTES - 1) {
      var rank = (int) Math.pow(VOCABULARY, random.nextDouble());
      text.append(Integer.toString(rank * 7919, 26).replaceAll("\\d", "e"));
      if (text.length() - lineStart > LINE_BYTES) {
        text.append('\n');
        lineStart = text.length();
      } else {
        text.append(' ');
      }
    }
    text.setLength(Texts.FILE_BYTES - 1);
    Files.writeString(file, text.append('\n'));
  }

  private static void rows(Path file, Random random) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (var row = 0; row < Rows.COUNT; row++) {
        var tenths = random.nextInt(-999, 1000);
        out.write("Station " + random.nextInt(STATIONS) + ";" + (tenths < 0 ? "-" : ""));
        out.write(Math.abs(tenths) / 10 + "." + Math.abs(tenths) % 10 + "\n");
      }
    }
  }

  private static void image(Path file, Random random) throws IOException {
    var image = new BufferedImage(1200, 900, BufferedImage.TYPE_INT_RGB);
    var graphics = image.createGraphics();
    for (var circle = 0; circle < 300; circle++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillOval(
          random.nextInt(1200), random.nextInt(900), random.nextInt(300), random.nextInt(300));
    }
    graphics.dispose();
    ImageIO.write(image, "jpeg", file.toFile());
  }
}
