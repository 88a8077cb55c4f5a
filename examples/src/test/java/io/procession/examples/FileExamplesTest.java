package io.procession.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NoLeaks
class FileExamplesTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void mapReduceWords(Way way) throws Exception {
    Files.writeString(directory.resolve("one"), "The cat’s the cat, isn't it?\nTHE end 'quoted'");
    var deeper = Files.createDirectories(directory.resolve("deeper"));
    Files.writeString(deeper.resolve("two.txt"), "Überall das End-End cat's\r\n");
    Files.write(deeper.resolve("not UTF-8"), new byte[] {'i', 't', (byte) 0xFF, 'i', 't', 0});
    Files.writeString(deeper.resolve("empty"), "");
    Files.writeString(directory.resolve("big"), "many of a word\n".repeat(50_000), UTF_8);

    var lines = way.run("MapReduceWords", directory.toString()).lines();

    assertThat(lines)
        .containsSubsequence(
            "    50000 a",
            "    50000 many",
            "    50000 of",
            "    50000 word",
            "        3 end",
            "        3 it",
            "        3 the",
            "        2 cat's",
            "        1 cat",
            "        1 das",
            "        1 isn't",
            "        1 quoted",
            "        1 überall",
            "   200016 words, 13 different, in 5 files, as in the serial run");
    assertThat(lines.getLast()).matches("speed-up +\\d+\\.\\d+");
  }

  @Test
  void onlyTheMostFrequentWordsAreListed() throws Exception {
    Files.writeString(directory.resolve("text"), "a b c d e f g h i j k l m n o p q r s t u v w a");

    var lines = Way.COMPILED.run("MapReduceWords", directory.toString()).lines();

    assertThat(lines).hasSize(20 + 4).startsWith("        2 a").doesNotContain("        1 u");
  }

  @Test
  void aTextThatCannotBeReadSpoilsNothing() throws Exception {
    Files.writeString(directory.resolve("text"), "word");
    var missing = directory.resolve("missing").toString();

    var outcome =
        Way.COMPILED.program("MapReduceWords").arguments(directory.toString(), missing).run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.lines())
        .contains("        1 words, 1 different, in 1 files, as in the serial run");
    assertThat(outcome.errorLines())
        .filteredOn(line -> line.startsWith("not counted: "))
        .singleElement()
        .asString()
        .startsWith("not counted: " + missing + ": java.nio.file.NoSuchFile");
  }

  private Path folderOfPictures() throws Exception {
    var folder = Files.createDirectories(directory.resolve("pictures"));
    for (var name : List.of("a.png", "b.jpg", "c.bmp", "d.gif", "E.PNG")) {
      var picture = new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB);
      var graphics = picture.createGraphics();
      graphics.setColor(Color.WHITE);
      graphics.fillRect(30, 0, 30, 40);
      graphics.dispose();
      ImageIO.write(picture, name.substring(2), folder.resolve(name).toFile());
    }
    Files.writeString(folder.resolve("notes.txt"), "no picture, and not called one");
    return folder;
  }

  @ParameterizedTest
  @EnumSource
  void imageBatchBlurs(Way way) throws Exception {
    var blurred = directory.resolve("blurred");

    var lines =
        way.run("ImageBatch", "blur", "5", folderOfPictures().toString(), blurred.toString())
            .lines();

    assertThat(lines).hasSize(4).startsWith("5 of 5 pictures converted, the same serially");
    assertThat(blurred.toFile().list())
        .containsExactlyInAnyOrder("a.png", "b.jpg", "c.bmp", "d.gif", "E.PNG");
    var picture = ImageIO.read(blurred.resolve("a.png").toFile());
    assertThat(List.of(picture.getWidth(), picture.getHeight())).containsExactly(60, 40);
    for (int y : List.of(0, 20, 39)) { // also at the border
      assertThat(picture.getRGB(2, y) & 255).isEqualTo(0);
      assertThat(picture.getRGB(28, y) & 255).isBetween(32, 127);
      assertThat(picture.getRGB(31, y) & 255).isBetween(128, 223);
      assertThat(picture.getRGB(57, y) & 255).isGreaterThan(250);
    }
  }

  @Test
  void imageBatchScales() throws Exception {
    var small = directory.resolve("new/small");

    Way.COMPILED.run("ImageBatch", "scale", "10", folderOfPictures().toString(), small.toString());

    var picture = ImageIO.read(small.resolve("b.jpg").toFile());
    assertThat(List.of(picture.getWidth(), picture.getHeight())).containsExactly(6, 4);
    assertThat(picture.getRGB(1, 1) & 255).isLessThan(32);
    assertThat(picture.getRGB(4, 1) & 255).isGreaterThan(224);
  }

  @Test
  void whatIsTransparentStaysSo() throws Exception {
    var folder = Files.createDirectories(directory.resolve("pictures"));
    var half = new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 40 * 40; i++) {
      half.setRGB(i % 40, i / 40, 0x80FF0000);
    }
    ImageIO.write(half, "png", folder.resolve("half.png").toFile());
    var blurred = directory.resolve("blurred");

    Way.COMPILED.run("ImageBatch", "blur", "5", folder.toString(), blurred.toString());

    var argb = ImageIO.read(blurred.resolve("half.png").toFile()).getRGB(1, 1);
    assertThat(argb >>> 24).isBetween(0x7C, 0x84);
    assertThat(argb >> 16 & 255).isGreaterThan(0xF0);
  }

  @Test
  void aBrokenPictureSpoilsNothing() throws Exception {
    var folder = folderOfPictures();
    var text = Files.writeString(folder.resolve("text.png"), "no picture");
    var whole = Files.readAllBytes(folder.resolve("a.png"));
    var cut = Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(whole, 60));
    var converted = directory.resolve("converted");

    var outcome =
        Way.SCRIPT
            .program("ImageBatch")
            .arguments("scale", "50", folder.toString(), converted.toString())
            .run();

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.lines()).first().isEqualTo("5 of 7 pictures converted, the same serially");
    assertThat(outcome.errorLines())
        .filteredOn(line -> line.startsWith("not converted: "))
        .hasSize(2)
        .anyMatch(line -> line.startsWith("not converted: " + text + ": "))
        .anyMatch(line -> line.startsWith("not converted: " + cut + ": "));
    assertThat(converted.toFile().list()).hasSize(5);
  }

  @Test
  void wrongArgumentsAreAnsweredWithASentence() throws Exception {
    var folder = folderOfPictures().toString();
    for (var wrong :
        List.of(
            List.of("MapReduceWords"),
            List.of("ImageBatch"),
            List.of("ImageBatch", "rotate", "1", folder, directory + "/new"),
            List.of("ImageBatch", "scale", "0", folder, directory + "/new"),
            List.of("ImageBatch", "scale", "50", directory + "/missing", directory + "/new"),
            List.of("ImageBatch", "scale", "50", folder, folder))) {
      var arguments = wrong.subList(1, wrong.size()).toArray(String[]::new);
      var outcome = Way.COMPILED.program(wrong.getFirst()).arguments(arguments).run();

      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
      assertThat(outcome.errors()).containsAnyOf("usage: ", "must be another");
      assertThat(outcome.errors()).doesNotContain("Exception");
      assertThat(outcome.output()).isEmpty();
    }
  }
}
