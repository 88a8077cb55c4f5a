import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.procession.*;
import java.lang.foreign.*;
import java.nio.channels.FileChannel;

// The least, mean and greatest temperature of each station, from a file of lines like Oslo;-3.1.
// The file is divided at line ends; each worker maps its part into memory, and sends nothing but
// the table that it makes of it. Compared with the same in one thread and in some, and with the
// obvious program, which checks the result.
//
//   OneBillionRows make <rows> <file>      writes such a file; 1000000000 rows are 14 GB
//   OneBillionRows <file>

record Part(long start, long end) {}

/** Temperatures are in tenths of a degree. */
record Station(int min, int max, long sum, long count) {

  static Station of(int value) {
    return new Station(value, value, value, 1);
  }

  Station and(Station other) {
    return new Station(
        Math.min(min, other.min), Math.max(max, other.max), sum + other.sum, count + other.count);
  }

  @Override
  public String toString() {
    return min / 10.0 + "/" + Math.round((double) sum / count) / 10.0 + "/" + max / 10.0;
  }
}

/** A station while its lines are read. */
static final class Tally {
  final MemorySegment name;
  int min = Integer.MAX_VALUE;
  int max = Integer.MIN_VALUE;
  long sum;
  long count;

  Tally(MemorySegment name) {
    this.name = name;
  }

  void add(int value) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count++;
  }
}

Map<String, Station> measure(Path file, Part part) throws IOException {
  try (var channel = FileChannel.open(file);
      var arena = Arena.ofConfined()) {
    long size = part.end - part.start;
    var text = channel.map(FileChannel.MapMode.READ_ONLY, part.start, size, arena);
    var table = new Tally[1 << 15];
    int stations = 0;
    for (long start = 0, end; start < size; start = end + 1) {
      end = find('\n', text, start, size);
      long semicolon = find(';', text, start, end);
      int slot = hash(text, start, semicolon) & table.length - 1;
      while (table[slot] != null && differ(table[slot].name, text, start, semicolon)) {
        slot = slot + 1 & table.length - 1;
      }
      if (table[slot] == null) {
        table[slot] = new Tally(text.asSlice(start, semicolon - start));
        if (++stations > 10_000) {
          throw new IOException("there are more stations than expected. stations=" + stations);
        }
      }
      try {
        table[slot].add(tenths(text, semicolon + 1, end));
      } catch (NumberFormatException e) {
        throw new IOException(
            "a line is not like Oslo;-3.1. position=%d line=%s"
                .formatted(part.start + start, string(text.asSlice(start, end - start))));
      }
    }
    var stationsByName = new HashMap<String, Station>();
    for (var tally : table) {
      if (tally != null) {
        var station = new Station(tally.min, tally.max, tally.sum, tally.count);
        stationsByName.put(string(tally.name), station);
      }
    }
    return stationsByName;
  }
}

long find(char letter, MemorySegment text, long from, long to) {
  while (from < to && text.get(JAVA_BYTE, from) != letter) {
    from++;
  }
  return from;
}

int hash(MemorySegment text, long from, long to) {
  int hash = 0;
  for (long i = from; i < to; i++) {
    hash = 31 * hash + text.get(JAVA_BYTE, i);
  }
  return hash ^ hash >>> 15;
}

boolean differ(MemorySegment name, MemorySegment text, long from, long to) {
  return MemorySegment.mismatch(name, 0, name.byteSize(), text, from, to) >= 0;
}

/** A number with one digit after the point. */
int tenths(MemorySegment text, long from, long to) {
  boolean negative = from < to && text.get(JAVA_BYTE, from) == '-';
  int value = 0;
  for (long i = negative ? from + 1 : from; i < to; i++) {
    int digit = text.get(JAVA_BYTE, i) - '0';
    if (digit >= 0 && digit <= 9 && i != to - 2) {
      value = 10 * value + digit;
    } else if (digit != '.' - '0' || i != to - 2) {
      throw new NumberFormatException();
    }
  }
  if (to - from < 3 || value > 999) {
    throw new NumberFormatException();
  }
  return negative ? -value : value;
}

String string(MemorySegment text) {
  return new String(text.toArray(JAVA_BYTE), UTF_8);
}

