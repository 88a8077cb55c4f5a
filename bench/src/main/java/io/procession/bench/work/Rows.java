package io.procession.bench.work;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Least, mean and most by station of a large file of rows such as {@code Hamburg;12.3}. */
public final class Rows {

  /** How many rows there are. */
  public static final int COUNT = 1_000_000;

  static final String NAME = "rows.txt";

  private static final int PARTS = 16;

  /**
   * What is known of one station, in tenths.
   *
   * @param least the least value
   * @param most the largest
   * @param sum of all
   * @param count of all
   */
  public record Station(int least, int most, long sum, int count) implements Serializable {

    Station and(Station other) {
      return new Station(
          Math.min(least, other.least),
          Math.max(most, other.most),
          sum + other.sum,
          count + other.count);
    }
  }

  /**
   * A range of bytes of a file; the lines that begin in it count.
   *
   * @param from the first
   * @param to one after the last
   */
  public record Part(File file, long from, long to) implements Serializable {}

  private Rows() {}

  /** The whole file in parts. */
  public static List<Part> parts() {
    var file = Input.directory().resolve(NAME).toFile();
    var bytes = file.length();
    return LongStream.range(0, PARTS)
        .mapToObj(part -> new Part(file, bytes * part / PARTS, bytes * (part + 1) / PARTS))
        .toList();
  }

  /** The stations of one part. */
  public static Map<String, Station> byStation(Part part) throws IOException {
    var stations = new HashMap<String, Station>();
    for (var line : text(part).split("\n", -1)) {
      var semicolon = line.indexOf(';');
      if (semicolon > 0) {
        var tenths = Integer.parseInt(line.substring(semicolon + 1).replace(".", ""));
        stations.merge(
            line.substring(0, semicolon), new Station(tenths, tenths, tenths, 1), Station::and);
      }
    }
    return stations;
  }

  /** From the first line that begins in the part to the end of the last one that does. */
  private static String text(Part part) throws IOException {
    try (var file = new RandomAccessFile(part.file(), "r")) {
      var from = lineStart(file, part.from());
      var to = lineStart(file, part.to());
      var bytes = new byte[(int) (to - from)];
      file.getChannel().map(MapMode.READ_ONLY, from, bytes.length).get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static long lineStart(RandomAccessFile file, long place) throws IOException {
    if (place == 0) {
      return 0;
    }
    file.seek(place - 1);
    var character = 0;
    do {
      character = file.read();
    } while (character != '\n' && character >= 0);
    return file.getFilePointer();
  }

  /** The stations of all parts together. */
  public static Map<String, Station> sum(List<Map<String, Station>> parts) {
    var sum = new HashMap<String, Station>();
    for (var part : parts) {
      part.forEach((name, station) -> sum.merge(name, station, Station::and));
    }
    return sum;
  }
}
