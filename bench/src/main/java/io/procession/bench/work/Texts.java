package io.procession.bench.work;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.stream.IntStream;

/** Counts over a folder of texts, one file at a time. */
public final class Texts {

  static final int COUNT = 32;
  static final int FILE_BYTES = 512 << 10;

  /** Of all files together. */
  public static final int BYTES = COUNT * FILE_BYTES;

  private Texts() {}

  static String name(int number) {
    return "text-%02d.txt".formatted(number);
  }

  /** All files. */
  public static List<File> files() {
    return IntStream.range(0, COUNT)
        .mapToObj(number -> Input.directory().resolve(name(number)).toFile())
        .toList();
  }

  /** How often each word is in the file. */
  public static Map<String, Integer> words(File file) throws IOException {
    var counts = new HashMap<String, Integer>();
    var words = new StringTokenizer(Files.readString(file.toPath()));
    while (words.hasMoreTokens()) {
      counts.merge(words.nextToken(), 1, Integer::sum);
    }
    return counts;
  }

  /** The counts of several files together. */
  public static Map<String, Integer> sum(List<Map<String, Integer>> parts) {
    var sum = new HashMap<String, Integer>();
    for (var part : parts) {
      part.forEach((word, count) -> sum.merge(word, count, Integer::sum));
    }
    return sum;
  }

  /** How many lines the file has. */
  public static int lines(File file) throws IOException {
    var lines = 0;
    for (var character : Files.readAllBytes(file.toPath())) {
      if (character == '\n') {
        lines++;
      }
    }
    return lines;
  }
}