/** Parts of whole lines, of much the same size. */
List<Part> divide(Path file, int atLeast) throws IOException {
  var parts = new ArrayList<Part>();
  try (var in = new RandomAccessFile(file.toFile(), "r")) {
    long size = in.length();
    long length = Math.clamp(size / atLeast, 1, 64 << 20);
    for (long start = 0; start < size; start = in.getFilePointer()) {
      in.seek(Math.min(size, start + length - 1));
      for (int read; (read = in.read()) >= 0 && read != '\n'; ) {}
      parts.add(new Part(start, in.getFilePointer()));
    }
  }
  return parts;
}

Map<String, Station> combine(List<Map<String, Station>> tables) {
  var all = new TreeMap<String, Station>();
  tables.forEach(table -> table.forEach((name, station) -> all.merge(name, station, Station::and)));
  return all;
}

Map<String, Station> obvious(Path file) throws IOException {
  var all = new TreeMap<String, Station>();
  try (var lines = Files.lines(file)) {
    lines.forEach(line -> {
      var cells = line.split(";");
      int value = (int) Math.round(Double.parseDouble(cells[1]) * 10);
      all.merge(cells[0], Station.of(value), Station::and);
    });
  }
  return all;
}

void make(long rows, Path file) throws IOException {
  var stations =
      List.of("Accra", "Bergen", "Córdoba", "Đà Nẵng", "Gjoa Haven", "Oslo", "Ürümqi", "Ōsaka");
  var random = new SplittableRandom(rows);
  try (var out = Files.newBufferedWriter(file)) {
    for (long row = 0; row < rows; row++) {
      int number = random.nextInt(400);
      var station = stations.get(number % stations.size());
      long value = Math.round((number % 50 - 15 + 8 * random.nextGaussian()) * 10);
      out.append(station).append(number < 8 ? "" : " " + number / 8).append(';');
      out.append(value < 0 ? "-" : "").append(String.valueOf(Math.abs(value) / 10));
      out.append('.').append((char) ('0' + Math.abs(value) % 10)).append('\n');
    }
  }
}

/** Says how long it took, and whether it gives what the one before gave. */
Map<String, Station> time(
    String way, Map<String, Station> before, Callable<List<Map<String, Station>>> run)
    throws Exception {
  long start = System.nanoTime();
  var stations = combine(run.call());
  double seconds = (System.nanoTime() - start) / 1e9;
  long rows = stations.values().stream().mapToLong(Station::count).sum();
  IO.println(
      "%-20s %8.3f s %,14.0f rows per second%s"
          .formatted(
              way,
              seconds,
              rows / seconds,
              before == null || before.equals(stations) ? "" : ", but WRONG"));
  return stations;
}

void compare(Path file) throws Exception {
  int workers = Runtime.getRuntime().availableProcessors();
  var parts = divide(file, 4 * workers);
  Callable<List<Map<String, Station>>> serially =
      () -> {
        var tables = new ArrayList<Map<String, Station>>();
        for (var part : parts) {
          tables.add(measure(file, part));
        }
        return tables;
      };
  var stations = time("one thread", null, serially);
  try (var threads = Executors.newFixedThreadPool(workers)) {
    Callable<List<Map<String, Station>>> inThreads =
        () -> {
          var tasks = parts.stream().map(part -> threads.submit(() -> measure(file, part)));
          var tables = new ArrayList<Map<String, Station>>();
          for (var task : tasks.toList()) {
            tables.add(task.get());
          }
          return tables;
        };
    stations = time(workers + " threads", stations, inThreads);
  }
  try (var pool = Pool.ofProcesses(workers)) {
    pool.map(n -> n, IntStream.range(0, workers)); // the workers are up before the clock starts
    Callable<List<Map<String, Station>>> inProcesses =
        () -> pool.withChunkSize(1).map(part -> measure(file, part), parts);
    stations = time(workers + " processes", stations, inProcesses);
  }
  stations = time("the obvious program", stations, () -> List.of(obvious(file)));
  stations.forEach((name, station) -> IO.println(name + "=" + station));
}

void main(String[] arguments) throws Exception {
  try {
    if (arguments.length == 1) {
      compare(Path.of(arguments[0]).toAbsolutePath());
    } else if (arguments.length == 3
        && String.join(" ", arguments).matches("make [1-9][0-9]{0,10} .+")) {
      make(Long.parseLong(arguments[1]), Path.of(arguments[2]));
    } else {
      System.err.println("usage: OneBillionRows make <rows> <file>, then OneBillionRows <file>");
      System.exit(2);
    }
  } catch (IOException e) {
    System.err.println("OneBillionRows: " + e);
    System.exit(1);
  }
}
